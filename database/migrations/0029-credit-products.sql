-- migrate:up

-- The product by which any amount of credits in a currency is sold: a line of it is worth what it costs.
CREATE TABLE credit_products (
  currency text CONSTRAINT credit_products_pkey PRIMARY KEY CONSTRAINT credit_products_currency CHECK (currency ~ '^[A-Z]{3}$'),
  product_id integer NOT NULL CONSTRAINT credit_products_product_id_key UNIQUE CONSTRAINT credit_products_product_id_fkey REFERENCES products
);
CREATE TRIGGER credit_products_kept BEFORE UPDATE OR DELETE ON credit_products FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TABLE credit_products;

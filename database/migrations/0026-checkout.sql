-- migrate:up

-- An order made by a checkout has bookings of several events, goods and shipping; one made by a booking has that booking alone.
ALTER TABLE orders
  -- The checkout that made it: a commit whose reply was lost is found by it. Null: a booking made it.
  ADD COLUMN request_id uuid,
  ADD COLUMN shipping_address jsonb,
  ADD COLUMN shipping_total numeric(14,3) NOT NULL DEFAULT 0 CONSTRAINT orders_shipping_total CHECK (shipping_total >= 0),
  -- The tax that its prices do not include: lines of a checkout have tax rules of their own.
  ADD COLUMN added_tax numeric(14,3),
  -- What credits have paid or will pay of the total.
  ADD COLUMN credits_applied numeric(14,3) NOT NULL DEFAULT 0,
  ADD COLUMN fulfillment_status text NOT NULL DEFAULT 'none'
    CONSTRAINT orders_fulfillment_status CHECK (fulfillment_status IN ('none', 'unfulfilled', 'partial', 'fulfilled')),
  ADD COLUMN discount_id integer CONSTRAINT orders_discount_id_fkey REFERENCES discounts,
  ADD COLUMN note text,
  ADD COLUMN terms_accepted_at timestamptz,
  -- Until when an unpaid checkout holds what it has.
  ADD COLUMN expires_at timestamptz,
  ALTER COLUMN tax_rate DROP NOT NULL,
  DROP CONSTRAINT orders_sums,
  DROP CONSTRAINT orders_total;
ALTER TABLE orders
  ADD CONSTRAINT orders_sums CHECK (total = subtotal - discount + shipping_total
    + CASE WHEN request_id IS NOT NULL THEN added_tax WHEN is_tax_inclusive THEN 0 ELSE tax END),
  ADD CONSTRAINT orders_total CHECK (total >= 0 AND (subtotal > 0 OR request_id IS NOT NULL)),
  ADD CONSTRAINT orders_credits_applied CHECK (credits_applied BETWEEN 0 AND total),
  ADD CONSTRAINT orders_tax_rate_known CHECK (tax_rate IS NOT NULL OR request_id IS NOT NULL),
  ADD CONSTRAINT orders_checkout CHECK (CASE WHEN request_id IS NULL
    THEN shipping_address IS NULL AND shipping_total = 0 AND added_tax IS NULL AND discount_id IS NULL AND expires_at IS NULL
    ELSE booking_id IS NULL AND event_id IS NULL AND added_tax >= 0
      AND (status NOT IN ('pending', 'processing') OR expires_at IS NOT NULL) END);
CREATE UNIQUE INDEX orders_request_id_key ON orders (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX orders_expires_at_idx ON orders (expires_at) WHERE status IN ('pending', 'processing') AND request_id IS NOT NULL;
CREATE INDEX orders_unfulfilled_idx ON orders (id) WHERE fulfillment_status IN ('unfulfilled', 'partial');
CREATE TRIGGER orders_checkout_kept BEFORE UPDATE OF request_id, shipping_total, added_tax, credits_applied, discount_id ON orders
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Orders and bookings stay for ever and are written by one transaction, so there are no foreign keys between them: a check would cost
-- each booking of a sale, and most have no checkout.
ALTER TABLE bookings
  ADD COLUMN order_id integer,
  DROP CONSTRAINT bookings_discount;
ALTER TABLE bookings
  ADD CONSTRAINT bookings_discount CHECK (discount_amount = 0 OR discount_id IS NOT NULL OR order_id IS NOT NULL),
  -- The order has the code, not each of its bookings.
  ADD CONSTRAINT bookings_discount_of_order CHECK (order_id IS NULL OR discount_id IS NULL);
CREATE INDEX bookings_order_id_idx ON bookings (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX bookings_event_id_order_id_idx ON bookings (event_id, order_id) WHERE order_id IS NOT NULL;
CREATE TRIGGER bookings_order_kept BEFORE UPDATE OF order_id ON bookings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The id of an item within its order is its position. What follows is null for the items of an order that a booking made.
ALTER TABLE order_items
  ADD COLUMN kind text NOT NULL DEFAULT 'ticket' CONSTRAINT order_items_kind CHECK (kind IN ('ticket', 'product', 'shipping')),
  ADD COLUMN product_id integer,
  ADD COLUMN booking_id integer,
  -- Who gets the money: the organizer of the event or product; null for shipping.
  ADD COLUMN seller_id integer,
  ADD COLUMN sku text,
  ADD COLUMN product_type text CONSTRAINT order_items_product_type CHECK (product_type IN ('physical', 'digital', 'license', 'credit')),
  ADD COLUMN tax_rate numeric(6,3),
  ADD COLUMN is_tax_inclusive boolean,
  ADD COLUMN total numeric(14,3),
  ADD CONSTRAINT order_items_product CHECK ((kind = 'product') = (product_id IS NOT NULL) AND (kind = 'product') = (product_type IS NOT NULL)),
  ADD CONSTRAINT order_items_priced CHECK (total IS NULL AND kind = 'ticket' AND booking_id IS NULL
    OR total = quantity * unit_price - discount + CASE WHEN is_tax_inclusive THEN 0 ELSE tax END
      AND tax_rate IS NOT NULL AND is_tax_inclusive IS NOT NULL AND (kind = 'ticket') = (booking_id IS NOT NULL)
      AND (kind = 'shipping') = (seller_id IS NULL));
CREATE INDEX order_items_seller_id_idx ON order_items (seller_id, order_id) WHERE seller_id IS NOT NULL;

-- The claim of an order on units of a product, as a booking is one on tickets.
CREATE TABLE product_claims (
  order_id integer NOT NULL,
  position smallint NOT NULL,
  product_id integer NOT NULL,
  quantity integer NOT NULL CONSTRAINT product_claims_quantity CHECK (quantity > 0),
  status text NOT NULL CONSTRAINT product_claims_status CHECK (status IN ('held', 'sold', 'released')),
  -- Units that came back and can be sold again.
  restocked integer NOT NULL DEFAULT 0 CONSTRAINT product_claims_restocked CHECK (restocked BETWEEN 0 AND quantity),
  CONSTRAINT product_claims_pkey PRIMARY KEY (order_id, position),
  CONSTRAINT product_claims_item_fkey FOREIGN KEY (order_id, position) REFERENCES order_items
);
CREATE INDEX product_claims_product_id_idx ON product_claims (product_id, order_id);
CREATE TRIGGER product_claims_kept BEFORE DELETE ON product_claims FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER product_claims_unchanged BEFORE UPDATE OF order_id, position, product_id, quantity ON product_claims
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Counters, as for bookings: one statement's claims are summed, and each inventory row is written at most once per statement.
CREATE FUNCTION count_inserted_product_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE product_inventory i SET held = i.held + d.held, sold = i.sold + d.sold
  FROM (SELECT product_id,
               coalesce(sum(quantity) FILTER (WHERE status = 'held'), 0) AS held,
               coalesce(sum(quantity - restocked) FILTER (WHERE status = 'sold'), 0) AS sold
        FROM added GROUP BY product_id) d
  WHERE i.product_id = ANY (ARRAY(SELECT DISTINCT product_id FROM added)) AND i.product_id = d.product_id AND (d.held <> 0 OR d.sold <> 0);
  RETURN NULL;
END $$;
CREATE FUNCTION count_updated_product_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE product_inventory i SET held = i.held + d.held, sold = i.sold + d.sold
  FROM (SELECT product_id,
               coalesce(sum(sign * quantity) FILTER (WHERE status = 'held'), 0) AS held,
               coalesce(sum(sign * (quantity - restocked)) FILTER (WHERE status = 'sold'), 0) AS sold
        FROM (SELECT product_id, quantity, restocked, status, 1 AS sign FROM added
              UNION ALL SELECT product_id, quantity, restocked, status, -1 FROM removed) c
        GROUP BY product_id) d
  WHERE i.product_id = ANY (ARRAY(SELECT DISTINCT product_id FROM added)) AND i.product_id = d.product_id AND (d.held <> 0 OR d.sold <> 0);
  RETURN NULL;
END $$;
CREATE TRIGGER product_claims_count_inserted AFTER INSERT ON product_claims REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_product_claims();
CREATE TRIGGER product_claims_count_updated AFTER UPDATE ON product_claims REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_updated_product_claims();

-- A checkout is one use of its code, however many bookings it makes; it is given back when the order ends.
CREATE TABLE order_discounts (
  order_id integer CONSTRAINT order_discounts_pkey PRIMARY KEY CONSTRAINT order_discounts_order_id_fkey REFERENCES orders,
  discount_id integer NOT NULL CONSTRAINT order_discounts_discount_id_fkey REFERENCES discounts,
  user_id integer NOT NULL,
  is_active boolean NOT NULL DEFAULT true
);
CREATE INDEX order_discounts_discount_id_idx ON order_discounts (discount_id, user_id) WHERE is_active;
CREATE TRIGGER order_discounts_kept BEFORE DELETE ON order_discounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE OR REPLACE FUNCTION count_discounts(ids integer[], users integer[], moves bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  overused record;
BEGIN
  PERFORM FROM discounts WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
  UPDATE discounts d SET used_count = d.used_count + m.move
  FROM (SELECT id, sum(move) AS move FROM unnest(ids, moves) AS m(id, move) GROUP BY id) m
  WHERE d.id = m.id AND m.move <> 0;

  SELECT d.id, m.user_id INTO overused
  FROM unnest(ids, users, moves) AS m(id, user_id, move) JOIN discounts d ON d.id = m.id
  WHERE m.move > 0 AND d.max_uses_per_user < (
    SELECT count(*) FROM bookings b
    WHERE b.discount_id = d.id AND b.user_id = m.user_id AND b.status IN ('pending', 'confirmed')) + (
    SELECT count(*) FROM order_discounts u WHERE u.discount_id = d.id AND u.user_id = m.user_id AND u.is_active)
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'user % has discount % too often', overused.user_id, overused.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'discounts_not_overused_by_user', TABLE = 'discounts';
  END IF;
END $$;
CREATE FUNCTION count_order_discounts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids integer[];
  users integer[];
  moves bigint[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(discount_id), array_agg(user_id), array_agg(1) INTO ids, users, moves FROM added WHERE is_active;
  ELSE
    SELECT array_agg(a.discount_id), array_agg(a.user_id), array_agg(CASE WHEN a.is_active THEN 1 ELSE -1 END) INTO ids, users, moves
    FROM added a JOIN removed r USING (order_id) WHERE a.is_active <> r.is_active;
  END IF;
  IF ids IS NOT NULL THEN PERFORM count_discounts(ids, users, moves); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER order_discounts_redeem_inserted AFTER INSERT ON order_discounts REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_order_discounts();
CREATE TRIGGER order_discounts_redeem_updated AFTER UPDATE ON order_discounts REFERENCING OLD TABLE AS removed NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION count_order_discounts();

-- What was refunded of the lines of an order. Amounts include the tax; the money itself is in refunds.
CREATE TABLE order_item_refunds (
  id integer GENERATED BY DEFAULT AS IDENTITY CONSTRAINT order_item_refunds_pkey PRIMARY KEY,
  order_id integer NOT NULL,
  position smallint NOT NULL,
  quantity integer NOT NULL CONSTRAINT order_item_refunds_quantity CHECK (quantity > 0),
  amount numeric(14,3) NOT NULL CONSTRAINT order_item_refunds_amount CHECK (amount >= 0),
  is_restocked boolean NOT NULL DEFAULT false,
  requested_by integer CONSTRAINT order_item_refunds_requested_by_fkey REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT order_item_refunds_item_fkey FOREIGN KEY (order_id, position) REFERENCES order_items
);
CREATE INDEX order_item_refunds_item_idx ON order_item_refunds (order_id, position);
CREATE INDEX order_item_refunds_requested_by_idx ON order_item_refunds (requested_by) WHERE requested_by IS NOT NULL;
CREATE TRIGGER order_item_refunds_kept BEFORE UPDATE OR DELETE ON order_item_refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- No more is refunded than was bought. The order is locked by whoever refunds.
CREATE FUNCTION check_order_item_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  item record;
  refunded record;
BEGIN
  SELECT quantity, total INTO STRICT item FROM order_items WHERE order_id = NEW.order_id AND position = NEW.position;
  SELECT sum(quantity) AS quantity, sum(amount) AS amount INTO refunded
  FROM order_item_refunds WHERE order_id = NEW.order_id AND position = NEW.position;
  IF refunded.quantity > item.quantity OR refunded.amount > item.total THEN
    RAISE EXCEPTION 'item % of order % is refunded more often than it was bought', NEW.position, NEW.order_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'order_item_refunds_within_item', TABLE = 'order_item_refunds';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER order_item_refunds_within_item AFTER INSERT ON order_item_refunds FOR EACH ROW EXECUTE FUNCTION check_order_item_refund();

-- Whose money an entry is about, where an order has several sellers or events; null: of the order's only event.
ALTER TABLE ledger_entries
  ADD COLUMN seller_id integer,
  ADD COLUMN event_id integer,
  ADD COLUMN product_id integer;
CREATE INDEX ledger_entries_event_id_idx ON ledger_entries (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX ledger_entries_seller_id_idx ON ledger_entries (seller_id) WHERE seller_id IS NOT NULL;

-- migrate:down
ALTER TABLE ledger_entries DROP COLUMN seller_id, DROP COLUMN event_id, DROP COLUMN product_id;
DROP TABLE order_item_refunds;
DROP FUNCTION check_order_item_refund;
UPDATE discounts d SET used_count = used_count - u.count
FROM (SELECT discount_id, count(*) FROM order_discounts WHERE is_active GROUP BY discount_id) u WHERE u.discount_id = d.id;
DROP TABLE order_discounts, product_claims;
DROP FUNCTION count_order_discounts, count_inserted_product_claims, count_updated_product_claims;
CREATE OR REPLACE FUNCTION count_discounts(ids integer[], users integer[], moves bigint[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  overused record;
BEGIN
  PERFORM FROM discounts WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
  UPDATE discounts d SET used_count = d.used_count + m.move
  FROM (SELECT id, sum(move) AS move FROM unnest(ids, moves) AS m(id, move) GROUP BY id) m
  WHERE d.id = m.id AND m.move <> 0;

  SELECT d.id, m.user_id INTO overused
  FROM unnest(ids, users, moves) AS m(id, user_id, move) JOIN discounts d ON d.id = m.id
  WHERE m.move > 0 AND d.max_uses_per_user < (
    SELECT count(*) FROM bookings b
    WHERE b.discount_id = d.id AND b.user_id = m.user_id AND b.status IN ('pending', 'confirmed'))
  LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'user % has discount % too often', overused.user_id, overused.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'discounts_not_overused_by_user', TABLE = 'discounts';
  END IF;
END $$;
ALTER TABLE order_items DROP COLUMN kind, DROP COLUMN product_id, DROP COLUMN booking_id, DROP COLUMN seller_id, DROP COLUMN sku,
  DROP COLUMN product_type, DROP COLUMN tax_rate, DROP COLUMN is_tax_inclusive, DROP COLUMN total;
DROP TRIGGER bookings_order_kept ON bookings;
ALTER TABLE bookings DROP COLUMN order_id;
ALTER TABLE bookings ADD CONSTRAINT bookings_discount CHECK (discount_amount = 0 OR discount_id IS NOT NULL) NOT VALID;
DROP TRIGGER orders_checkout_kept ON orders;
-- What was written meanwhile stays.
ALTER TABLE orders DISABLE TRIGGER orders_sold_kept;
UPDATE orders SET tax_rate = 0 WHERE tax_rate IS NULL;
ALTER TABLE orders ENABLE TRIGGER orders_sold_kept;
ALTER TABLE orders DROP CONSTRAINT orders_sums, DROP CONSTRAINT orders_total, DROP CONSTRAINT orders_credits_applied,
  DROP COLUMN request_id, DROP COLUMN shipping_address, DROP COLUMN shipping_total, DROP COLUMN added_tax, DROP COLUMN credits_applied,
  DROP COLUMN fulfillment_status, DROP COLUMN discount_id, DROP COLUMN note, DROP COLUMN terms_accepted_at, DROP COLUMN expires_at,
  ALTER COLUMN tax_rate SET NOT NULL;
ALTER TABLE orders
  ADD CONSTRAINT orders_sums CHECK (total = subtotal - discount + CASE WHEN is_tax_inclusive THEN 0 ELSE tax END) NOT VALID,
  ADD CONSTRAINT orders_total CHECK (total >= 0 AND subtotal > 0) NOT VALID;

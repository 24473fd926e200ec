-- migrate:up

-- To whom the invoice goes, as the customer has said before paying; from then on it stays, as what was sold does.
ALTER TABLE orders ADD COLUMN billing_address jsonb;
CREATE TRIGGER orders_billing_address_kept BEFORE UPDATE OF billing_address ON orders FOR EACH ROW
  WHEN (OLD.paid_at IS NOT NULL AND NEW.billing_address IS DISTINCT FROM OLD.billing_address) EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TRIGGER orders_billing_address_kept ON orders;
ALTER TABLE orders DROP COLUMN billing_address;

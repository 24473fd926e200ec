-- migrate:up

-- Credits may come to pay all of an order that nothing else has paid, also of one that a booking made.
DROP TRIGGER orders_checkout_kept ON orders;
CREATE TRIGGER orders_checkout_kept BEFORE UPDATE OF request_id, shipping_total, added_tax, discount_id ON orders
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER orders_credits_kept BEFORE UPDATE OF credits_applied ON orders FOR EACH ROW
  WHEN (OLD.payment_id IS NOT NULL OR OLD.status <> 'paid' OR OLD.credits_applied = OLD.total OR NEW.credits_applied <> NEW.total)
  EXECUTE FUNCTION refuse_change();

-- migrate:down
DROP TRIGGER orders_credits_kept ON orders;
DROP TRIGGER orders_checkout_kept ON orders;
CREATE TRIGGER orders_checkout_kept BEFORE UPDATE OF request_id, shipping_total, added_tax, credits_applied, discount_id ON orders
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- migrate:up

-- A customer who lets an order of goods expire, or gives it up, has kept others from buying them, as with tickets. Goods without a
-- limited stock keep nobody from anything, and of an order with bookings these count already.
CREATE FUNCTION note_abandoned_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO abandoned_holds (user_id, ip)
  SELECT NEW.user_id, (SELECT s.ip FROM sessions s WHERE s.user_id = NEW.user_id ORDER BY s.last_used_at DESC LIMIT 1)
  WHERE NOT EXISTS (SELECT FROM bookings b WHERE b.order_id = NEW.id) AND EXISTS (
    SELECT FROM product_claims c JOIN product_inventory i ON i.product_id = c.product_id WHERE c.order_id = NEW.id AND i.stock IS NOT NULL);
  RETURN NULL;
END $$;
CREATE TRIGGER orders_note_abandoned AFTER UPDATE OF status ON orders FOR EACH ROW
  WHEN (NEW.request_id IS NOT NULL AND OLD.status IN ('pending', 'processing') AND NEW.status IN ('cancelled', 'expired'))
  EXECUTE FUNCTION note_abandoned_order();

-- migrate:down
DROP TRIGGER orders_note_abandoned ON orders;
DROP FUNCTION note_abandoned_order;

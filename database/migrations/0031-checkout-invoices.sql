-- migrate:up

-- Each seller of a checkout issues an invoice of its own.
ALTER TABLE invoices DROP CONSTRAINT invoices_order_id_key,
  ADD CONSTRAINT invoices_order_id_seller_id_key UNIQUE (order_id, seller_id);

DROP TRIGGER orders_paid_request_invoice ON orders;
DROP TRIGGER orders_paid_at_once_request_invoice ON orders;
CREATE TRIGGER orders_paid_at_once_request_invoice AFTER INSERT ON orders FOR EACH ROW
  WHEN (NEW.paid_at IS NOT NULL AND (NEW.event_id IS NOT NULL OR NEW.request_id IS NOT NULL AND NEW.subtotal > 0)) EXECUTE FUNCTION request_invoice();
CREATE TRIGGER orders_paid_request_invoice AFTER UPDATE OF paid_at ON orders FOR EACH ROW
  WHEN (OLD.paid_at IS NULL AND NEW.paid_at IS NOT NULL AND (NEW.event_id IS NOT NULL OR NEW.request_id IS NOT NULL AND NEW.subtotal > 0))
  EXECUTE FUNCTION request_invoice();
INSERT INTO invoices_due SELECT id FROM orders WHERE paid_at IS NOT NULL AND request_id IS NOT NULL AND subtotal > 0;

-- migrate:down
DELETE FROM invoices_due d USING orders o WHERE o.id = d.order_id AND o.request_id IS NOT NULL;
DROP TRIGGER orders_paid_request_invoice ON orders;
DROP TRIGGER orders_paid_at_once_request_invoice ON orders;
CREATE TRIGGER orders_paid_at_once_request_invoice AFTER INSERT ON orders FOR EACH ROW
  WHEN (NEW.paid_at IS NOT NULL AND NEW.event_id IS NOT NULL) EXECUTE FUNCTION request_invoice();
CREATE TRIGGER orders_paid_request_invoice AFTER UPDATE OF paid_at ON orders FOR EACH ROW
  WHEN (OLD.paid_at IS NULL AND NEW.paid_at IS NOT NULL AND NEW.event_id IS NOT NULL) EXECUTE FUNCTION request_invoice();
-- What was issued meanwhile stays, so an order may have several.
ALTER TABLE invoices DROP CONSTRAINT invoices_order_id_seller_id_key;
CREATE INDEX invoices_order_id_key ON invoices (order_id);

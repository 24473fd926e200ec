-- migrate:up

-- A refund goes back to where the money came from, or becomes credits. What credits have paid has no payment, but belongs to the order.
ALTER TABLE refunds
  ADD COLUMN is_to_credits boolean NOT NULL DEFAULT false,
  ADD COLUMN order_id integer CONSTRAINT refunds_order_id_fkey REFERENCES orders,
  ALTER COLUMN payment_id DROP NOT NULL,
  ADD CONSTRAINT refunds_subject CHECK ((payment_id IS NULL) = (order_id IS NOT NULL)),
  -- No provider takes part, so it succeeds at once.
  ADD CONSTRAINT refunds_to_credits CHECK (CASE WHEN is_to_credits THEN status = 'succeeded' ELSE payment_id IS NOT NULL END);
CREATE INDEX refunds_order_id_idx ON refunds (order_id, id) WHERE order_id IS NOT NULL;

-- The part of `refunded` that the provider knows nothing of.
ALTER TABLE payments ADD COLUMN refunded_to_credits numeric(14,3) NOT NULL DEFAULT 0,
  ADD CONSTRAINT payments_refunded_to_credits CHECK (refunded_to_credits BETWEEN 0 AND refunded);

CREATE OR REPLACE FUNCTION count_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'failed' THEN
      UPDATE payments
      SET refunded = refunded + NEW.amount,
          refunded_to_credits = refunded_to_credits + CASE WHEN NEW.is_to_credits THEN NEW.amount ELSE 0 END
      WHERE id = NEW.payment_id;
    END IF;
  ELSIF OLD.status <> 'failed' AND NEW.status = 'failed' THEN
    UPDATE payments SET refunded = refunded - NEW.amount WHERE id = NEW.payment_id;
  ELSIF OLD.status <> NEW.status AND OLD.status <> 'pending' THEN
    RAISE EXCEPTION 'refund % can not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_transition';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER refunds_asked_kept ON refunds;
CREATE TRIGGER refunds_asked_kept BEFORE UPDATE OF payment_id, order_id, amount, currency, is_to_credits, idempotency_key ON refunds
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Until now, the entries of credits were the only record of what went back to them.
INSERT INTO refunds (order_id, amount, currency, status, cause, reason, is_to_credits, created_at, succeeded_at)
SELECT order_id, amount, currency, 'succeeded', CASE reason WHEN 'The booking was cancelled.' THEN 'cancellation' ELSE 'request' END,
  reason, true, created_at, created_at
FROM credit_entries
WHERE kind = 'refund' AND order_id IS NOT NULL
ORDER BY id;

-- migrate:down
CREATE OR REPLACE FUNCTION count_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'failed' THEN
      UPDATE payments SET refunded = refunded + NEW.amount WHERE id = NEW.payment_id;
    END IF;
  ELSIF OLD.status <> 'failed' AND NEW.status = 'failed' THEN
    UPDATE payments SET refunded = refunded - NEW.amount WHERE id = NEW.payment_id;
  ELSIF OLD.status <> NEW.status AND OLD.status <> 'pending' THEN
    RAISE EXCEPTION 'refund % can not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_transition';
  END IF;
  RETURN NULL;
END $$;
DROP TRIGGER refunds_asked_kept ON refunds;
CREATE TRIGGER refunds_asked_kept BEFORE UPDATE OF payment_id, amount, currency, idempotency_key ON refunds
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE payments DROP COLUMN refunded_to_credits;
-- What has no payment is still in the entries of credits.
DROP TRIGGER refunds_kept ON refunds;
DELETE FROM refunds WHERE payment_id IS NULL;
CREATE TRIGGER refunds_kept BEFORE DELETE ON refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE refunds
  DROP CONSTRAINT refunds_to_credits,
  DROP CONSTRAINT refunds_subject,
  DROP COLUMN order_id,
  DROP COLUMN is_to_credits,
  ALTER COLUMN payment_id SET NOT NULL;

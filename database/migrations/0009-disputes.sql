-- migrate:up

-- What a discount takes off whole has an order too: of nothing, and paid at once.
ALTER TABLE orders DROP CONSTRAINT orders_total;
ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total >= 0 AND subtotal > 0);
ALTER TABLE orders ADD CONSTRAINT orders_free_at_once CHECK (total > 0 OR status IN ('paid', 'cancelled'));

-- disputes is what banks have taken back, or hold until a dispute is decided.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind, DROP CONSTRAINT ledger_entries_account;
ALTER TABLE ledger_entries
  ADD CONSTRAINT ledger_entries_kind CHECK (kind IN ('capture', 'refund', 'refund_paid', 'refund_failed', 'dispute', 'dispute_reversed')),
  ADD CONSTRAINT ledger_entries_account CHECK (account ~ '^(sales|tax|refunds_due|disputes|provider:[a-z]+)$');

-- A dispute that is won gives the order back the status that its booking and its refunds say.
CREATE OR REPLACE FUNCTION check_order_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.status = ANY (CASE OLD.status
    WHEN 'pending' THEN ARRAY['processing', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'processing' THEN ARRAY['pending', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'paid' THEN ARRAY['partially_refunded', 'refunded', 'cancelled', 'disputed']
    WHEN 'partially_refunded' THEN ARRAY['refunded', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'refunded' THEN ARRAY['partially_refunded', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'cancelled' THEN ARRAY['refunded', 'partially_refunded', 'disputed']
    WHEN 'expired' THEN ARRAY['paid', 'cancelled', 'refunded', 'partially_refunded', 'disputed']
    WHEN 'disputed' THEN ARRAY['paid', 'cancelled', 'refunded', 'partially_refunded']
    ELSE ARRAY[]::text[] END) THEN
    RAISE EXCEPTION 'order % can not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_transition';
  END IF;
  RETURN NEW;
END $$;

-- migrate:down
CREATE OR REPLACE FUNCTION check_order_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.status = ANY (CASE OLD.status
    WHEN 'pending' THEN ARRAY['processing', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'processing' THEN ARRAY['pending', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'paid' THEN ARRAY['partially_refunded', 'refunded', 'cancelled', 'disputed']
    WHEN 'partially_refunded' THEN ARRAY['refunded', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'refunded' THEN ARRAY['partially_refunded', 'paid', 'cancelled', 'expired', 'disputed']
    WHEN 'cancelled' THEN ARRAY['refunded', 'partially_refunded', 'disputed']
    WHEN 'expired' THEN ARRAY['paid', 'cancelled', 'refunded', 'partially_refunded', 'disputed']
    ELSE ARRAY[]::text[] END) THEN
    RAISE EXCEPTION 'order % can not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_transition';
  END IF;
  RETURN NEW;
END $$;

-- What was written meanwhile stays.
ALTER TABLE ledger_entries DROP CONSTRAINT ledger_entries_kind, DROP CONSTRAINT ledger_entries_account;
ALTER TABLE ledger_entries
  ADD CONSTRAINT ledger_entries_kind CHECK (kind IN ('capture', 'refund', 'refund_paid', 'refund_failed')) NOT VALID,
  ADD CONSTRAINT ledger_entries_account CHECK (account ~ '^(sales|tax|refunds_due|provider:[a-z]+)$') NOT VALID;
ALTER TABLE orders DROP CONSTRAINT orders_free_at_once, DROP CONSTRAINT orders_total;
ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total > 0) NOT VALID;

-- migrate:up

-- Who sells, as it stands on invoices.
CREATE TABLE billing_profiles (
  user_id integer CONSTRAINT billing_profiles_pkey PRIMARY KEY CONSTRAINT billing_profiles_user_id_fkey REFERENCES users ON DELETE CASCADE,
  name text,
  address text,
  vat_id text,
  email text,
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- The last number that a seller has given out in a year. Who issues invoices locks it, so numbers have no gaps.
CREATE TABLE invoice_counters (
  seller_id integer NOT NULL CONSTRAINT invoice_counters_seller_id_fkey REFERENCES users,
  year smallint NOT NULL,
  last_number integer NOT NULL CONSTRAINT invoice_counters_last_number CHECK (last_number > 0),
  CONSTRAINT invoice_counters_pkey PRIMARY KEY (seller_id, year)
);

-- What is on an invoice stays as it was when it was issued, whatever becomes of event, seller and customer.
CREATE TABLE invoices (
  id integer GENERATED ALWAYS AS IDENTITY CONSTRAINT invoices_pkey PRIMARY KEY,
  order_id integer NOT NULL CONSTRAINT invoices_order_id_key UNIQUE CONSTRAINT invoices_order_id_fkey REFERENCES orders,
  seller_id integer NOT NULL CONSTRAINT invoices_seller_id_fkey REFERENCES users,
  year smallint NOT NULL,
  number integer NOT NULL CONSTRAINT invoices_number CHECK (number > 0),
  document jsonb NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invoices_number_key UNIQUE (seller_id, year, number)
);
CREATE TRIGGER invoices_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON invoices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Paid orders that have no invoice yet: put here by triggers in the transaction of the payment, taken out by who issues the invoice.
CREATE TABLE invoices_due (
  order_id integer CONSTRAINT invoices_due_pkey PRIMARY KEY CONSTRAINT invoices_due_order_id_fkey REFERENCES orders
);
CREATE FUNCTION request_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO invoices_due VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER orders_paid_at_once_request_invoice AFTER INSERT ON orders FOR EACH ROW
  WHEN (NEW.paid_at IS NOT NULL AND NEW.event_id IS NOT NULL) EXECUTE FUNCTION request_invoice();
CREATE TRIGGER orders_paid_request_invoice AFTER UPDATE OF paid_at ON orders FOR EACH ROW
  WHEN (OLD.paid_at IS NULL AND NEW.paid_at IS NOT NULL AND NEW.event_id IS NOT NULL) EXECUTE FUNCTION request_invoice();
INSERT INTO invoices_due SELECT id FROM orders WHERE paid_at IS NOT NULL AND event_id IS NOT NULL;

-- What banks take back counts as refunded from now on: add what has been counted without it.
INSERT INTO analytics_revenues AS a (organizer_id, slot, event_id, currency, refunded)
SELECT s.organizer_id, s.slot, s.event_id, s.currency, sum(s.amount)
FROM (SELECT e.organizer_id, o.event_id, date_bin('15 minutes', l.created_at, 'epoch') AS slot, l.currency, l.amount
      FROM ledger_entries l JOIN orders o ON o.id = l.order_id JOIN events e ON e.id = o.event_id CROSS JOIN analytics_progress p
      WHERE l.account = 'disputes' AND l.created_at < p.counted_until
      UNION ALL
      SELECT 0, 0, date_bin('15 minutes', l.created_at, 'epoch'), l.currency, l.amount
      FROM ledger_entries l CROSS JOIN analytics_progress p
      WHERE l.account = 'disputes' AND l.created_at < p.counted_until) s
GROUP BY s.organizer_id, s.slot, s.event_id, s.currency
ON CONFLICT (organizer_id, slot, event_id, currency) DO UPDATE SET refunded = a.refunded + excluded.refunded;

-- migrate:down
DROP TRIGGER orders_paid_request_invoice ON orders;
DROP TRIGGER orders_paid_at_once_request_invoice ON orders;
DROP FUNCTION request_invoice;
DROP TABLE invoices_due, invoices, invoice_counters, billing_profiles;
UPDATE analytics_revenues a SET refunded = a.refunded - d.amount
FROM (SELECT e.organizer_id, o.event_id, date_bin('15 minutes', l.created_at, 'epoch') AS slot, l.currency, sum(l.amount) AS amount
      FROM ledger_entries l JOIN orders o ON o.id = l.order_id JOIN events e ON e.id = o.event_id CROSS JOIN analytics_progress p
      WHERE l.account = 'disputes' AND l.created_at < p.counted_until
      GROUP BY 1, 2, 3, 4
      UNION ALL
      SELECT 0, 0, date_bin('15 minutes', l.created_at, 'epoch'), l.currency, sum(l.amount)
      FROM ledger_entries l CROSS JOIN analytics_progress p
      WHERE l.account = 'disputes' AND l.created_at < p.counted_until
      GROUP BY 3, 4) d
WHERE (a.organizer_id, a.event_id, a.slot, a.currency) = (d.organizer_id, d.event_id, d.slot, d.currency);

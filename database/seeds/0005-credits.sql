-- Credits of the demo customer: some were given and expire, some were given for good.
CREATE TEMPORARY TABLE present ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('credit_entries', 'id'))::integer AS id, gen_random_uuid() AS transaction_id, u.id AS user_id, p.*
FROM (VALUES
  ('EUR', 15.00, 'The second act was cut short', now() + interval '60 days', now() - interval '20 days'),
  ('EUR', 40.00, 'Second prize in the raffle', NULL, now() - interval '8 days'),
  ('GBP', 10.00, 'Welcome', now() + interval '5 days', now() - interval '2 days')
) AS p (currency, amount, reason, expires_at, at)
JOIN users u ON u.email = 'customer@bilten.example';

INSERT INTO credit_entries (id, user_id, currency, kind, amount, reason, expires_at, created_at)
SELECT id, user_id, currency, 'grant', amount, reason, expires_at, at FROM present;

INSERT INTO credit_lots (user_id, currency, entry_id, is_granted, amount, remaining, expires_at)
SELECT user_id, currency, id, true, amount, amount, expires_at FROM present;

INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, credit_entry_id, created_at)
SELECT p.transaction_id, 'credit_grant', l.account, l.amount, p.currency, p.id, p.at
FROM present p CROSS JOIN LATERAL (VALUES ('promotions', p.amount), ('provider:credits', -p.amount)) AS l (account, amount);

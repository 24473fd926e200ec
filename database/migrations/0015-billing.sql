-- migrate:up

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

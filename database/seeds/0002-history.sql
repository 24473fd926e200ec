-- The last sixty days of the demo events: customers, bookings, orders, refunds, and their ledger entries.
-- Nothing is random, so that two databases created on the same day are equal.

-- Returns a number from 0 to 1, always the same for the same text.
CREATE FUNCTION pg_temp.chance(text) RETURNS double precision LANGUAGE sql IMMUTABLE
  RETURN ('x' || substr(md5($1), 1, 8))::bit(32)::bigint / 4294967296.0;

-- Returns ten letters and digits, without those that look alike.
CREATE FUNCTION pg_temp.code(text) RETURNS text LANGUAGE sql IMMUTABLE
  RETURN translate(substr(md5($1), 1, 10), '0123456789abcdef', '34679CDFGHJKMNPQ');

INSERT INTO users (email, password_hash, first_name, last_name, role, email_verified_at, created_at, updated_at, access_changed_at)
SELECT 'guest' || to_char(n, 'FM000') || '@bilten.example', '$2b$12$B.HU3HAwOkNCWZIlEvChw.5h4wLktMQuH8yDhBPqZ4bIE8ULACslG',
       'Demo', 'Guest ' || n, 'customer', at, at, at, at
FROM generate_series(1, 400) n
CROSS JOIN LATERAL (SELECT now() - 90 * pg_temp.chance('guest ' || n) * interval '1 day' AS at) registered;

CREATE TEMPORARY TABLE past ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- organizer, title, days ago, local start, minutes, time zone, category, venue, price, currency, capacity, description
  ('organizer', 'String quartet at noon', 46, time '12:30', 60, 'Europe/Berlin', 'music', 'St. Agnes', 14.00, 'EUR', 120, 'An hour of Haydn instead of lunch.'),
  ('club', 'Letterpress for two hands', 34, time '10:00', 300, 'Europe/Lisbon', 'workshop', 'Oficina da Rua', 55.00, 'EUR', 40, 'Set it, ink it, take it home still wet.'),
  ('organizer', 'Twelfth Night', 25, time '19:30', 150, 'Europe/London', 'theatre', 'The Old Foundry', 26.00, 'GBP', 340, 'Yellow stockings, cross-gartered.'),
  ('club', 'Quiz night in the tram depot', 16, time '20:00', 180, 'Europe/Lisbon', 'community', 'Carris depot', 6.00, 'EUR', 160, 'Teams of up to six; the tram leaves at midnight.')
) AS show (organizer, title, days, local_start, minutes, timezone, category, venue_name, price, currency, capacity, description);

INSERT INTO events (organizer_id, title, description, category, venue_name, starts_at, ends_at, timezone, base_price, currency, status,
                    min_price, max_price, published_at, completed_at, created_at)
SELECT u.id, p.title, p.description, p.category, p.venue_name, at.starts_at, at.starts_at + p.minutes * interval '1 minute', p.timezone,
       p.price, p.currency, 'completed', p.price, p.price, now() - interval '75 days', at.starts_at + p.minutes * interval '1 minute',
       now() - interval '75 days'
FROM past p
JOIN users u ON u.email = p.organizer || '@bilten.example'
CROSS JOIN LATERAL (SELECT (current_date - p.days + p.local_start) AT TIME ZONE p.timezone AS starts_at) at
ORDER BY p.days;

INSERT INTO event_inventory (event_id, capacity) SELECT e.id, p.capacity FROM past p JOIN events e USING (title) ORDER BY e.id;
WITH type AS (
  INSERT INTO ticket_types (event_id, name, price, is_default)
  SELECT e.id, 'General admission', e.base_price, true FROM past p JOIN events e USING (title) ORDER BY e.id RETURNING id
)
INSERT INTO ticket_type_inventory (ticket_type_id) SELECT id FROM type;

-- The approximate number of bookings per day: more each week, and most at weekends. The examples in the API documentation reduce the capacity of the first event.
CREATE TEMPORARY TABLE pace ON COMMIT DROP AS
SELECT e.id AS event_id, per_day
FROM (VALUES
  ('Winter Voices: a cappella by candlelight', 0.5),
  ('Repair café: bring it broken, take it home whole', 0.4),
  ('PostgreSQL from the inside: a day of workshops', 1.9),
  ('Sunday run along the river, 10 km', 2.2),
  ('The Tempest', 2.6),
  ('Night market: thirty kitchens, one square', 3.8),
  ('Silent film, live score: Metropolis', 2.0),
  ('Tokyo jazz exchange', 0.5),
  ('Open-air opera: The Magic Flute', 3.1),
  ('Summer chess, blindfold and otherwise', 0.3),
  ('String quartet at noon', 3.5),
  ('Letterpress for two hands', 0.8),
  ('Twelfth Night', 4.2),
  ('Quiz night in the tram depot', 1.7)
) AS pace (title, per_day) JOIN events e USING (title);

CREATE TEMPORARY TABLE wish ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY w.at, w.event_id, w.seed) AS number, w.seed, w.event_id, w.at, w.starts_at, w.currency, w.is_exclusive,
       t.id AS ticket_type_id, t.name, t.price,
       least(1 + floor(pg_temp.chance(w.seed || ' tickets') ^ 1.6 * 4), coalesce(t.max_per_booking, 10))::int AS tickets,
       CASE WHEN w.at > now() - interval '2 days' OR pg_temp.chance(w.seed || ' end') < 0.88 THEN 'confirmed'
            WHEN t.price = 0 OR pg_temp.chance(w.seed || ' end') < 0.96 THEN 'cancelled' ELSE 'expired' END AS status
FROM (
  SELECT e.id AS event_id, e.starts_at, e.currency, NOT e.allow_multiple_bookings AS is_exclusive, e.id || ' ' || day || ' ' || n AS seed,
         morning + (CASE day WHEN 0 THEN now() - morning ELSE interval '23 hours 30 minutes' END)
                   * pg_temp.chance(e.id || ' ' || day || ' ' || n || ' at') ^ 0.6 AS at
  FROM pace p
  JOIN events e ON e.id = p.event_id
  CROSS JOIN generate_series(0, 59) day
  CROSS JOIN LATERAL (SELECT date_trunc('day', now()) - day * interval '1 day' AS morning) d
  CROSS JOIN generate_series(1, floor(
    p.per_day * (0.5 + (59 - day) / 59.0) * (ARRAY[0.8, 0.7, 0.8, 0.9, 1.2, 1.5, 1.3])[extract(isodow FROM morning)::int]
      * (0.75 + 0.4 * pg_temp.chance('day ' || day)) * (CASE day WHEN 0 THEN extract(epoch FROM now() - morning) / 86400 ELSE 1 END)
      + pg_temp.chance(p.event_id || ' ' || day))::int) n
) w
CROSS JOIN LATERAL (
  SELECT * FROM ticket_types WHERE event_id = w.event_id AND deleted_at IS NULL ORDER BY pg_temp.chance(w.seed || ' ' || id) LIMIT 1
) t
WHERE w.at < least(now(), w.starts_at - interval '2 hours');

-- Fills events partly, so that some tickets are left. Nobody books the same event twice.
CREATE TEMPORARY TABLE sold ON COMMIT DROP AS
SELECT w.*, pg_temp.code('booking ' || w.seed) AS reference, u.id AS user_id, w.tickets * w.price AS total,
       CASE WHEN w.price > 0 THEN least(now(), w.at + (1 + 7 * pg_temp.chance(w.seed || ' paid')) * interval '1 minute') ELSE w.at END AS paid_at,
       CASE w.status WHEN 'cancelled' THEN w.at + interval '10 minutes'
         + (least(now(), w.starts_at) - w.at - interval '10 minutes') * 0.95 * pg_temp.chance(w.seed || ' cancelled') END AS cancelled_at
FROM (
  SELECT *, row_number() OVER (PARTITION BY event_id ORDER BY number) AS place,
         sum(tickets) OVER (PARTITION BY event_id ORDER BY number) AS of_event,
         sum(tickets) OVER (PARTITION BY ticket_type_id ORDER BY number) AS of_type
  FROM wish
) w
JOIN event_inventory i ON i.event_id = w.event_id
JOIN ticket_type_inventory ti ON ti.ticket_type_id = w.ticket_type_id
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS seat FROM users WHERE email LIKE 'guest___@bilten.example') u
  ON u.seat = (w.place * 37 + w.event_id * 13) % 400
WHERE w.place <= 400 AND w.of_event <= coalesce(0.85 * i.capacity - i.sold - i.held, 10000) AND w.of_type <= coalesce(0.8 * ti.capacity - ti.sold - ti.held, 10000);

INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, created_at,
                      expires_at, confirmed_at, cancelled_at, expired_at)
SELECT reference, user_id, event_id, tickets, status, total, currency, is_exclusive, gen_random_uuid(), at,
       CASE WHEN total > 0 THEN at + interval '15 minutes' END,
       CASE WHEN status <> 'expired' THEN paid_at END, cancelled_at, CASE status WHEN 'expired' THEN at + interval '16 minutes' END
FROM sold ORDER BY number;

-- Numbered seats are sold best first; cancelled and expired bookings have no seats.
CREATE TEMPORARY TABLE place ON COMMIT DROP AS
SELECT id, ticket_type_id, row_number() OVER (PARTITION BY ticket_type_id ORDER BY section_rank, row_rank, position) AS rank
FROM seats s
WHERE NOT is_accessible AND companion_of IS NULL AND NOT EXISTS (SELECT FROM booking_seats t WHERE t.seat_id = s.id);

INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price, seat_ids)
SELECT b.id, s.ticket_type_id, s.tickets, s.price,
       (SELECT array_agg(p.id ORDER BY p.rank) FROM place p
        WHERE p.ticket_type_id = s.ticket_type_id AND p.rank > s.of_type - s.tickets AND p.rank <= s.of_type)
FROM sold s JOIN bookings b USING (reference) ORDER BY b.id;

UPDATE users u SET created_at = least(u.created_at, b.first - interval '5 minutes'), last_login_at = b.last
FROM (SELECT user_id, min(at) AS first, max(at) AS last FROM sold GROUP BY user_id) b WHERE b.user_id = u.id;

-- One in thirty of the larger bookings had one ticket refunded.
CREATE TEMPORARY TABLE sale_order ON COMMIT DROP AS
SELECT s.*, b.id AS booking_id, gen_random_uuid() AS capture_id, gen_random_uuid() AS refund_id, gen_random_uuid() AS payout_id,
       CASE WHEN s.status = 'cancelled' THEN s.total
            WHEN s.status = 'confirmed' AND s.tickets > 1 AND s.at < now() - interval '4 days' AND pg_temp.chance(s.seed || ' back') < 0.03 THEN s.price
            ELSE 0 END AS refund,
       coalesce(s.cancelled_at, s.paid_at + interval '1 day') AS refunded_at
FROM sold s JOIN bookings b USING (reference) WHERE s.total > 0;

INSERT INTO orders (order_number, user_id, event_id, booking_id, status, customer_name, customer_email, subtotal, discount, tax, total, tax_rate,
                    is_tax_inclusive, currency, created_at, paid_at, cancelled_at, expired_at, refunded_at, partially_refunded_at)
SELECT left(s.reference, 5) || '-' || right(s.reference, 5), s.user_id, s.event_id, s.booking_id,
       CASE WHEN s.status = 'expired' THEN 'expired' WHEN s.refund = s.total THEN 'refunded' WHEN s.refund > 0 THEN 'partially_refunded' ELSE 'paid' END,
       u.first_name || ' ' || u.last_name, u.email, s.total, 0, 0, s.total, 0, true, s.currency, s.at,
       CASE WHEN s.status <> 'expired' THEN s.paid_at END, s.cancelled_at, CASE s.status WHEN 'expired' THEN s.at + interval '16 minutes' END,
       CASE WHEN s.refund = s.total THEN s.refunded_at END, CASE WHEN s.refund > 0 AND s.refund < s.total THEN s.refunded_at END
FROM sale_order s JOIN users u ON u.id = s.user_id ORDER BY s.number;

INSERT INTO order_items (order_id, position, ticket_type_id, name, quantity, unit_price, discount, tax)
SELECT o.id, 1, s.ticket_type_id, s.name, s.tickets, s.price, 0, 0 FROM sale_order s JOIN orders o USING (booking_id) ORDER BY o.id;

INSERT INTO payments (order_id, provider, intent_id, idempotency_key, amount, currency, status, captured, created_at, succeeded_at, check_at)
SELECT o.id, 'sandbox', 'sbx_demo_' || o.id, s.capture_id, s.total, s.currency, 'succeeded', s.total, s.at, s.paid_at, NULL
FROM sale_order s JOIN orders o USING (booking_id) WHERE s.status <> 'expired' ORDER BY o.id;

INSERT INTO sandbox_intents (id, idempotency_key, amount, currency, status, captured, created_at)
SELECT p.intent_id, p.idempotency_key, p.amount, p.currency, p.status, p.captured, p.created_at
FROM payments p JOIN sale_order s ON s.capture_id = p.idempotency_key;

UPDATE orders o SET payment_id = p.id FROM payments p JOIN sale_order s ON s.capture_id = p.idempotency_key WHERE p.order_id = o.id;

INSERT INTO refunds (payment_id, amount, currency, status, cause, requested_by, idempotency_key, provider_refund_id, created_at, succeeded_at)
SELECT p.id, s.refund, s.currency, 'succeeded', CASE s.status WHEN 'cancelled' THEN 'cancellation' ELSE 'request' END,
       CASE WHEN s.status <> 'cancelled' THEN e.organizer_id END, s.refund_id, 'sbxr_demo_' || p.id, s.refunded_at, s.refunded_at
FROM sale_order s JOIN payments p ON p.idempotency_key = s.capture_id JOIN events e ON e.id = s.event_id WHERE s.refund > 0 ORDER BY p.id;

INSERT INTO sandbox_refunds (id, intent_id, idempotency_key, amount, created_at)
SELECT r.provider_refund_id, p.intent_id, r.idempotency_key, r.amount, r.created_at
FROM refunds r JOIN payments p ON p.id = r.payment_id JOIN sale_order s ON s.refund_id = r.idempotency_key;

INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id, created_at)
SELECT p.idempotency_key, 'capture', line.account, line.amount, p.currency, p.order_id, p.id, p.succeeded_at
FROM payments p
JOIN sale_order s ON s.capture_id = p.idempotency_key
CROSS JOIN LATERAL (VALUES ('provider:sandbox', p.captured), ('sales', -p.captured)) AS line (account, amount)
ORDER BY p.succeeded_at, p.id;

INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id, refund_id, created_at)
SELECT line.transaction_id, line.kind, line.account, line.amount, r.currency, p.order_id, p.id, r.id, r.created_at
FROM refunds r
JOIN payments p ON p.id = r.payment_id
JOIN sale_order s ON s.refund_id = r.idempotency_key
CROSS JOIN LATERAL (VALUES
  (s.refund_id, 'refund', 'sales', r.amount), (s.refund_id, 'refund', 'refunds_due', -r.amount),
  (s.payout_id, 'refund_paid', 'refunds_due', r.amount), (s.payout_id, 'refund_paid', 'provider:sandbox', -r.amount)
) AS line (transaction_id, kind, account, amount)
ORDER BY r.created_at, r.id;

-- The messages that follow from all of this are done.
INSERT INTO outbox_messages (topic, payload, status, attempts, created_at, queued_at, done_at)
SELECT topic, payload, 'done', 1, at, at, at
FROM (
  SELECT topic, jsonb_build_object('refundId', r.id) AS payload, r.created_at AS at
  FROM refunds r JOIN sale_order s ON s.refund_id = r.idempotency_key CROSS JOIN (VALUES ('refund.requested'), ('refund.sent')) AS sent (topic)
  UNION ALL
  SELECT 'payment.captured', jsonb_build_object('paymentId', p.id), p.succeeded_at
  FROM payments p JOIN sale_order s ON s.capture_id = p.idempotency_key WHERE p.created_at > now() - interval '2 days'
) followed
ORDER BY at, topic;

-- The integrity checks expect notifications for the bookings of the last days.
CREATE TEMPORARY TABLE told ON COMMIT DROP AS
SELECT nextval(pg_get_serial_sequence('outbox_messages', 'id')) AS id, b.id AS booking_id, b.user_id, b.event_id, b.confirmed_at, e.title
FROM sold s JOIN bookings b USING (reference) JOIN events e ON e.id = b.event_id WHERE b.created_at > now() - interval '2 days' ORDER BY b.id;

INSERT INTO outbox_messages (id, topic, payload, status, attempts, created_at, queued_at, done_at)
SELECT id, 'booking.confirmed', jsonb_build_object('bookingId', booking_id), 'done', 1, confirmed_at, confirmed_at, confirmed_at FROM told;
INSERT INTO message_effects (message_id, handler, created_at) SELECT id, 'email', confirmed_at FROM told;
INSERT INTO notifications (user_id, kind, title, body, event_id, booking_id, message_id, created_at)
SELECT user_id, 'booking.confirmed', title, 'Your booking is confirmed.', event_id, booking_id, id, confirmed_at FROM told;

-- Check-ins at past events.
UPDATE tickets t SET checked_in_at = e.starts_at - pg_temp.chance('door ' || t.id) * interval '40 minutes', checked_in_by = e.organizer_id
FROM events e JOIN past p USING (title)
WHERE t.event_id = e.id AND t.status = 'valid' AND pg_temp.chance('came ' || t.id) < 0.94;

UPDATE events e SET popularity = i.sold FROM event_inventory i WHERE i.event_id = e.id;

DROP FUNCTION pg_temp.chance(text), pg_temp.code(text);

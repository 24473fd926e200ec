-- Demo data for an empty database: accounts, a season of events relative to today, some bookings, and a waitlist for a sold-out event.
-- The password of every account is demo-tickets. None of them is an admin; `npm start` and `npm run admin` create admins.

INSERT INTO users (email, password_hash, first_name, last_name, role, timezone, email_verified_at)
SELECT email, '$2b$12$B.HU3HAwOkNCWZIlEvChw.5h4wLktMQuH8yDhBPqZ4bIE8ULACslG', first_name, last_name, role, timezone, now()
FROM (VALUES
  ('organizer@bilten.example', 'Demo', 'Organizer', 'organizer', 'Europe/Berlin'),
  ('club@bilten.example', 'Demo', 'Club', 'organizer', 'Europe/Lisbon'),
  ('customer@bilten.example', 'Demo', 'Customer', 'customer', 'Europe/London'),
  ('guest@bilten.example', 'Demo', 'Guest', 'customer', 'Asia/Tokyo'),
  ('student@bilten.example', 'Demo', 'Student', 'customer', 'Europe/Prague')
) AS account (email, first_name, last_name, role, timezone);

CREATE TEMPORARY TABLE season ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- organizer, title, days from today, local start, minutes, time zone, category, tags, venue, address, price, currency, capacity, status, description
  ('organizer', 'Winter Voices: a cappella by candlelight', 6, time '19:30', 110, 'Europe/Berlin', 'music', '{choir,classical}'::text[], 'St. Agnes', 'Alexandrinenstraße 118, Berlin', 24.00, 'EUR', 180, 'published', 'Eight voices, four centuries and not one microphone. Doors open at seven; seats are numbered.'),
  ('organizer', 'Repair café: bring it broken, take it home whole', 9, time '14:00', 240, 'Europe/Berlin', 'community', '{repair,free}', 'Werkhof Nord', 'Osloer Straße 12, Berlin', 0, 'EUR', 60, 'published', 'Volunteers with soldering irons, sewing machines and patience. One appliance a ticket, please.'),
  ('club', 'Fado in the cellar', 11, time '21:00', 150, 'Europe/Lisbon', 'music', '{fado,intimate}', 'Adega do Beco', 'Beco do Mexias 4, Lisboa', 18.50, 'EUR', 12, 'published', 'Twelve chairs, two guitars. Nobody talks while somebody sings.'),
  ('organizer', 'PostgreSQL from the inside: a day of workshops', 16, time '09:00', 510, 'Europe/Berlin', 'conference', '{databases,workshop}', 'Haus der Technik', 'Straße des 17. Juni 135, Berlin', 120.00, 'EUR', 220, 'published', 'Storage, planner and replication, taught by taking them apart. Lunch is included; bring a laptop.'),
  ('club', 'Sunday run along the river, 10 km', 20, time '08:00', 120, 'Europe/Lisbon', 'sport', '{running,free,outdoors}', 'Cais das Colunas', 'Praça do Comércio, Lisboa', 0, 'EUR', NULL, 'published', 'An easy pace, a tailwind if we are lucky, coffee at the end. As many as come may come.'),
  ('organizer', 'The Tempest', 27, time '20:00', 160, 'Europe/London', 'theatre', '{shakespeare,premiere}', 'The Old Foundry', '14 Foundry Lane, London', 32.00, 'GBP', 340, 'published', 'An island, a storm and a cast of nine. The first night has a talk with the company afterwards.'),
  ('organizer', 'Sketching for people who cannot draw', 33, time '18:30', 120, 'Europe/Berlin', 'workshop', '{art,beginners}', 'Atelier Süd', 'Gneisenaustraße 44, Berlin', 15.00, 'EUR', 24, 'published', 'Pencils and paper are there. The only rule: nobody says "I can''t".'),
  ('club', 'Night market: thirty kitchens, one square', 41, time '17:00', 360, 'Europe/Lisbon', 'food', '{street-food,outdoors}', 'Mercado da Ribeira', 'Avenida 24 de Julho, Lisboa', 5.00, 'EUR', 1500, 'published', 'From Goa to Galicia on paper plates. The ticket is your first plate.'),
  ('organizer', 'Silent film, live score: Metropolis', 55, time '19:00', 170, 'Europe/Berlin', 'film', '{cinema,live-music}', 'Filmtheater am Park', 'Parkallee 3, Berlin', 19.00, 'EUR', 410, 'published', 'The restored version with an orchestra of eleven and one very large drum.'),
  ('club', 'Tokyo jazz exchange', 68, time '19:30', 140, 'Asia/Tokyo', 'music', '{jazz}', 'Blue Crane', 'Shimokitazawa 2-14-8, Tokyo', 4500, 'JPY', 90, 'published', 'Two quartets who have only met by mail play each other''s tunes.'),
  ('organizer', 'Open-air opera: The Magic Flute', 96, time '20:30', 185, 'Europe/Berlin', 'music', '{opera,open-air}', 'Waldbühne am See', 'Seeuferweg 1, Potsdam', 45.00, 'EUR', 2400, 'published', 'Under the sky, rain or not: blankets are sold out faster than tickets.'),
  ('club', 'Summer chess, blindfold and otherwise', 124, time '16:00', 300, 'Europe/Lisbon', 'sport', '{chess,free}', 'Jardim da Estrela', 'Praça da Estrela, Lisboa', 0, 'EUR', 64, 'published', 'Thirty-two boards in the shade. A grandmaster plays eight of them at once without looking.'),
  ('organizer', 'Spring programme, still to be announced', 150, time '20:00', 120, 'Europe/Berlin', 'theatre', '{}', 'The Old Foundry', '14 Foundry Lane, London', 28.00, 'GBP', 340, 'draft', 'Nobody but its organizer sees this one yet.'),
  ('club', 'Harvest supper', -12, time '19:00', 210, 'Europe/Lisbon', 'food', '{supper}', 'Adega do Beco', 'Beco do Mexias 4, Lisboa', 0, 'EUR', 20, 'completed', 'One long table, everything from within ten kilometres.')
) AS show (organizer, title, days, local_start, minutes, timezone, category, tags, venue_name, venue_address, price, currency, capacity, status, description);

INSERT INTO events (organizer_id, title, description, category, tags, venue_name, venue_address, starts_at, ends_at, timezone,
                    base_price, currency, status, min_price, max_price, published_at, completed_at, created_at)
SELECT u.id, s.title, s.description, s.category, s.tags, s.venue_name, s.venue_address, at.starts_at,
       at.starts_at + s.minutes * interval '1 minute', s.timezone, s.price, s.currency, s.status, s.price, s.price,
       CASE WHEN s.status <> 'draft' THEN now() - interval '75 days' END,
       CASE WHEN s.status = 'completed' THEN at.starts_at + s.minutes * interval '1 minute' END, now() - interval '75 days'
FROM season s
JOIN users u ON u.email = s.organizer || '@bilten.example'
CROSS JOIN LATERAL (SELECT (current_date + s.days + s.local_start) AT TIME ZONE s.timezone AS starts_at) at
-- The examples in the API documentation refer to the first events.
ORDER BY s.days < 0, s.days;

INSERT INTO event_inventory (event_id, capacity)
SELECT e.id, s.capacity FROM events e JOIN season s USING (title);

CREATE TEMPORARY TABLE offer ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- title, ticket type, price, quantity, most in one booking, description
  ('PostgreSQL from the inside: a day of workshops', 'Early bird', 90.00, 50, 2, 'The whole day, for whoever decides soon.'),
  ('PostgreSQL from the inside: a day of workshops', 'Regular', 120.00, 170, 5, 'The whole day.'),
  ('PostgreSQL from the inside: a day of workshops', 'Student', 35.00, 30, 1, 'With a card that proves it.'),
  ('The Tempest', 'Stalls', 48.00, 120, 6, 'Rows A to H.'),
  ('The Tempest', 'Circle', 32.00, 160, 6, 'One floor up, nothing in the way.'),
  ('The Tempest', 'Standing', 9.00, 60, 4, 'As in the first days of this play.'),
  ('Open-air opera: The Magic Flute', 'Front meadow', 85.00, 400, 8, 'Chairs are there.'),
  ('Open-air opera: The Magic Flute', 'Meadow', 45.00, NULL, 10, 'Bring a blanket.'),
  ('Open-air opera: The Magic Flute', 'Children', 0.00, NULL, 6, 'Up to twelve years, beside somebody grown up.')
) AS type (title, name, price, quantity, most, description);

INSERT INTO ticket_types (event_id, name, price, is_default)
SELECT e.id, 'General admission', e.base_price, true FROM events e
WHERE NOT EXISTS (SELECT FROM offer o WHERE o.title = e.title) ORDER BY e.id;

INSERT INTO ticket_types (event_id, name, description, price, max_per_booking)
SELECT e.id, o.name, o.description, o.price, o.most FROM offer o JOIN events e USING (title) ORDER BY e.id, o.price DESC;

INSERT INTO ticket_type_inventory (ticket_type_id, capacity)
SELECT t.id, o.quantity FROM ticket_types t JOIN events e ON e.id = t.event_id LEFT JOIN offer o ON o.title = e.title AND o.name = t.name;

-- Two seating plans, each with an aisle in the middle and an accessible seat at the start of the last row.
INSERT INTO seats (event_id, ticket_type_id, section, row_name, number, section_rank, row_rank, position, is_accessible)
SELECT e.id, t.id, h.section, chr(65 + r), n::text, 0, r, CASE WHEN n > h.seats / 2 THEN n + 1 ELSE n END, r = h.rows - 1 AND n = 1
FROM (VALUES
  -- The examples of the API's documentation are about the first one.
  (1, 'Winter Voices: a cappella by candlelight', 'General admission', 'Nave', 10, 18),
  (2, 'The Tempest', 'Stalls', 'Stalls', 8, 15)
) AS h (place, title, ticket_type, section, rows, seats)
JOIN events e USING (title)
JOIN ticket_types t ON t.event_id = e.id AND t.name = h.ticket_type
CROSS JOIN generate_series(0, h.rows - 1) r CROSS JOIN generate_series(1, h.seats) AS seat (n)
ORDER BY h.place, r, seat.n;

UPDATE seats c SET companion_of = s.id FROM seats s
WHERE s.is_accessible AND c.event_id = s.event_id AND c.row_name = s.row_name AND c.number = '2';

UPDATE ticket_type_inventory i SET capacity = s.seats
FROM (SELECT ticket_type_id, count(*) AS seats FROM seats GROUP BY ticket_type_id) s WHERE i.ticket_type_id = s.ticket_type_id;

UPDATE events e SET min_price = p.low, max_price = p.high
FROM (SELECT event_id, min(price) AS low, max(price) AS high FROM ticket_types GROUP BY event_id) p WHERE p.event_id = e.id;

INSERT INTO discounts (organizer_id, code, type, value, max_uses, max_uses_per_user)
SELECT id, 'FRIENDS20', 'percentage', 20, 50, 2 FROM users WHERE email = 'organizer@bilten.example';

CREATE TEMPORARY TABLE sale ON COMMIT DROP AS
SELECT *
FROM (VALUES
  -- who, title, ticket type, tickets, reference
  ('customer', 'Fado in the cellar', 'General admission', 8, 'DGMKRT4679'),
  ('guest', 'Fado in the cellar', 'General admission', 4, 'DGMCFG7346'),
  ('customer', 'Repair café: bring it broken, take it home whole', 'General admission', 2, 'DGMNPQ3974'),
  ('student', 'PostgreSQL from the inside: a day of workshops', 'Student', 1, 'DGMVWX6493'),
  ('guest', 'The Tempest', 'Circle', 2, 'DGMHJK4763'),
  ('student', 'Harvest supper', 'General admission', 2, 'DGMTRY9364'),
  -- Organizers may book too: the examples of the API's documentation pass this ticket on.
  ('organizer', 'Repair café: bring it broken, take it home whole', 'General admission', 1, 'DGMXCV4937')
) AS booking (customer, title, ticket_type, tickets, reference);

INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, created_at, confirmed_at)
SELECT s.reference, u.id, e.id, s.tickets, 'confirmed', s.tickets * t.price, e.currency, NOT e.allow_multiple_bookings, gen_random_uuid(),
       s.booked_at, s.booked_at
FROM (SELECT *, now() - row_number() OVER (ORDER BY reference) * interval '4 days' AS booked_at FROM sale) s
JOIN users u ON u.email = s.customer || '@bilten.example'
JOIN events e USING (title)
JOIN ticket_types t ON t.event_id = e.id AND t.name = s.ticket_type
ORDER BY u.id, e.id;

INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price)
SELECT b.id, t.id, s.tickets, t.price
FROM sale s JOIN bookings b USING (reference) JOIN ticket_types t ON t.event_id = b.event_id AND t.name = s.ticket_type;

-- A booking that waits for its payment.
WITH pending AS (
  INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, expires_at)
  SELECT 'DGMMGC7393', u.id, e.id, 2, 'pending', 2 * e.base_price, e.currency, true, gen_random_uuid(), now() + interval '1 day'
  FROM users u, events e WHERE u.email = 'organizer@bilten.example' AND e.title = 'Sketching for people who cannot draw'
  RETURNING id, event_id, tickets_count
)
INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price)
SELECT p.id, t.id, p.tickets_count, t.price FROM pending p JOIN ticket_types t USING (event_id);

-- The examples in the API documentation pay the first order and, as the demo organizer, refund the fourth.
INSERT INTO orders (order_number, user_id, event_id, booking_id, status, customer_name, customer_email, subtotal, discount, tax, total,
                    tax_rate, is_tax_inclusive, currency, created_at, paid_at)
SELECT left(b.reference, 5) || '-' || right(b.reference, 5), b.user_id, b.event_id, b.id,
       CASE b.status WHEN 'confirmed' THEN 'paid' ELSE 'pending' END, u.first_name || ' ' || u.last_name, u.email,
       b.total_amount, 0, 0, b.total_amount, 0, true, b.currency, b.created_at, b.confirmed_at
FROM bookings b JOIN users u ON u.id = b.user_id WHERE b.total_amount > 0 ORDER BY b.status DESC, b.id;

INSERT INTO order_items (order_id, position, ticket_type_id, name, quantity, unit_price, discount, tax)
SELECT o.id, 1, t.id, t.name, i.quantity, i.unit_price, 0, 0
FROM orders o JOIN booking_items i USING (booking_id) JOIN ticket_types t ON t.id = i.ticket_type_id;

INSERT INTO payments (order_id, provider, intent_id, amount, currency, status, captured, created_at, succeeded_at, check_at)
SELECT id, 'sandbox', 'sbx_demo_' || id, total, currency, 'succeeded', total, created_at, paid_at, NULL
FROM orders WHERE status = 'paid' ORDER BY id;

INSERT INTO sandbox_intents (id, idempotency_key, amount, currency, status, captured, created_at)
SELECT intent_id, idempotency_key, amount, currency, status, captured, created_at FROM payments;

UPDATE orders o SET payment_id = p.id FROM payments p WHERE p.order_id = o.id;

INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id, created_at)
SELECT p.idempotency_key, 'capture', line.account, line.amount, p.currency, p.order_id, p.id, p.succeeded_at
FROM payments p CROSS JOIN LATERAL (VALUES ('provider:sandbox', p.captured), ('sales', -p.captured)) AS line (account, amount);

INSERT INTO waitlist_entries (user_id, event_id, tickets_count, is_accepting_fewer, status, request_id, joined_at)
SELECT u.id, e.id, 2, true, 'waiting', gen_random_uuid(), now() - interval '3 days'
FROM users u, events e WHERE u.email = 'student@bilten.example' AND e.title = 'Fado in the cellar';


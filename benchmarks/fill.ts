import type pg from 'pg';
import { CATEGORIES, ORGANIZER_ID, WORDS } from './populate';

// Writes a year of data as the program would have left it, about a thousand times faster: triggers and foreign key checks are off,
// what triggers would write is written here, and secondary indexes are created at the end.

export interface Scale {
  events: number;
  bookings: number;
}

/** The number of bookings per user, at every scale. */
export const BOOKINGS_PER_USER = 50;

const TABLES = [
  'events',
  'event_inventory',
  'ticket_types',
  'ticket_type_inventory',
  'bookings',
  'booking_items',
  'tickets',
  'orders',
  'order_items',
  'payments',
  'ledger_entries',
];

const word = (shift: string): string => `($3::text[])[1 + (n * 7 + ${shift}) % ${WORDS.length}]`;

// A third of the events have ended, every fifth costs money, and one organizer has a thousand of them.
const EVENTS = `
  INSERT INTO events (id, organizer_id, title, description, category, tags, venue_name, venue_address, starts_at, ends_at, base_price, min_price,
                      max_price, status, published_at, completed_at, created_at, popularity)
  SELECT n, ${ORGANIZER_ID} + n / 1000, initcap(${word('n / 24')}) || ' ' || ${word('11 + n / 5')} || ' ' || n,
         'An evening of ' || ${word('3')} || ' and ' || ${word('n / 9')} || ' for everybody who likes ' || ${word('n % 5')} || '. Doors open an hour before.',
         ($4::text[])[1 + n % ${CATEGORIES.length}], ARRAY[${word('1')}, ${word('2')}], 'The ' || ${word('n / 3')} || ' hall', n || ' River Road',
         s.at, s.at + interval '3 hours', p.price, p.price, p.price, CASE WHEN s.at < now() THEN 'completed' ELSE 'published' END,
         s.at - interval '400 days', CASE WHEN s.at < now() THEN s.at + interval '3 hours' END, s.at - interval '400 days', (n * 37) % 500
  FROM generate_series($1::int, $2::int) n,
       LATERAL (SELECT date_trunc('hour', now()) - interval '120 days' + (n * 613::bigint % 34560) * interval '15 minutes' AS at) s,
       LATERAL (SELECT CASE WHEN n % 5 = 0 THEN 5 + n % 90 ELSE 0 END AS price) p`;

// The number of a booking determines its user and event, so that nobody has two for one event; bookings are spread evenly over a year.
const BOOKINGS = `
  INSERT INTO bookings (id, reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, expires_at,
                        created_at, confirmed_at, cancelled_at, expired_at)
  SELECT n, upper(lpad(to_hex(n), 10, '0')), 1 + n % $3::int, e.id, c.tickets, s.status, c.tickets * e.base_price, 'USD', true, gen_random_uuid(),
         CASE WHEN s.status IN ('pending', 'expired') THEN t.at + interval '15 minutes' END, t.at,
         CASE WHEN s.status IN ('confirmed', 'cancelled') THEN t.at END,
         CASE WHEN s.status = 'cancelled' THEN least(t.at + (n % 200) * interval '1 hour', now()) END,
         CASE WHEN s.status = 'expired' THEN t.at + interval '16 minutes' END
  FROM generate_series(1, $1::int) n,
       LATERAL (SELECT 1 + n % 3 % 2 AS tickets) c,
       LATERAL (SELECT CASE WHEN n % 20 = 7 THEN 'cancelled' WHEN n % 50 = 3 THEN 'expired' ELSE 'confirmed' END AS status) s,
       LATERAL (SELECT now() - interval '365 days' + n * (interval '365 days' / $1::int) - interval '1 minute' AS at) t,
       LATERAL (SELECT id, base_price FROM events WHERE id = 1 + (n / $3::int * 7919::bigint + n * 31::bigint) % $2::int OFFSET 0) e`;

const FOLLOWING = [
  `INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price)
   SELECT b.id, b.event_id, b.tickets_count, b.total_amount / b.tickets_count FROM bookings b`,
  `INSERT INTO tickets (booking_id, event_id, ticket_type_id, status, voided_at)
   SELECT b.id, b.event_id, b.event_id, CASE b.status WHEN 'cancelled' THEN 'void' ELSE 'valid' END, b.cancelled_at
   FROM bookings b, generate_series(1, b.tickets_count) WHERE b.confirmed_at IS NOT NULL`,
  `INSERT INTO orders (id, order_number, user_id, event_id, booking_id, status, customer_name, customer_email, subtotal, discount, tax, total,
                       tax_rate, is_tax_inclusive, currency, created_at, paid_at, cancelled_at, expired_at)
   SELECT b.id, 'N' || b.reference, b.user_id, b.event_id, b.id, CASE b.status WHEN 'confirmed' THEN 'paid' ELSE b.status END, 'Ada Lovelace',
          'user-' || b.user_id || '@example.com', b.total_amount, 0, 0, b.total_amount, 0, true, 'USD', b.created_at, b.confirmed_at, b.cancelled_at, b.expired_at
   FROM bookings b WHERE b.total_amount > 0`,
  `INSERT INTO order_items (order_id, position, ticket_type_id, name, quantity, unit_price, discount, tax)
   SELECT o.id, 1, b.event_id, 'General admission', b.tickets_count, o.total / b.tickets_count, 0, 0 FROM orders o JOIN bookings b ON b.id = o.booking_id`,
  `INSERT INTO payments (id, order_id, provider, intent_id, amount, currency, status, captured, created_at, succeeded_at, check_at)
   SELECT o.id, o.id, 'sandbox', 'sbx_' || o.id, o.total, o.currency, 'succeeded', o.total, o.created_at, o.created_at, NULL
   FROM orders o WHERE o.paid_at IS NOT NULL`,
  `UPDATE orders SET payment_id = id WHERE paid_at IS NOT NULL`,
  `INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id, created_at)
   SELECT p.idempotency_key, 'capture', l.account, l.sign * p.amount, p.currency, p.order_id, p.id, p.created_at
   FROM payments p, (VALUES ('provider:sandbox', 1), ('sales', -1)) l (account, sign)`,
  `INSERT INTO event_inventory (event_id, capacity, sold)
   SELECT e.id, 50 + e.id % 1000 + coalesce(b.sold, 0), coalesce(b.sold, 0)
   FROM events e LEFT JOIN (SELECT event_id, sum(tickets_count) AS sold FROM bookings WHERE status = 'confirmed' GROUP BY event_id) b ON b.event_id = e.id`,
  // Every hundredth event is sold out.
  `UPDATE event_inventory SET capacity = sold WHERE event_id % 100 = 0 AND sold > 0`,
  `INSERT INTO ticket_types (id, event_id, name, price, is_default) SELECT id, id, 'General admission', base_price, true FROM events`,
  `INSERT INTO ticket_type_inventory (ticket_type_id, sold) SELECT event_id, sold FROM event_inventory`,
  `INSERT INTO event_sales (event_id, is_listed, starts_at, ends_at, min_price, max_price, changes_at)
   SELECT e.id, e.status = 'published', e.starts_at, e.ends_at, s.min_price, s.max_price, s.changes_at FROM events e CROSS JOIN LATERAL sale_of(e.id) s`,
];

const SEQUENCES = ['events', 'ticket_types', 'bookings', 'orders', 'payments'];

interface Index {
  name: string;
  definition: string;
}

const INDEXES = `
  SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i WHERE i.indrelid = ANY ($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`;

/** Fills a populated database to this many events, replacing its own. */
export async function fill(client: pg.Client, { events, bookings }: Scale): Promise<void> {
  const run = (sql: string, values: unknown[] = []) => client.query(sql, values);
  const users = Math.max(1, Math.round(bookings / BOOKINGS_PER_USER));
  const lastOrganizer = ORGANIZER_ID + Math.floor(events / 1000);
  for (const setting of [
    "session_replication_role = 'replica'",
    "maintenance_work_mem = '512MB'",
    "work_mem = '128MB'",
    'synchronous_commit = off',
  ])
    await run(`SET ${setting}`);
  await run(`TRUNCATE ${TABLES.join(', ')} CASCADE`);
  const { rows: indexes } = await client.query<Index>(INDEXES, [TABLES]);
  for (const { name } of indexes) await run(`DROP INDEX ${name}`);
  await run(EVENTS, [1, events, WORDS, CATEGORIES]);
  await run('ANALYZE events');
  await run(BOOKINGS, [bookings, events, users]);
  for (const statement of FOLLOWING) await run(statement);
  for (const { definition } of indexes) await run(definition);
  await run("UPDATE users SET role = 'organizer' WHERE id <= $1::int", [lastOrganizer]);
  await run('DELETE FROM users WHERE id > $1::int', [Math.max(users, lastOrganizer)]);
  for (const table of SEQUENCES)
    await run(`SELECT setval('${table}_id_seq', greatest(1, (SELECT max(id) FROM ${table})))`);
  await run('VACUUM (ANALYZE)');
  await run('CHECKPOINT');
}

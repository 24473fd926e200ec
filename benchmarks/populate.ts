import type pg from 'pg';

// All users have the same password, so that only one hash is needed.
export const PASSWORD = 'the pass phrase of everybody';
export const ORGANIZER_ID = 1;
/** Events up to this id are free of charge and have more tickets than a benchmark can book. */
export const BOOKABLE_EVENTS = 300;

export const emailOf = (userId: number): string => `user-${userId}@example.com`;

const USERS = `
  INSERT INTO users (id, email, password_hash, first_name, last_name, role, email_verified_at, access_changed_at, created_at)
  SELECT n, 'user-' || n || '@example.com', $2, 'Ada', 'Lovelace', CASE n WHEN ${ORGANIZER_ID} THEN 'organizer' ELSE 'customer' END, now(), now() - interval '30 days', now() - interval '30 days'
  FROM generate_series(1, $1::int) AS n`;

// Session n belongs to user n.
const SESSIONS = `
  INSERT INTO sessions (id, user_id, ip, user_agent, expires_at)
  SELECT n, n, '127.0.0.1', 'benchmark', now() + interval '7 days' FROM generate_series(1, $1::int) AS n`;

export const WORDS =
  'river jazz night summer opera winter poetry silent market garden piano dance light story harbor stone echo carnival choir science comedy magic forest island'.split(
    ' ',
  );
export const CATEGORIES = ['music', 'theatre', 'sports', 'conference', 'workshop', 'family'];

const word = (shift: string): string => `($2::text[])[1 + (n * 7 + ${shift}) % ${WORDS.length}]`;

const EVENTS = `
  INSERT INTO events (id, organizer_id, title, description, category, tags, venue_name, venue_address, starts_at, ends_at, base_price,
                      min_price, max_price, status, published_at, created_at, popularity)
  SELECT n, ${ORGANIZER_ID}, initcap(${word('n / 24')}) || ' ' || ${word('11 + n / 5')} || ' ' || n,
         'An evening of ' || ${word('3')} || ' and ' || ${word('n / 9')} || ' for everybody who likes ' || ${word('n % 5')} || '. Doors open an hour before.',
         ($3::text[])[1 + n % ${CATEGORIES.length}], ARRAY[${word('1')}, ${word('2')}], 'The ' || ${word('n / 3')} || ' hall', n || ' River Road',
         s.starts_at, s.starts_at + interval '3 hours', p.price, p.price, p.price, 'published', now(), now() - n * interval '3 minutes', (n * 37) % 500
  FROM generate_series(1, $1::int) AS n,
       LATERAL (SELECT now() + interval '30 days' + (n * 613 % 20000) * interval '15 minutes' AS starts_at) s,
       LATERAL (SELECT CASE WHEN n <= ${BOOKABLE_EVENTS} OR n % 5 = 0 THEN 0 ELSE 5 + n % 90 END AS price) p`;

const CAPACITY = `CASE WHEN event_id <= ${BOOKABLE_EVENTS} THEN 10000000 ELSE 50 + event_id % 1000 END`;

const INVENTORIES = [
  `INSERT INTO event_inventory (event_id, capacity) SELECT event_id, ${CAPACITY} FROM (SELECT id AS event_id FROM events) e`,
  `INSERT INTO ticket_types (id, event_id, name, price, is_default) SELECT id, id, 'General admission', base_price, true FROM events`,
  `INSERT INTO ticket_type_inventory (ticket_type_id) SELECT id FROM ticket_types`,
];

// All tables are analyzed, even empty ones: plans that are cached while tables are known to be empty must stay good as they fill.
const SETTLE = [
  ...['users', 'sessions', 'events', 'ticket_types'].map(
    (table) => `SELECT setval('${table}_id_seq', (SELECT max(id) FROM ${table}))`,
  ),
  'VACUUM ANALYZE',
];

/** Creates users with one session each, and published events with one ticket type. */
export async function populate(
  client: pg.Client,
  { users, events, passwordHash }: { users: number; events: number; passwordHash: string },
): Promise<void> {
  await client.query(USERS, [users, passwordHash]);
  await client.query(SESSIONS, [users]);
  await client.query(EVENTS, [events, WORDS, CATEGORIES]);
  for (const statement of [...INVENTORIES, ...SETTLE]) await client.query(statement);
}

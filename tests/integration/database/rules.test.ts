import { database } from '../../../src/database';
import { toNumberArray, toTextArray } from '../../../src/lib/pg-array';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  joined,
  registerUser,
  registerUsers,
  type TestUser,
} from '../../helpers/bookings';

// Writes directly to the database with the program's rights, to show that PostgreSQL refuses what the program must never do.

interface World {
  user: number;
  other: number;
  /** A paid event with 5 tickets, 2 of them held by a pending booking of `user`. */
  paid: number;
  paidType: number;
  pending: number;
  /** A sold-out free event with one ticket, confirmed for `owner`. */
  full: number;
  fullType: number;
  confirmed: number;
  owner: number;
  waiting: number;
  offered: number;
  cancelled: number;
}

let world: World;

beforeAll(async () => {
  const [user, other, third] = (await registerUsers(3)) as [TestUser, TestUser, TestUser];
  const paid = await anOpenEvent({
    basePrice: 10,
    totalTickets: 5,
    ticketTypes: [{ name: 'A', price: 10, quantity: 4 }],
  });
  const pending = await booked(user, paid.id, 2);
  const { event: full, owner, held } = await aFullEvent();
  const waiting = await joined(user, full.id, { ticketsCount: 2 });
  const { event: freed, owner: leaver, held: left } = await aFullEvent();
  const offered = await joined(third, freed.id);
  await cancelling(leaver, left.id).expect(200);
  world = {
    user: user.user.id,
    other: other.user.id,
    paid: paid.id,
    paidType: paid.ticketTypes[0]!.id,
    pending: pending.id,
    full: full.id,
    fullType: full.ticketTypes[0]!.id,
    confirmed: held.id,
    owner: owner.user.id,
    waiting: waiting.id,
    offered: offered.id,
    cancelled: left.id,
  };
});

interface Refusal {
  code: string;
  constraint?: string;
}

/** Returns the error of a statement, or undefined if PostgreSQL accepts it. Rolls back in both cases. */
async function refusal(statement: string): Promise<Refusal | undefined> {
  const filled = statement.replaceAll(/\{(\w+)\}/g, (_all, name: keyof World) => String(world[name]));
  const trx = await database.transaction();
  try {
    await trx.raw(filled.replaceAll('?', '\\?'));
    return undefined;
  } catch (error) {
    const { code, constraint } = error as Refusal;
    return { code, constraint };
  } finally {
    await trx.rollback();
  }
}

const COLUMNS =
  'reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, confirmed_at, expires_at';
const booking = (
  values: Partial<
    Record<'reference' | 'user' | 'event' | 'count' | 'status' | 'total' | 'confirmed' | 'expires', string>
  > = {},
) => {
  const {
    reference = "'CCCC'",
    user = '{other}',
    event = '{paid}',
    count = '1',
    status = "'confirmed'",
    total = '0',
    confirmed = 'now()',
    expires = 'NULL',
  } = values;
  return `INSERT INTO bookings (${COLUMNS}) VALUES (${reference}, ${user}, ${event}, ${count}, ${status}, ${total}, 'USD', true, gen_random_uuid(), ${confirmed}, ${expires})`;
};
const entry = (
  values: Partial<Record<'user' | 'event' | 'type' | 'count' | 'status' | 'offered' | 'offeredType', string>> = {},
) => {
  const {
    user = '{other}',
    event = '{full}',
    type = 'NULL',
    count = '1',
    status = "'waiting'",
    offered = 'NULL',
    offeredType = 'NULL',
  } = values;
  return `INSERT INTO waitlist_entries (user_id, event_id, ticket_type_id, tickets_count, is_accepting_fewer, status, offered_count, offered_ticket_type_id, offered_at, offer_expires_at, request_id)
    VALUES (${user}, ${event}, ${type}, ${count}, false, ${status}, ${offered}, ${offeredType}, now(), now() + interval '1 hour', gen_random_uuid())`;
};

const CHECK = '23514';
const UNIQUE = '23505';
const MISSING = '23503';
const KEPT = '23000';
const FORBIDDEN = '42501';

const refused: [what: string, statement: string, code: string, constraint?: string][] = [
  ['a booking past the last ticket', booking({ event: '{full}' }), CHECK, 'event_inventory_not_oversold'],
  [
    'an unpaid booking past the last ticket',
    booking({ event: '{full}', status: "'pending'", confirmed: 'NULL', expires: 'now()', total: '5' }),
    CHECK,
    'event_inventory_not_oversold',
  ],
  [
    'more tickets in a booking than there are',
    'UPDATE bookings SET tickets_count = 9 WHERE id = {confirmed}',
    CHECK,
    'event_inventory_not_oversold',
  ],
  [
    'an offer past the last ticket',
    entry({ status: "'offered'", offered: '1', offeredType: '{fullType}' }),
    CHECK,
    'event_inventory_not_oversold',
  ],
  [
    'an offer of what is sold, to one who waits',
    `UPDATE waitlist_entries SET status = 'offered', offered_count = 1, offered_ticket_type_id = {fullType}, offered_at = now(), offer_expires_at = now() WHERE id = {waiting}`,
    CHECK,
    'event_inventory_not_oversold',
  ],
  [
    'items past the last ticket of a type',
    `WITH b AS (${booking({ count: '3' })} RETURNING id) INSERT INTO booking_items SELECT id, {paidType}, 3, 0 FROM b`,
    CHECK,
    'ticket_type_inventory_not_oversold',
  ],
  [
    'a capacity below what is taken',
    'UPDATE event_inventory SET capacity = 1 WHERE event_id = {paid}',
    CHECK,
    'event_inventory_not_oversold',
  ],
  [
    'a type’s capacity below what is taken',
    'UPDATE ticket_type_inventory SET capacity = 1 WHERE ticket_type_id = {paidType}',
    CHECK,
    'ticket_type_inventory_not_oversold',
  ],
  ['a capacity below nothing', 'UPDATE event_inventory SET capacity = -1 WHERE event_id = {full}', CHECK],
  [
    'a counter below nothing',
    'UPDATE event_inventory SET sold = -1 WHERE event_id = {paid}',
    CHECK,
    'event_inventory_sold',
  ],
  [
    'holds below nothing',
    'UPDATE ticket_type_inventory SET held = -1 WHERE ticket_type_id = {paidType}',
    CHECK,
    'ticket_type_inventory_held',
  ],
  ['a second active booking', booking({ user: '{user}' }), UNIQUE, 'bookings_active_key'],
  [
    'a cancelled booking come to life beside another',
    `WITH again AS (${booking({ user: '(SELECT user_id FROM bookings WHERE id = {cancelled})', event: '{paid}' })}) UPDATE bookings SET status = 'confirmed', cancelled_at = NULL, event_id = {paid} WHERE id = {cancelled}`,
    UNIQUE,
    'bookings_active_key',
  ],
  [
    'a reference that is taken',
    booking({ reference: '(SELECT reference FROM bookings WHERE id = {confirmed})' }),
    UNIQUE,
    'bookings_reference_key',
  ],
  [
    'the same type twice in a booking',
    'INSERT INTO booking_items SELECT booking_id, ticket_type_id, 1, 0 FROM booking_items WHERE booking_id = {pending}',
    UNIQUE,
    'booking_items_pkey',
  ],
  ['a second waitlist entry', entry({ user: '{user}' }), UNIQUE, 'waitlist_entries_active_key'],
  ['a booking of no tickets', booking({ count: '0' }), CHECK, 'bookings_tickets_count'],
  ['a booking that costs less than nothing', booking({ total: '-0.01' }), CHECK, 'bookings_total_amount'],
  ['a booking in no known status', booking({ status: "'paid'" }), CHECK, 'bookings_status'],
  ['a hold without an end', booking({ status: "'pending'", confirmed: 'NULL' }), CHECK, 'bookings_expires_at'],
  ['a confirmed booking that was never confirmed', booking({ confirmed: 'NULL' }), CHECK, 'bookings_confirmed_at'],
  [
    'a cancelled booking without a time',
    `UPDATE bookings SET status = 'cancelled' WHERE id = {confirmed}`,
    CHECK,
    'bookings_cancelled_at',
  ],
  [
    'a time of cancelling without it',
    'UPDATE bookings SET cancelled_at = now() WHERE id = {confirmed}',
    CHECK,
    'bookings_cancelled_at',
  ],
  [
    'an expired booking without a time',
    `UPDATE bookings SET status = 'expired' WHERE id = {pending}`,
    CHECK,
    'bookings_expired_at',
  ],
  ['a booking of nobody', booking({ user: '2000000000' }), MISSING, 'bookings_user_id_fkey'],
  ['a booking of no event', booking({ event: '2000000000' }), MISSING, 'bookings_event_id_fkey'],
  [
    'an item of no type',
    `WITH b AS (${booking()} RETURNING id) INSERT INTO booking_items SELECT id, 2000000000, 1, 0 FROM b`,
    MISSING,
    'booking_items_ticket_type_id_fkey',
  ],
  [
    'an item of less than no quantity',
    `WITH b AS (${booking()} RETURNING id) INSERT INTO booking_items SELECT id, {paidType}, -1, 0 FROM b`,
    CHECK,
    'booking_items_quantity',
  ],
  [
    'a claim of a place in no line',
    'UPDATE bookings SET waitlist_entry_id = 2000000000 WHERE id = {confirmed}',
    MISSING,
    'bookings_waitlist_entry_id_fkey',
  ],
  ['a booking deleted', 'DELETE FROM bookings WHERE id = {cancelled}', KEPT, 'bookings_kept'],
  [
    'a booking’s items rewritten',
    'UPDATE booking_items SET quantity = 1 WHERE booking_id = {pending}',
    KEPT,
    'booking_items_tickets_kept',
  ],
  ['a booking’s items deleted', 'DELETE FROM booking_items WHERE booking_id = {pending}', KEPT, 'booking_items_kept'],
  ['a waitlist entry deleted', 'DELETE FROM waitlist_entries WHERE id = {waiting}', KEPT, 'waitlist_entries_kept'],
  ['an event deleted that was booked', 'DELETE FROM events WHERE id = {full}', MISSING],
  ['a user deleted who has booked', 'DELETE FROM users WHERE id = {owner}', MISSING],
  [
    'an offer without an end',
    'UPDATE waitlist_entries SET offer_expires_at = NULL WHERE id = {offered}',
    CHECK,
    'waitlist_entries_offered',
  ],
  [
    'an offer of nothing',
    'UPDATE waitlist_entries SET offered_count = 0 WHERE id = {offered}',
    CHECK,
    'waitlist_entries_offered_count',
  ],
  ['an offer of more than was wished for', 'UPDATE waitlist_entries SET offered_count = 2 WHERE id = {offered}', CHECK],
  [
    'a place left without a time',
    `UPDATE waitlist_entries SET status = 'left' WHERE id = {waiting}`,
    CHECK,
    'waitlist_entries_left_at',
  ],
  [
    'an event that ends before it starts',
    'UPDATE events SET ends_at = starts_at WHERE id = {paid}',
    CHECK,
    'events_ends_after_start',
  ],
  ['a price below nothing', 'UPDATE ticket_types SET price = -1 WHERE id = {paidType}', CHECK, 'ticket_types_price'],
  [
    'a maximum below the minimum',
    'UPDATE ticket_types SET min_per_booking = 3, max_per_booking = 2 WHERE id = {paidType}',
    CHECK,
    'ticket_types_max_per_booking',
  ],
  [
    'a key of no characters',
    `INSERT INTO idempotency_keys (user_id, key, fingerprint) VALUES ({user}, '', 'f')`,
    CHECK,
    'idempotency_keys_key_length',
  ],
  [
    'a message that is done at no time',
    `INSERT INTO outbox_messages (topic, payload, status) VALUES ('x', '{}', 'done')`,
    CHECK,
    'outbox_messages_done_at',
  ],
  ['all bookings emptied out', 'TRUNCATE bookings, booking_items', FORBIDDEN],
  ['a trigger put out', 'ALTER TABLE bookings DISABLE TRIGGER bookings_count_inserted', FORBIDDEN],
  ['a constraint put out', 'ALTER TABLE event_inventory DROP CONSTRAINT event_inventory_not_oversold', FORBIDDEN],
  ['triggers passed by', `SET session_replication_role = replica`, FORBIDDEN],
];

describe('PostgreSQL refuses', () => {
  it.each(refused)('%s', async (_what, statement, code, ...[constraint]) => {
    const broken = await refusal(statement);
    expect(broken).toMatchObject(constraint === undefined ? { code } : { code, constraint });
  });

  it('none of these writes in their valid form', async () => {
    expect(await refusal(booking())).toBeUndefined();
    expect(await refusal(entry())).toBeUndefined();
    expect(await refusal('UPDATE event_inventory SET capacity = 2 WHERE event_id = {paid}')).toBeUndefined();
  });
});

describe('counters', () => {
  it('follow every write, in one statement or several', async () => {
    const event = await anOpenEvent({ totalTickets: 10 });
    const users = await registerUsers(4);
    const trx = await database.transaction();
    const counters = async () =>
      (await trx('event_inventory').where('event_id', event.id).first('sold', 'held')) as unknown;
    for (const { user } of users)
      await trx.raw(
        booking({ user: String(user.id), event: String(event.id), count: '2', reference: `'R${user.id}'` }),
      );
    expect(await counters()).toEqual({ sold: 8, held: 0 });
    await trx.raw(
      `UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE event_id = ? AND user_id <= ?`,
      [event.id, users[1]!.user.id],
    );
    expect(await counters()).toEqual({ sold: 4, held: 0 });
    await trx.raw(
      `UPDATE bookings SET status = 'pending', expires_at = now() WHERE event_id = ? AND status = 'confirmed'`,
      [event.id],
    );
    expect(await counters()).toEqual({ sold: 0, held: 4 });
    await trx.rollback();
  });
});

describe('array parameters', () => {
  const hostile = [
    '',
    ' ',
    'NULL',
    'null',
    '{}',
    '"',
    '\\',
    '\\"',
    ',',
    '{a,b}',
    "'; DROP TABLE x",
    '\t\n\r\v\f',
    '\u00a0\u2028',
    '席🎫',
    '$1',
    '?',
    ':x',
    'a"b\\c,d{e}f g',
    null,
  ];

  it('pass any text to PostgreSQL unchanged', async () => {
    const { rows } = await database.raw<{ rows: { texts: string[] }[] }>('SELECT :texts::text[] AS texts', {
      texts: toTextArray(hostile),
    });
    expect(rows[0]!.texts).toEqual(hostile);
  });

  it('pass numbers unchanged', async () => {
    const numbers = [0, -1, 2_147_483_647, null];
    const { rows } = await database.raw<{ rows: { numbers: number[] }[] }>('SELECT :numbers::int[] AS numbers', {
      numbers: toNumberArray(numbers),
    });
    expect(rows[0]!.numbers).toEqual(numbers);
  });

  it('carry hostile text through a booking and its cancellation', async () => {
    const event = await anOpenEvent({ title: `Robert'); {DROP} "TABLE" \\events, NULL --` });
    const user = await registerUser();
    const reasons = hostile.filter((text): text is string => Boolean(text?.trim()));
    for (const reason of reasons) {
      const again = await booked(user, event.id);
      const { body } = await cancelling(user, again.id).send({ reason }).expect(200);
      expect(body.data.event.title).toBe(event.title);
      expect(await database('bookings').where('id', again.id).first('cancel_reason')).toEqual({
        cancel_reason: reason.trim(),
      });
    }
  });
});

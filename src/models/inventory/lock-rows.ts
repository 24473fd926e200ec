import type { Db, Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { int4, neverNull, orNull, pipeline, query, statement, statementFamily, text } from '../statement';

/** The rows that the commands of a batch need besides the inventory of their events. */
export interface NeededRows {
  /** Events and users that new rows will refer to. */
  eventIds: number[];
  userIds: number[];
  /** Users with a waitlist entry for the event. */
  pairs: { userId: number; eventId: number }[];
  bookingIds: number[];
  /** Orders made by checkouts. */
  orderIds: number[];
  /** Carts to check out. */
  cartIds: number[];
  paymentIds: number[];
  waitlistEntryIds: number[];
  seatIds: number[];
  codes: { eventId: number; code: string }[];
  /** The events of all commands, for their ticket types. */
  commandEventIds: number[];
  /** Events whose waitlists may be offered tickets. */
  waitlistEventIds: number[];
}

/**
 * A row that another transaction holds. `id` identifies what the row blocks: for `booking` the booking that the row is part of,
 * for `pair` the user, for `waitlist` the event.
 */
export interface HeldRow {
  kind:
    | 'event'
    | 'user'
    | 'code'
    | 'booking'
    | 'order'
    | 'cart'
    | 'payment'
    | 'type'
    | 'stock'
    | 'seat'
    | 'entry'
    | 'pair'
    | 'waitlist';
  id: number;
  /** Set for `code`, `type`, `stock` and `pair`. */
  eventId: number | null;
  code: string | null;
}

interface Lookup extends Partial<Record<'id' | 'eventId' | 'code', string>> {
  kind: HeldRow['kind'];
  /** The needed rows that this lookup is for; skipped if there are none. */
  of: keyof NeededRows;
  /** A FROM clause in which `t` is the table to lock. */
  from: string;
  /** The expression that identifies a row; `t.id` by default. */
  key?: string;
  /** The lock that the batch's own statements will take. */
  mode: 'KEY SHARE' | 'NO KEY UPDATE' | 'UPDATE';
}

/** How many waiting entries are checked; more than one batch makes offers to. */
const WAITLIST_DEPTH = 256;
const OF_BOOKINGS = 'WHERE t.booking_id = ANY(:bookingIds::int[])';

const LOOKUPS: Lookup[] = [
  { kind: 'event', of: 'eventIds', mode: 'KEY SHARE', from: 'events t WHERE t.id = ANY(:eventIds::int[])' },
  { kind: 'user', of: 'userIds', mode: 'KEY SHARE', from: 'users t WHERE t.id = ANY(:userIds::int[])' },
  {
    kind: 'code',
    of: 'codes',
    mode: 'NO KEY UPDATE',
    from: `unnest(:codeEvents::int[], :codes::text[]) AS c(event_id, code) JOIN events e ON e.id = c.event_id
      JOIN discounts t ON t.organizer_id = e.organizer_id AND lower(t.code) = c.code AND t.deleted_at IS NULL`,
    eventId: 'c.event_id',
    code: 'c.code',
  },
  {
    kind: 'booking',
    of: 'bookingIds',
    mode: 'NO KEY UPDATE',
    from: 'bookings b JOIN discounts t ON t.id = b.discount_id WHERE b.id = ANY(:bookingIds::int[])',
    id: 'b.id',
  },
  { kind: 'booking', of: 'bookingIds', mode: 'NO KEY UPDATE', from: 'bookings t WHERE t.id = ANY(:bookingIds::int[])' },
  { kind: 'booking', of: 'bookingIds', mode: 'UPDATE', from: `orders t ${OF_BOOKINGS}`, id: 't.booking_id' },
  { kind: 'booking', of: 'bookingIds', mode: 'NO KEY UPDATE', from: `tickets t ${OF_BOOKINGS}`, id: 't.booking_id' },
  {
    kind: 'booking',
    of: 'bookingIds',
    mode: 'UPDATE',
    from: `booking_seats t ${OF_BOOKINGS}`,
    key: 't.seat_id',
    id: 't.booking_id',
  },
  { kind: 'order', of: 'orderIds', mode: 'UPDATE', from: 'orders t WHERE t.id = ANY(:orderIds::int[])' },
  { kind: 'cart', of: 'cartIds', mode: 'UPDATE', from: 'carts t WHERE t.id = ANY(:cartIds::int[])' },
  { kind: 'payment', of: 'paymentIds', mode: 'KEY SHARE', from: 'payments t WHERE t.id = ANY(:paymentIds::int[])' },
  {
    kind: 'type',
    of: 'commandEventIds',
    mode: 'KEY SHARE',
    from: 'ticket_types t WHERE t.event_id = ANY(:commandEventIds::int[]) AND t.deleted_at IS NULL',
    eventId: 't.event_id',
  },
  {
    kind: 'stock',
    of: 'commandEventIds',
    mode: 'NO KEY UPDATE',
    from: `ticket_types y JOIN ticket_type_inventory t ON t.ticket_type_id = y.id
      WHERE y.event_id = ANY(:commandEventIds::int[])`,
    key: 't.ticket_type_id',
    id: 't.ticket_type_id',
    eventId: 'y.event_id',
  },
  { kind: 'seat', of: 'seatIds', mode: 'KEY SHARE', from: 'seats t WHERE t.id = ANY(:seatIds::int[])' },
  {
    kind: 'entry',
    of: 'waitlistEntryIds',
    mode: 'NO KEY UPDATE',
    from: 'waitlist_entries t WHERE t.id = ANY(:waitlistEntryIds::int[])',
  },
  {
    kind: 'pair',
    of: 'pairs',
    mode: 'NO KEY UPDATE',
    from: `unnest(:pairUsers::int[], :pairEvents::int[]) AS p(user_id, event_id) JOIN waitlist_entries t
      ON t.user_id = p.user_id AND t.event_id = p.event_id AND t.status IN ('waiting', 'offered')`,
    id: 't.user_id',
    eventId: 't.event_id',
  },
  {
    kind: 'waitlist',
    of: 'waitlistEventIds',
    mode: 'NO KEY UPDATE',
    from: `unnest(:waitlistEventIds::int[]) AS l(event_id)
      CROSS JOIN LATERAL (SELECT id FROM waitlist_entries WHERE event_id = l.event_id AND status = 'waiting'
                          ORDER BY id LIMIT ${WAITLIST_DEPTH}) h
      JOIN waitlist_entries t ON t.id = h.id`,
    id: 't.event_id',
  },
];

const getKeyColumn = ({ key = 't.id' }: Lookup): string => key;

const toLockQuery = (lookup: Lookup, index: number): string =>
  `l${index} AS MATERIALIZED (SELECT ${getKeyColumn(lookup)} AS key FROM ${lookup.from} FOR ${lookup.mode} OF t SKIP LOCKED)`;

function toHeldQuery(lookup: Lookup, index: number): string {
  const { kind, id = 't.id', eventId = 'NULL::int', code = 'NULL::text', from } = lookup;
  return `SELECT '${kind}' AS kind, r.id, r.event_id, r.code
    FROM (SELECT ${getKeyColumn(lookup)} AS key, ${id} AS id, ${eventId} AS event_id, ${code} AS code FROM ${from}) r
    WHERE r.key NOT IN (SELECT key FROM l${index})`;
}

const LOCK_UNHELD = statementFamily({
  name: 'inventory-lock-unheld',
  columns: {
    kind: text<HeldRow['kind']>('h.kind'),
    id: neverNull(int4('h.id')),
    eventId: orNull(int4('h.event_id')),
    code: orNull(text('h.code')),
  },
  preparedAs: (lookups: Lookup[]) => lookups.map((lookup) => LOOKUPS.indexOf(lookup)).join('.'),
  examples: [LOOKUPS, ...LOOKUPS.map((lookup) => [lookup])],
  sql: (list, lookups: Lookup[]) => `
  WITH ${lookups.map(toLockQuery).join(',\n  ')}
  SELECT
    ${list}
  FROM (
    ${lookups.map(toHeldQuery).join('\n    UNION ALL\n    ')}
  ) h`,
});

/** Locks those of these rows that nobody else holds, and returns the held ones. Never waits. */
export async function lockUnheldRows(trx: Trx, needed: NeededRows): Promise<HeldRow[]> {
  // Only tables that the commands need are touched.
  const lookups = LOOKUPS.filter(({ of }) => needed[of].length > 0);
  return pipeline(trx, LOCK_UNHELD(lookups), {
    eventIds: toNumberArray(needed.eventIds),
    userIds: toNumberArray(needed.userIds),
    codeEvents: toNumberArray(needed.codes.map(({ eventId }) => eventId)),
    codes: toTextArray(needed.codes.map(({ code }) => code)),
    bookingIds: toNumberArray(needed.bookingIds),
    orderIds: toNumberArray(needed.orderIds),
    cartIds: toNumberArray(needed.cartIds),
    paymentIds: toNumberArray(needed.paymentIds),
    commandEventIds: toNumberArray(needed.commandEventIds),
    waitlistEventIds: toNumberArray(needed.waitlistEventIds),
    seatIds: toNumberArray(needed.seatIds),
    waitlistEntryIds: toNumberArray(needed.waitlistEntryIds),
    pairUsers: toNumberArray(needed.pairs.map(({ userId }) => userId)),
    pairEvents: toNumberArray(needed.pairs.map(({ eventId }) => eventId)),
  });
}

// Tables that every booking needs, grouped by the access to them and so by the locks that block it. Other tables are needed by some
// commands only.
const WRITTEN = ['event_inventory', 'ticket_type_inventory', 'bookings', 'booking_items', 'outbox_messages'];
const REFERRED_TO = ['events', 'ticket_types', 'users', 'waitlist_entries'];
const READ = ['idempotency_keys', 'orders', 'payments', 'seats', 'tickets'];

const LIST_LOCKED = statement({
  name: 'inventory-locked-tables',
  columns: { name: text('c.relname::text') },
  sql: (list) => `
  SELECT DISTINCT
    ${list}
  FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation
  WHERE l.locktype = 'relation'
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND c.relnamespace = 'public'::regnamespace
    AND l.pid <> pg_backend_pid()
    AND (
      c.relname = ANY(:read) AND l.mode = 'AccessExclusiveLock'
      OR c.relname = ANY(:referredTo) AND l.mode IN ('ExclusiveLock', 'AccessExclusiveLock')
      OR c.relname = ANY(:written) AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
    )
  ORDER BY 1`,
});

/** Lists those tables that another session has locked or waits to lock, by hand or for maintenance, so that every batch has to wait. */
export async function listLockedTables(db: Db): Promise<string[]> {
  const rows = await query(db, LIST_LOCKED, { read: READ, referredTo: REFERRED_TO, written: WRITTEN });
  return rows.map(({ name }) => name);
}

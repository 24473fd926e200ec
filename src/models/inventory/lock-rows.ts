import { getPreparedName, send, type Db, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';

/** Rows beside the inventory of events that the commands of a batch need. */
export interface NeededRows {
  /** Events and users that new rows will refer to. */
  eventIds: number[];
  userIds: number[];
  /** Users with a place in the waitlist of the event. */
  pairs: { userId: number; eventId: number }[];
  bookingIds: number[];
  paymentIds: number[];
  entryIds: number[];
  seatIds: number[];
  codes: { eventId: number; code: string }[];
  /** Of all commands: for their ticket types. */
  commandEventIds: number[];
  /** Whose waitlists may be offered tickets. */
  lineEventIds: number[];
}

/**
 * A row that another transaction holds. `id` names what is to be kept from: for `booking` the booking that it is a part of,
 * for `pair` the user, for `line` the event.
 */
export interface HeldRow {
  kind: 'event' | 'user' | 'code' | 'booking' | 'payment' | 'type' | 'stock' | 'seat' | 'entry' | 'pair' | 'line';
  id: number;
  /** Of a code, type, stock or pair. */
  eventId: number | null;
  code: string | null;
}

interface Lookup extends Partial<Record<'id' | 'eventId' | 'code', string>> {
  kind: HeldRow['kind'];
  /** Left out where there are none of these. */
  of: keyof NeededRows;
  /** The rows, `t`, as a FROM clause. */
  from: string;
  /** What names a row; `t.id` unless said. */
  key?: string;
  /** The lock that the batch's own statements would wait for. */
  mode: 'KEY SHARE' | 'NO KEY UPDATE' | 'UPDATE';
}

/** How far down a waitlist it is looked: further than one batch makes offers. */
const LINE_LENGTH = 256;
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
    of: 'entryIds',
    mode: 'NO KEY UPDATE',
    from: 'waitlist_entries t WHERE t.id = ANY(:entryIds::int[])',
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
    kind: 'line',
    of: 'lineEventIds',
    mode: 'NO KEY UPDATE',
    from: `unnest(:lineEventIds::int[]) AS l(event_id)
      CROSS JOIN LATERAL (SELECT id FROM waitlist_entries WHERE event_id = l.event_id AND status = 'waiting'
                          ORDER BY id LIMIT ${LINE_LENGTH}) h
      JOIN waitlist_entries t ON t.id = h.id`,
    id: 't.event_id',
  },
];

const getKeyColumn = ({ key = 't.id' }: Lookup): string => key;

const lockable = (lookup: Lookup, index: number): string =>
  `l${index} AS MATERIALIZED (SELECT ${getKeyColumn(lookup)} AS key FROM ${lookup.from} FOR ${lookup.mode} OF t SKIP LOCKED)`;

function held(lookup: Lookup, index: number): string {
  const { kind, id = 't.id', eventId = 'NULL::int', code = 'NULL::text', from } = lookup;
  return `SELECT '${kind}' AS kind, r.id, r.event_id AS "eventId", r.code
    FROM (SELECT ${getKeyColumn(lookup)} AS key, ${id} AS id, ${eventId} AS event_id, ${code} AS code FROM ${from}) r
    WHERE r.key NOT IN (SELECT key FROM l${index})`;
}

/** Only of what there is something to look for: no table is touched that the commands do not need. */
function getStatement(needed: NeededRows): { sql: string; name: string } {
  const lookups = LOOKUPS.filter(({ of }) => needed[of].length > 0);
  const sql = `WITH ${lookups.map(lockable).join(',\n')}\n${lookups.map(held).join('\nUNION ALL ')}`;
  return { sql, name: lookups.map((lookup) => LOOKUPS.indexOf(lookup)).join('.') };
}

/** Locks what nobody else holds of these rows, as the batch's statements will, and returns the others. Waits for nothing. */
export async function lockUnheldRows(trx: Trx, needed: NeededRows): Promise<HeldRow[]> {
  const { sql, name } = getStatement(needed);
  return send(
    trx,
    trx
      .raw(sql, {
        eventIds: toNumberArray(needed.eventIds),
        userIds: toNumberArray(needed.userIds),
        codeEvents: toNumberArray(needed.codes.map(({ eventId }) => eventId)),
        codes: toTextArray(needed.codes.map(({ code }) => code)),
        bookingIds: toNumberArray(needed.bookingIds),
        paymentIds: toNumberArray(needed.paymentIds),
        commandEventIds: toNumberArray(needed.commandEventIds),
        lineEventIds: toNumberArray(needed.lineEventIds),
        seatIds: toNumberArray(needed.seatIds),
        entryIds: toNumberArray(needed.entryIds),
        pairUsers: toNumberArray(needed.pairs.map(({ userId }) => userId)),
        pairEvents: toNumberArray(needed.pairs.map(({ eventId }) => eventId)),
      })
      .options(getPreparedName(`inventory-lock-unheld-${name}`)),
  );
}

// Tables without which nobody can book: by what is done to them, and so by the locks that it waits for. Others are needed by
// some commands only.
const WRITTEN = ['event_inventory', 'ticket_type_inventory', 'bookings', 'booking_items', 'outbox_messages'];
const REFERRED_TO = ['events', 'ticket_types', 'users', 'waitlist_entries'];
const READ = ['idempotency_keys', 'orders', 'payments', 'seats', 'tickets'];

/** Which of those tables somebody has locked, or waits to lock, so that every batch has to wait: by hand, or for maintenance. */
export async function listLockedTables(db: Db): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { name: string }[] }>(
    `SELECT DISTINCT c.relname AS name FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
     WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
       AND c.relnamespace = 'public'::regnamespace AND l.pid <> pg_backend_pid()
       AND (c.relname = ANY(:read) AND l.mode = 'AccessExclusiveLock'
         OR c.relname = ANY(:referredTo) AND l.mode IN ('ExclusiveLock', 'AccessExclusiveLock')
         OR c.relname = ANY(:written) AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
     ORDER BY 1`,
    { read: READ, referredTo: REFERRED_TO, written: WRITTEN },
  );
  return rows.map(({ name }) => name);
}

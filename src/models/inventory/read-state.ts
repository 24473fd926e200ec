import type { Db, Trx } from '../../database';
import type { RefundPolicy } from '../../lib/booking-terms';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { EventStatus } from '../../lib/statuses';
import { isActiveBooking } from '../sql';
import {
  bool,
  decimal,
  float8,
  int4,
  int4Array,
  int8,
  json,
  jsonb,
  jsonRows,
  ms,
  orNull,
  pipeline,
  query,
  statement,
  text,
  type ResultOf,
  type RowOf,
} from '../statement';
import { BOOKING, HAS_HISTORY, WAITLIST_ENTRY } from './columns';
import type { BatchState, BookingState, InventoryState, Rules, TypeState, WaitlistEntryState } from './types';

const LOCKED = { event_id: int4('event_id'), waiting: int4('waiting') };

export type LockedRow = RowOf<typeof LOCKED>;

const toLockStatement = (wait: 'wait' | 'skip') =>
  statement({
    name: `inventory-lock-${wait}`,
    isPrepared: true,
    columns: LOCKED,
    sql: (list) => `
  SELECT
    ${list}
  FROM event_inventory
  WHERE event_id = ANY(:ids::int[])
  ORDER BY event_id
  FOR UPDATE ${wait === 'skip' ? 'SKIP LOCKED' : ''}`,
  });

const LOCK_INVENTORY = { wait: toLockStatement('wait'), skip: toLockStatement('skip') };

/** Locks the inventory rows of these events, in the order of their ids; `skip` leaves out rows that another transaction holds. */
export async function lockInventory(
  trx: Trx,
  eventIds: number[],
  wait: 'wait' | 'skip' = 'wait',
): Promise<LockedRow[]> {
  return pipeline(trx, LOCK_INVENTORY[wait], { ids: toNumberArray(eventIds) });
}

const LOCK_ORDERS = statement({
  name: 'inventory-lock-orders',
  isPrepared: true,
  columns: {},
  sql: () => 'SELECT FROM orders WHERE booking_id = ANY(:ids::int[]) ORDER BY id FOR UPDATE',
});

/** Locks the orders of these bookings, so that their payments do not change until the batch commits. */
export async function lockOrdersOfBookings(trx: Trx, bookingIds: number[]): Promise<void> {
  if (bookingIds.length > 0) await pipeline(trx, LOCK_ORDERS, { ids: toNumberArray(bookingIds) });
}

const LOCK_TICKETS = statement({
  name: 'inventory-lock-tickets',
  isPrepared: true,
  columns: {},
  sql: () => 'SELECT FROM tickets WHERE booking_id = ANY(:ids::int[]) ORDER BY id FOR UPDATE',
});

/** Locks the tickets of these bookings, so that none is checked in or transferred until the batch commits. */
export async function lockTicketsOfBookings(trx: Trx, bookingIds: number[]): Promise<void> {
  if (bookingIds.length > 0) await pipeline(trx, LOCK_TICKETS, { ids: toNumberArray(bookingIds) });
}

const RESERVE_ORDER_IDS = statement({
  name: 'inventory-order-ids',
  isPrepared: true,
  columns: { id: int4("nextval('orders_id_seq')::int") },
  sql: (list) => `SELECT ${list} FROM generate_series(1, :count::int)`,
});

/** Reserves ids for orders that are about to be written. */
export async function reserveOrderIds(trx: Trx, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await pipeline(trx, RESERVE_ORDER_IDS, { count });
  return rows.map(({ id }) => id);
}

/** Returns those of the ids that have an inventory row. */
export async function findInventoryIds(db: Db, eventIds: number[]): Promise<number[]> {
  return db('event_inventory').whereIn('event_id', eventIds).pluck('event_id');
}

/** Selects the state that a batch's rules need. */
export interface StateRequest {
  eventIds: number[];
  /** Users who book, join or leave, each with the event. */
  pairs: { userId: number; eventId: number }[];
  bookingIds: number[];
  /** The bookings that may be cancelled. */
  cancelledIds: number[];
  waitlistEntryIds: number[];
  keys: { userId: number; key: string }[];
  /** Commands that may have been committed before. */
  requests: { userId: number; requestId: string }[];
  /** The number of bookings that the batch may make, at most. */
  newBookings: number;
  /** Ids that an earlier batch reserved and did not use. */
  spareIds: number[];
}

const EVENTS = statement({
  name: 'inventory-events',
  columns: {
    id: int4('e.id'),
    organizerId: int4('e.organizer_id'),
    title: text('e.title'),
    status: text<EventStatus>('e.status'),
    isDeleted: bool('e.deleted_at IS NOT NULL'),
    startsAt: ms('e.starts_at'),
    endsAt: ms('e.ends_at'),
    timezone: text('e.timezone'),
    venueName: orNull(text('e.venue_name')),
    venueAddress: orNull(text('e.venue_address')),
    coverKey: orNull(text('e.cover_key')),
    currency: text('e.currency'),
    taxRate: decimal('e.tax_rate'),
    isTaxInclusive: bool('e.is_tax_inclusive'),
    cancellationWindowHours: orNull(float8('e.cancellation_window_hours::float8')),
    refundPolicy: orNull(jsonb<RefundPolicy>('e.refund_policy')),
    maxPerUser: orNull(int4('e.max_per_user')),
    allowMultipleBookings: bool('e.allow_multiple_bookings'),
    rescheduledAt: orNull(ms('e.rescheduled_at')),
    capacity: orNull(int4('i.capacity')),
    sold: int4('i.sold'),
    held: int4('i.held'),
    waiting: int4('i.waiting'),
    seating: orNull(int4('i.seating')),
    isOrganizerSuspended: bool("o.status = 'suspended'"),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM events e
  JOIN event_inventory i ON i.event_id = e.id
  JOIN users o ON o.id = e.organizer_id
  WHERE e.id = ANY(:eventIds::int[])`,
});

const TYPES = statement({
  name: 'inventory-types',
  columns: {
    eventId: int4('t.event_id'),
    id: int4('t.id'),
    name: text('t.name'),
    price: decimal('t.price'),
    salesStartAt: orNull(ms('t.sales_start_at')),
    salesEndAt: orNull(ms('t.sales_end_at')),
    minPerBooking: int4('t.min_per_booking'),
    maxPerBooking: orNull(int4('t.max_per_booking')),
    capacity: orNull(int4('i.capacity')),
    sold: int4('i.sold'),
    held: int4('i.held'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM ticket_types t
  JOIN ticket_type_inventory i ON i.ticket_type_id = t.id
  WHERE t.event_id = ANY(:eventIds::int[]) AND t.deleted_at IS NULL
  ORDER BY t.id`,
});

const BOOKINGS = statement({
  name: 'inventory-bookings',
  columns: BOOKING,
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT unnest(:bookingIds::int[]) AS id
    UNION
    SELECT b.id
    FROM unnest(:requestUsers::int[], :requestIds::uuid[]) AS r(user_id, request_id)
    JOIN bookings b ON b.user_id = r.user_id AND b.request_id = r.request_id
  ) wanted
  JOIN bookings b ON b.id = wanted.id`,
});

// Pairs are looked up one by one: for `user_id = ANY(..) AND event_id = ANY(..)` the planner may pick the event's index, which grows
// with the sale. At most as many bookings are read as the limit per user allows tickets, because each has at least one.
const HOLDINGS = statement({
  name: 'inventory-holdings',
  columns: {
    userId: int4('p.user_id'),
    eventId: int4('p.event_id'),
    tickets: int8('h.tickets'),
    // Computed only for the pairs that are found, which are rare while an event sells.
    unpaidTickets: int8(`(
      SELECT coalesce(sum(b.tickets_count) FILTER (WHERE b.status = 'pending'), 0)
      FROM bookings b
      WHERE b.user_id = p.user_id AND b.event_id = p.event_id AND ${isActiveBooking('b.status')}
        AND b.id <> ALL (:bookingIds::int[]) AND b.request_id <> ALL (:requestIds::uuid[])
    )`),
    booking: json<Pick<BookingState, 'id' | 'reference'>>("json_build_object('id', h.id, 'reference', h.reference)"),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:pairUsers::int[], :pairEvents::int[]) AS p(user_id, event_id)
  CROSS JOIN LATERAL (
    SELECT
      sum(o.tickets_count) AS tickets,
      (array_agg(o.id))[1] AS id,
      (array_agg(o.reference))[1] AS reference
    FROM (
      SELECT b.id, b.reference, b.tickets_count
      FROM bookings b
      WHERE b.user_id = p.user_id AND b.event_id = p.event_id AND ${isActiveBooking('b.status')}
        AND b.id <> ALL (:bookingIds::int[]) AND b.request_id <> ALL (:requestIds::uuid[])
      LIMIT (SELECT coalesce(max_per_user, 1) FROM events WHERE id = p.event_id)
    ) o
  ) h
  WHERE h.id IS NOT NULL`,
});

const ENTRIES = statement({
  name: 'inventory-entries',
  columns: WAITLIST_ENTRY,
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT w.id
    FROM unnest(:pairUsers::int[], :pairEvents::int[]) AS p(user_id, event_id)
    JOIN waitlist_entries w ON w.user_id = p.user_id AND w.event_id = p.event_id AND w.status IN ('waiting', 'offered')
    UNION
    SELECT unnest(:waitlistEntryIds::int[])
    UNION
    SELECT w.id
    FROM unnest(:requestUsers::int[], :requestIds::uuid[]) AS r(user_id, request_id)
    JOIN waitlist_entries w ON w.user_id = r.user_id AND w.request_id = r.request_id
  ) wanted
  JOIN waitlist_entries w ON w.id = wanted.id
  ORDER BY w.id`,
});

const STORED_RESULTS = statement({
  name: 'inventory-stored-results',
  columns: {
    user: text("k.user_id || ':' || k.key"),
    fingerprint: text('k.fingerprint'),
    data: orNull(json('k.answer')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:keyUsers::int[], :keys::text[]) AS p(user_id, key)
  JOIN idempotency_keys k ON k.user_id = p.user_id AND k.key = p.key AND k.expires_at > now()`,
});

const READ_STATE = statement({
  name: 'inventory-read',
  isPrepared: true,
  columns: {
    now: ms('now()'),
    events: jsonRows(EVENTS),
    types: jsonRows(TYPES),
    bookings: jsonRows(BOOKINGS),
    holdings: jsonRows(HOLDINGS),
    entries: jsonRows(ENTRIES),
    idempotentResults: jsonRows(STORED_RESULTS),
    newIds: orNull(
      int4Array("(SELECT array_agg(nextval('bookings_id_seq')::int) FROM generate_series(1, :missingIds::int))"),
    ),
  },
  sql: (list) => `SELECT ${list}`,
});

type StateRow = ResultOf<typeof READ_STATE>;

/** Reads the state of a batch in one statement. Valid only if sent after the statement that takes the lock. */
export async function readInventoryState(trx: Trx, request: StateRequest, rules: Rules): Promise<BatchState> {
  const [row] = await pipeline(trx, READ_STATE, {
    eventIds: toNumberArray(request.eventIds),
    pairUsers: toNumberArray(request.pairs.map(({ userId }) => userId)),
    pairEvents: toNumberArray(request.pairs.map(({ eventId }) => eventId)),
    bookingIds: toNumberArray(request.bookingIds),
    waitlistEntryIds: toNumberArray(request.waitlistEntryIds),
    keyUsers: toNumberArray(request.keys.map(({ userId }) => userId)),
    keys: toTextArray(request.keys.map(({ key }) => key)),
    requestUsers: toNumberArray(request.requests.map(({ userId }) => userId)),
    requestIds: toTextArray(request.requests.map(({ requestId }) => requestId)),
    missingIds: request.newBookings - request.spareIds.length,
  });
  return { ...toState(row!, rules), newIds: [...request.spareIds, ...(row!.newIds ?? [])], newOrderIds: [] };
}

function toState(row: StateRow, rules: Rules): InventoryState {
  const events = new Map((row.events ?? []).map((event) => [event.id, { ...event, types: [] as TypeState[] }]));
  for (const type of row.types ?? []) events.get(type.eventId)?.types.push(type);
  return {
    now: row.now,
    rules,
    events,
    bookings: new Map((row.bookings ?? []).map((booking) => [booking.id, booking])),
    holdings: row.holdings ?? [],
    waitlistEntries: new Map((row.entries ?? []).map((entry) => [entry.id, entry])),
    // Read later, if there are any.
    discounts: new Map(),
    seating: { seatingPlans: new Map(), taken: new Set() },
    products: new Map(),
    storeOrders: new Map(),
    carts: new Map(),
    credits: new Map(),
    idempotentResults: new Map(
      (row.idempotentResults ?? []).map(({ user, fingerprint, data }) => [
        user,
        { fingerprint, result: { stored: data } },
      ]),
    ),
  };
}

export interface WaitlistQueueRequest {
  eventId: number;
  /** 0 for entries that accept any type. */
  ticketTypeId: number;
  /** The most tickets that could become available in the batch. */
  max: number;
}

// Entries of one kind (type, size, accepting fewer or not) are served in order, so the first few of each kind include all that fit.
const READ_WAITLIST_QUEUES = statement({
  name: 'inventory-waitlist-queues',
  isPrepared: true,
  columns: { ...WAITLIST_ENTRY, hasHistory: bool(HAS_HISTORY) },
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:eventIds::int[], :typeIds::int[], :max::int[]) AS l(event_id, ticket_type_id, max)
  CROSS JOIN generate_series(1, :maxSize::int) AS size
  CROSS JOIN (VALUES (true), (false)) AS f(is_accepting_fewer)
  CROSS JOIN LATERAL (
    SELECT w.*
    FROM waitlist_entries w
    JOIN users u ON u.id = w.user_id AND u.status = 'active'
    WHERE w.event_id = l.event_id AND w.is_accepting_fewer = f.is_accepting_fewer AND w.tickets_count = size
      AND coalesce(w.ticket_type_id, 0) = l.ticket_type_id AND w.status = 'waiting'
    ORDER BY w.id
    LIMIT CASE WHEN f.is_accepting_fewer THEN l.max ELSE l.max / size END
  ) w
  ORDER BY w.id`,
});

/** Reads the heads of waitlist queues: the entries that could be offered tickets, in order of joining. */
export async function readWaitlistQueues(
  trx: Trx,
  requests: WaitlistQueueRequest[],
  maxSize: number,
): Promise<WaitlistEntryState[]> {
  return query(trx, READ_WAITLIST_QUEUES, {
    eventIds: toNumberArray(requests.map(({ eventId }) => eventId)),
    typeIds: toNumberArray(requests.map(({ ticketTypeId }) => ticketTypeId)),
    max: toNumberArray(requests.map(({ max }) => max)),
    maxSize,
  });
}

import { getPreparedName, send, type Db, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { IS_ATTENDEE_KNOWN, IS_TRANSFERRED } from '../tickets/ticket-holders';
import type {
  BatchState,
  BookingState,
  WaitlistEntryState,
  EventState,
  Holding,
  InventoryState,
  Rules,
  TypeState,
} from './types';
import { isActiveBooking, toMs } from '../sql';

export interface LockedRow {
  event_id: number;
  waiting: number;
}

/** Locks the inventory rows of these events, in the order of their ids; `skip` leaves out rows that another transaction holds. */
export async function lockInventory(
  trx: Trx,
  eventIds: number[],
  wait: 'wait' | 'skip' = 'wait',
): Promise<LockedRow[]> {
  return send(
    trx,
    trx
      .raw(
        `SELECT event_id, waiting FROM event_inventory WHERE event_id = ANY(:ids::int[]) ORDER BY event_id FOR UPDATE ${wait === 'skip' ? 'SKIP LOCKED' : ''}`,
        { ids: toNumberArray(eventIds) },
      )
      .options(getPreparedName(`inventory-lock-${wait}`)),
  );
}

/** Locks the orders of these bookings, so that their payments do not change until the batch commits. */
export async function lockOrdersOfBookings(trx: Trx, bookingIds: number[]): Promise<void> {
  if (bookingIds.length === 0) return;
  await send(
    trx,
    trx
      .raw('SELECT FROM orders WHERE booking_id = ANY(:ids::int[]) ORDER BY id FOR UPDATE', {
        ids: toNumberArray(bookingIds),
      })
      .options(getPreparedName('inventory-lock-orders')),
  );
}

/** Locks the tickets of these bookings, so that none is checked in or transferred until the batch commits. */
export async function lockTicketsOfBookings(trx: Trx, bookingIds: number[]): Promise<void> {
  if (bookingIds.length === 0) return;
  await send(
    trx,
    trx
      .raw('SELECT FROM tickets WHERE booking_id = ANY(:ids::int[]) ORDER BY id FOR UPDATE', {
        ids: toNumberArray(bookingIds),
      })
      .options(getPreparedName('inventory-lock-tickets')),
  );
}

/** Reserves ids for orders that are about to be written. */
export async function reserveOrderIds(trx: Trx, count: number): Promise<number[]> {
  if (count === 0) return [];
  const rows = await send<{ id: number }>(
    trx,
    trx
      .raw("SELECT nextval('orders_id_seq')::int AS id FROM generate_series(1, :count::int)", { count })
      .options(getPreparedName('inventory-order-ids')),
  );
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

interface StateRow {
  now: number;
  events: EventState[] | null;
  types: (TypeState & { eventId: number })[] | null;
  bookings: BookingState[] | null;
  holdings: Holding[] | null;
  entries: WaitlistEntryState[] | null;
  idempotentResults: { user: string; fingerprint: string; data: unknown }[] | null;
  newIds: number[] | null;
}

const EVENTS = `
  SELECT e.id, e.organizer_id AS "organizerId", e.title, e.status, e.deleted_at IS NOT NULL AS "isDeleted",
         ${toMs('e.starts_at')} AS "startsAt", ${toMs('e.ends_at')} AS "endsAt", e.timezone, e.venue_name AS "venueName",
         e.venue_address AS "venueAddress", e.cover_key AS "coverKey", e.currency, e.tax_rate::text AS "taxRate",
         e.is_tax_inclusive AS "isTaxInclusive", e.cancellation_window_hours AS "cancellationWindowHours",
         e.refund_policy AS "refundPolicy",
         e.max_per_user AS "maxPerUser", e.allow_multiple_bookings AS "allowMultipleBookings",
         ${toMs('e.rescheduled_at')} AS "rescheduledAt", i.capacity, i.sold, i.held, i.waiting, i.seating,
         o.status = 'suspended' AS "isOrganizerSuspended"
  FROM events e JOIN event_inventory i ON i.event_id = e.id JOIN users o ON o.id = e.organizer_id WHERE e.id = ANY(:eventIds::int[])`;

const TYPES = `
  SELECT t.event_id AS "eventId", t.id, t.name, t.price::text, ${toMs('t.sales_start_at')} AS "salesStartAt", ${toMs('t.sales_end_at')} AS "salesEndAt",
         t.min_per_booking AS "minPerBooking", t.max_per_booking AS "maxPerBooking", i.capacity, i.sold, i.held
  FROM ticket_types t JOIN ticket_type_inventory i ON i.ticket_type_id = t.id
  WHERE t.event_id = ANY(:eventIds::int[]) AND t.deleted_at IS NULL ORDER BY t.id`;

/** A ticket as part of a booking; `t` is its row. */
export const TICKET = `json_build_object('id', t.id, 'ticketTypeId', t.ticket_type_id, 'nonce', t.nonce, 'status', t.status,
  'isTransferred', ${IS_TRANSFERRED}, 'checkedInAt', ${toMs('t.checked_in_at')}, 
  'attendeeName', CASE WHEN ${IS_ATTENDEE_KNOWN} THEN t.attendee_name END, 'seatId', t.seat_id)`;

/** A seat as part of a booking or ticket; `s` is its row. */
export const SEAT = `json_build_object('id', s.id, 'section', s.section, 'row', s.row_name, 'number', s.number, 'ticketTypeId', s.ticket_type_id)`;

/** Returns an expression for all seats of a booking. */
export const selectSeats = (bookingId: string): string => `
  coalesce((SELECT json_agg(${SEAT} ORDER BY i.ticket_type_id, n) FROM booking_items i CROSS JOIN unnest(i.seat_ids) WITH ORDINALITY AS u(id, n)
            JOIN seats s ON s.id = u.id WHERE i.booking_id = ${bookingId}), '[]')`;

const ORDER = `
  (SELECT json_build_object('id', o.id, 'orderNumber', o.order_number, 'status', o.status, 'total', o.total::text, 'currency', o.currency,
     'paymentId', o.payment_id, 'payments', coalesce((
       SELECT json_agg(json_build_object('id', p.id, 'provider', p.provider, 'intentId', p.intent_id, 'status', p.status, 'amount', p.amount::text,
         'currency', p.currency, 'captured', p.captured::text, 'refunded', p.refunded::text, 'isDisputed', p.is_disputed) ORDER BY p.id)
       FROM payments p WHERE p.order_id = o.id), '[]'))
   FROM orders o WHERE o.booking_id = b.id)`;

export const BOOKING_COLUMNS = `
  b.id, b.reference, b.user_id AS "userId", b.event_id AS "eventId", b.tickets_count AS "ticketsCount", b.status,
  b.total_amount::text AS "totalAmount", b.discount_amount::text AS "discountAmount", b.discount_id AS "discountId", b.currency, b.is_exclusive AS "isExclusive",
  b.cancellation_window_hours AS "cancellationWindowHours", b.refund_policy AS "refundPolicy",
  b.request_id AS "requestId", b.cancel_request_id AS "cancelRequestId", b.cancel_reason AS "cancelReason",
  ${toMs('b.expires_at')} AS "expiresAt", ${toMs('b.created_at')} AS "createdAt", ${toMs('b.confirmed_at')} AS "confirmedAt",
  ${toMs('b.cancelled_at')} AS "cancelledAt", ${toMs('b.expired_at')} AS "expiredAt", ${ORDER} AS "order",
  (SELECT json_agg(json_build_object('ticketTypeId', bi.ticket_type_id, 'name', tt.name, 'quantity', bi.quantity, 'unitPrice', bi.unit_price::text,
     'seats', CASE WHEN bi.seat_ids IS NOT NULL THEN (SELECT json_agg(${SEAT} ORDER BY n) FROM unnest(bi.seat_ids) WITH ORDINALITY AS u(id, n) JOIN seats s ON s.id = u.id) END)
     ORDER BY tt.id)
   FROM booking_items bi JOIN ticket_types tt ON tt.id = bi.ticket_type_id WHERE bi.booking_id = b.id) AS items,
  coalesce((SELECT json_agg(${TICKET} ORDER BY t.ticket_type_id, t.id) FROM tickets t WHERE t.booking_id = b.id), '[]'::json) AS tickets`;

const BOOKINGS = `
  SELECT ${BOOKING_COLUMNS}
  FROM (SELECT unnest(:bookingIds::int[]) AS id
        UNION SELECT b.id FROM unnest(:requestUsers::int[], :requestIds::uuid[]) AS r(user_id, request_id)
          JOIN bookings b ON b.user_id = r.user_id AND b.request_id = r.request_id) wanted
  JOIN bookings b ON b.id = wanted.id`;

// Pairs are looked up one by one: for `user_id = ANY(..) AND event_id = ANY(..)` the planner may pick the event's index, which grows
// with the sale. At most as many bookings are read as the limit per user allows tickets, because each has at least one.
const HOLDINGS = `
  SELECT p.user_id AS "userId", p.event_id AS "eventId", h.tickets, json_build_object('id', h.id, 'reference', h.reference) AS booking
  FROM unnest(:pairUsers::int[], :pairEvents::int[]) AS p(user_id, event_id)
  CROSS JOIN LATERAL (
    SELECT sum(o.tickets_count) AS tickets, (array_agg(o.id))[1] AS id, (array_agg(o.reference))[1] AS reference
    FROM (SELECT b.id, b.reference, b.tickets_count FROM bookings b
          WHERE b.user_id = p.user_id AND b.event_id = p.event_id AND ${isActiveBooking('b.status')}
            AND b.id <> ALL (:bookingIds::int[]) AND b.request_id <> ALL (:requestIds::uuid[])
          LIMIT (SELECT coalesce(max_per_user, 1) FROM events WHERE id = p.event_id)) o
  ) h
  WHERE h.id IS NOT NULL`;

export const WAITLIST_ENTRY_COLUMNS = `
  w.id, w.user_id AS "userId", w.event_id AS "eventId", w.ticket_type_id AS "ticketTypeId", w.tickets_count AS "ticketsCount",
  w.is_accepting_fewer AS "acceptFewer", w.status, w.offered_count AS "offeredCount", w.offered_ticket_type_id AS "offeredTicketTypeId",
  ${toMs('w.offer_expires_at')} AS "offerExpiresAt", w.request_id AS "requestId", ${toMs('w.joined_at')} AS "joinedAt"`;

/** True if the user of entry `w` has paid for an order or attended an event. */
export const HAS_HISTORY = `(
  EXISTS (SELECT FROM orders o WHERE o.user_id = w.user_id AND o.status = 'paid')
  OR EXISTS (SELECT FROM bookings b JOIN events e ON e.id = b.event_id WHERE b.user_id = w.user_id AND b.status = 'confirmed' AND e.ends_at < now()))`;

const ENTRIES = `
  SELECT ${WAITLIST_ENTRY_COLUMNS}
  FROM (SELECT w.id FROM unnest(:pairUsers::int[], :pairEvents::int[]) AS p(user_id, event_id)
          JOIN waitlist_entries w ON w.user_id = p.user_id AND w.event_id = p.event_id AND w.status IN ('waiting', 'offered')
        UNION SELECT unnest(:waitlistEntryIds::int[])
        UNION SELECT w.id FROM unnest(:requestUsers::int[], :requestIds::uuid[]) AS r(user_id, request_id)
          JOIN waitlist_entries w ON w.user_id = r.user_id AND w.request_id = r.request_id) wanted
  JOIN waitlist_entries w ON w.id = wanted.id ORDER BY w.id`;

const STORED_RESULTS = `
  SELECT k.user_id || ':' || k.key AS "user", k.fingerprint, k.answer AS data
  FROM unnest(:keyUsers::int[], :keys::text[]) AS p(user_id, key)
  JOIN idempotency_keys k ON k.user_id = p.user_id AND k.key = p.key AND k.expires_at > now()`;

const toRows = (query: string): string => `(SELECT json_agg(r) FROM (${query}) r)`;

const READ_STATE = `
  SELECT ${toMs('now()')} AS now, ${toRows(EVENTS)} AS events, ${toRows(TYPES)} AS types, ${toRows(BOOKINGS)} AS bookings, ${toRows(HOLDINGS)} AS holdings,
         ${toRows(ENTRIES)} AS entries, ${toRows(STORED_RESULTS)} AS "idempotentResults",
         (SELECT array_agg(nextval('bookings_id_seq')::int) FROM generate_series(1, :missingIds::int)) AS "newIds"`;

/** Reads the state of a batch in one statement. Valid only if sent after the statement that takes the lock. */
export async function readInventoryState(trx: Trx, request: StateRequest, rules: Rules): Promise<BatchState> {
  const [row] = await send<StateRow>(
    trx,
    trx
      .raw(READ_STATE, {
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
      })
      .options(getPreparedName('inventory-read')),
  );
  return { ...toState(row!, rules), newIds: [...request.spareIds, ...(row!.newIds ?? [])] };
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
const READ_WAITLIST_QUEUES = `
  SELECT ${WAITLIST_ENTRY_COLUMNS}, ${HAS_HISTORY} AS "hasHistory"
  FROM unnest(:eventIds::int[], :typeIds::int[], :max::int[]) AS l(event_id, ticket_type_id, max)
  CROSS JOIN generate_series(1, :maxSize::int) AS size
  CROSS JOIN (VALUES (true), (false)) AS f(is_accepting_fewer)
  CROSS JOIN LATERAL (
    SELECT w.* FROM waitlist_entries w JOIN users u ON u.id = w.user_id AND u.status = 'active'
    WHERE w.event_id = l.event_id AND w.is_accepting_fewer = f.is_accepting_fewer AND w.tickets_count = size
      AND coalesce(w.ticket_type_id, 0) = l.ticket_type_id AND w.status = 'waiting'
    ORDER BY w.id
    LIMIT CASE WHEN f.is_accepting_fewer THEN l.max ELSE l.max / size END
  ) w
  ORDER BY w.id`;

/** Reads the heads of waitlist queues: the entries that could be offered tickets, in order of joining. */
export async function readWaitlistQueues(
  trx: Trx,
  requests: WaitlistQueueRequest[],
  maxSize: number,
): Promise<WaitlistEntryState[]> {
  const { rows } = await trx
    .raw<{ rows: WaitlistEntryState[] }>(READ_WAITLIST_QUEUES, {
      eventIds: toNumberArray(requests.map(({ eventId }) => eventId)),
      typeIds: toNumberArray(requests.map(({ ticketTypeId }) => ticketTypeId)),
      max: toNumberArray(requests.map(({ max }) => max)),
      maxSize,
    })
    .options(getPreparedName('inventory-requests'));
  return rows;
}

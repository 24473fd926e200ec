import type { Db } from '../../database';
import type { EventSummaryRow } from '../events/event-summary';
import { EVENT_SUMMARY } from '../events/event-summary';
import { BOOKING } from '../inventory/columns';
import type { BookingState, BookingStatus } from '../inventory/types';
import { HAS_TRANSFERRED } from '../tickets/ticket-holders';
import { ACTIVE_BOOKING_STATUSES } from '../../lib/statuses';
import { isActiveBooking } from '../sql';
import { int4, int8, json, orNull, query, queryPage, statement, statementFamily } from '../statement';

const BOOKING_OF_EVENT = { ...BOOKING, event: json<EventSummaryRow>(EVENT_SUMMARY) };

export interface BookingRow extends BookingState {
  event: EventSummaryRow;
}

const FIND = statement({
  name: 'bookings-find',
  columns: BOOKING_OF_EVENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings b
  JOIN events e ON e.id = b.event_id
  WHERE b.id = :id`,
});

export async function findBooking(db: Db, id: number): Promise<BookingRow | undefined> {
  return (await query(db, FIND, { id }))[0];
}

const FIND_BY_REFERENCE = statement({
  name: 'bookings-find-by-reference',
  columns: BOOKING_OF_EVENT,
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings b
  JOIN events e ON e.id = b.event_id
  WHERE b.reference = :reference`,
});

export async function findBookingByReference(db: Db, reference: string): Promise<BookingRow | undefined> {
  return (await query(db, FIND_BY_REFERENCE, { reference }))[0];
}

export interface BookingFilter {
  userId: number;
  status?: BookingStatus;
  eventId?: number;
  /** Whether the event has not ended yet; undefined for all. */
  upcoming?: boolean;
  limit: number;
  offset: number;
}

type ListForm = Pick<BookingFilter, 'status' | 'eventId' | 'upcoming'>;

function toConditions({ status, eventId, upcoming }: ListForm): string {
  const conditions = [
    'b.user_id = :userId',
    status && 'b.status = :status',
    eventId !== undefined && 'b.event_id = :eventId',
    upcoming !== undefined && (upcoming ? 'e.ends_at > now()' : 'e.ends_at <= now()'),
  ];
  return conditions.filter(Boolean).join(' AND ');
}

const LIST_FORMS: ListForm[] = [{}, { status: 'confirmed', eventId: 1, upcoming: true }, { upcoming: false }];

const LIST = statementFamily({
  name: 'bookings-list',
  columns: BOOKING_OF_EVENT,
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  FROM bookings b
  JOIN events e ON e.id = b.event_id
  WHERE ${toConditions(form)}
  ORDER BY b.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'bookings-count',
  columns: { total: int8('count(*)') },
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT ${list}
  FROM bookings b
  ${form.upcoming === undefined ? '' : 'JOIN events e ON e.id = b.event_id'}
  WHERE ${toConditions(form)}`,
});

/** Newest first, with the total count. */
export async function listBookings(
  db: Db,
  { userId, status, eventId, upcoming, limit, offset }: BookingFilter,
): Promise<{ rows: BookingRow[]; total: number }> {
  const form = { status, eventId, upcoming };
  const values = { userId, status: status ?? null, eventId: eventId ?? null };
  return queryPage(db, { list: LIST(form), count: COUNT(form) }, { ...values, limit, offset });
}

export interface ActiveBooking {
  id: number;
  eventId: number;
  /** The order of the checkout that made it. */
  orderId: number | null;
}

export interface DueBooking {
  id: number;
  eventId: number;
}

/**
 * Shortens holds that end later than a new hold could. They were made before the clock was turned back,
 * and would otherwise keep their tickets too long.
 */
export async function shortenFutureHolds(db: Db, holdMinutes: number): Promise<number> {
  return db('bookings')
    .where('status', 'pending')
    .whereRaw('expires_at > now() + make_interval(secs => ?)', [60 * (2 * holdMinutes + 1)])
    .update({ expires_at: db.raw('now() + make_interval(secs => ?)', [60 * holdMinutes]) });
}

/** Lists overdue unpaid bookings that nobody may be paying for. An open payment intent delays expiry by at most an hour. */
export async function listDueHolds(db: Db, limit: number): Promise<DueBooking[]> {
  return (
    db('bookings')
      .where('status', 'pending')
      // One that a checkout made expires with its order.
      .whereNull('order_id')
      .where('expires_at', '<=', db.fn.now())
      .whereNotExists(
        db
          .from('orders as o')
          .join('payments as p', 'p.order_id', 'o.id')
          .whereRaw('o.booking_id = bookings.id')
          .whereRaw(
            "(p.status = 'processing' OR p.status IN ('pending', 'failed') AND bookings.expires_at > now() - interval '1 hour')",
          ),
      )
      .orderBy('expires_at')
      .limit(limit)
      .select({ id: 'id', eventId: 'event_id' })
  );
}

/** Lists active bookings of an event after an id. */
export async function listActiveBookings(
  db: Db,
  eventId: number,
  { after, limit }: { after: number; limit: number },
): Promise<ActiveBooking[]> {
  return db('bookings')
    .where({ event_id: eventId })
    .whereIn('status', ACTIVE_BOOKING_STATUSES)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .select({ id: 'id', eventId: 'event_id', orderId: 'order_id' });
}

const LIST_ACTIVE_OF_USER = statement({
  name: 'bookings-active-of-user',
  columns: { id: int4('b.id'), eventId: int4('b.event_id'), orderId: orNull(int4('b.order_id')) },
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings b
  JOIN events e ON e.id = b.event_id
  WHERE b.user_id = :userId AND ${isActiveBooking('b.status')} AND e.ends_at > now() AND NOT ${HAS_TRANSFERRED}`,
});

/** Lists a user's pending and upcoming confirmed bookings, except those with a ticket that someone else holds. */
export async function listActiveBookingsOfUser(db: Db, userId: number): Promise<ActiveBooking[]> {
  return query(db, LIST_ACTIVE_OF_USER, { userId });
}

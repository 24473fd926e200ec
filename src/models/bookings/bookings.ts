import type { Db } from '../../database';
import type { EventSummaryRow } from '../events/event-summary';
import { EVENT_SUMMARY } from '../events/event-summary';
import { BOOKING_COLUMNS } from '../inventory/read-state';
import type { BookingState, BookingStatus } from '../inventory/types';
import { HAS_TRANSFERRED } from '../tickets/ticket-holders';
import { ACTIVE_BOOKING_STATUSES } from '../../lib/statuses';
import { isActiveBooking } from '../sql';

export interface BookingRow extends BookingState {
  event: EventSummaryRow;
}

const FROM = `FROM bookings b JOIN events e ON e.id = b.event_id`;
const SELECT = `SELECT ${BOOKING_COLUMNS}, ${EVENT_SUMMARY} AS event ${FROM}`;

export async function findBooking(db: Db, id: number): Promise<BookingRow | undefined> {
  const { rows } = await db.raw<{ rows: BookingRow[] }>(`${SELECT} WHERE b.id = ?`, [id]);
  return rows[0];
}

export async function findBookingByReference(db: Db, reference: string): Promise<BookingRow | undefined> {
  const { rows } = await db.raw<{ rows: BookingRow[] }>(`${SELECT} WHERE b.reference = ?`, [reference]);
  return rows[0];
}

export interface BookingFilter {
  userId: number;
  status?: BookingStatus;
  eventId?: number;
  /** Whether the event is still to come; undefined: either. */
  upcoming?: boolean;
  limit: number;
  offset: number;
}

/** Newest first, with how many there are in all. */
export async function listBookings(
  db: Db,
  { userId, status, eventId, upcoming, limit, offset }: BookingFilter,
): Promise<{ rows: BookingRow[]; total: number }> {
  const conditions = ['b.user_id = :userId'];
  if (status) conditions.push('b.status = :status');
  if (eventId !== undefined) conditions.push('b.event_id = :eventId');
  if (upcoming !== undefined) conditions.push(upcoming ? 'e.ends_at > now()' : 'e.ends_at <= now()');
  const where = `WHERE ${conditions.join(' AND ')}`;
  const values = { userId, status: status ?? null, eventId: eventId ?? null, limit, offset };
  const [{ rows }, { rows: counted }] = await Promise.all([
    db.raw<{ rows: BookingRow[] }>(`${SELECT} ${where} ORDER BY b.id DESC LIMIT :limit OFFSET :offset`, values),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total ${upcoming === undefined ? 'FROM bookings b' : FROM} ${where}`,
      values,
    ),
  ]);
  return { rows, total: counted[0]!.total };
}

export interface DueBooking {
  id: number;
  eventId: number;
}

/**
 * Has holds that end further ahead than any can end when a hold of now would: they are of a clock that has been put back since,
 * and would keep their tickets for as long as that was ahead.
 */
export async function shortenFutureHolds(db: Db, holdMinutes: number): Promise<number> {
  return db('bookings')
    .where('status', 'pending')
    .whereRaw('expires_at > now() + make_interval(secs => ?)', [60 * (2 * holdMinutes + 1)])
    .update({ expires_at: db.raw('now() + make_interval(secs => ?)', [60 * holdMinutes]) });
}

/** Unpaid bookings whose hold is over, and that nobody may be paying for; for an hour at most an intent that is not closed keeps one. */
export async function listDueHolds(db: Db, limit: number): Promise<DueBooking[]> {
  return db('bookings')
    .where('status', 'pending')
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
    .select({ id: 'id', eventId: 'event_id' });
}

/** Active bookings of an event, from an id on. */
export async function listActiveBookingIds(
  db: Db,
  eventId: number,
  { after, limit }: { after: number; limit: number },
): Promise<number[]> {
  return db('bookings')
    .where({ event_id: eventId })
    .whereIn('status', ACTIVE_BOOKING_STATUSES)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .pluck('id');
}

/** A user's that are pending, or confirmed and still to come; without those of which somebody else holds a ticket. */
export async function listActiveBookingsOfUser(db: Db, userId: number): Promise<{ id: number; eventId: number }[]> {
  const { rows } = await db.raw<{ rows: { id: number; eventId: number }[] }>(
    `SELECT b.id, b.event_id AS "eventId" FROM bookings b JOIN events e ON e.id = b.event_id
     WHERE b.user_id = ? AND ${isActiveBooking('b.status')} AND e.ends_at > now() AND NOT ${HAS_TRANSFERRED}`,
    [userId],
  );
  return rows;
}

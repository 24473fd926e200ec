import type { Db, Trx } from '../database';
import { SEAT } from './inventory.model';
import type { BookingStatus, SeatPlace } from './inventory.types';

export async function findActiveBookingId(trx: Trx, eventId: number): Promise<number | undefined> {
  const row = (await trx('bookings')
    .where({ event_id: eventId })
    .whereIn('status', ['pending', 'confirmed'])
    .first('id')) as { id: number } | undefined;
  return row?.id;
}

export interface BookingTotals {
  pending: number;
  confirmed: number;
  cancelled: number;
  expired: number;
}

export async function findBookingTotals(db: Db, eventId: number): Promise<BookingTotals> {
  const { rows } = await db.raw<{ rows: BookingTotals[] }>(
    `SELECT count(*) FILTER (WHERE status = 'pending') AS pending, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
            count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE status = 'expired') AS expired
     FROM bookings WHERE event_id = ?`,
    [eventId],
  );
  return rows[0]!;
}

export interface BookingsPerSlot {
  /** Start of a quarter of an hour, of which every zone's days are made up. */
  slot: Date;
  bookings: number;
  tickets: number;
}

/** How many were made, whatever became of them. */
export async function listBookingsPerSlot(db: Db, eventId: number): Promise<BookingsPerSlot[]> {
  const { rows } = await db.raw<{ rows: BookingsPerSlot[] }>(
    `SELECT date_bin('15 minutes', created_at, 'epoch') AS slot, count(*) AS bookings, sum(tickets_count) AS tickets
     FROM bookings WHERE event_id = ? GROUP BY slot ORDER BY slot`,
    [eventId],
  );
  return rows;
}

export interface AttendeeTicket {
  id: number;
  ticketTypeId: number;
  attendeeName: string | null;
  attendeeEmail: string | null;
  /** Milliseconds since the epoch. */
  checkedInAt: number | null;
  seat: SeatPlace | null;
}

export interface AttendeeRow {
  bookingId: number;
  reference: string;
  status: BookingStatus;
  firstName: string | null;
  lastName: string | null;
  email: string;
  ticketsCount: number;
  bookedAt: Date;
  /** Those that count. */
  tickets: AttendeeTicket[] | null;
}

export interface AttendeeFilter {
  eventId: number;
  status: BookingStatus;
  limit: number;
}

const ATTENDEES = `SELECT b.id AS "bookingId", b.reference, b.status, u.first_name AS "firstName", u.last_name AS "lastName", u.email,
  b.tickets_count AS "ticketsCount", b.created_at AS "bookedAt",
  (SELECT json_agg(json_build_object('id', t.id, 'ticketTypeId', t.ticket_type_id, 'attendeeName', t.attendee_name, 'attendeeEmail', t.attendee_email,
     'checkedInAt', (extract(epoch FROM t.checked_in_at) * 1000)::bigint, 'seat', CASE WHEN s.id IS NOT NULL THEN ${SEAT} END)
     ORDER BY t.ticket_type_id, t.id)
   FROM tickets t LEFT JOIN seats s ON s.id = t.seat_id WHERE t.booking_id = b.id AND t.status = 'valid') AS tickets`;

/** In the order of booking, from behind a booking on. */
export async function listAttendeesAfter(
  db: Db,
  { eventId, status, limit, after }: AttendeeFilter & { after: number },
): Promise<AttendeeRow[]> {
  const { rows } = await db.raw<{ rows: AttendeeRow[] }>(
    `${ATTENDEES} FROM bookings b JOIN users u ON u.id = b.user_id
     WHERE b.event_id = :eventId AND b.status = :status AND b.id > :after ORDER BY b.id LIMIT :limit`,
    { eventId, status, limit, after },
  );
  return rows;
}

export const ATTENDEES_BOUND = 10_000;

/** A page in the order of booking; counting stops one behind the bound. */
export async function listAttendees(
  db: Db,
  filter: AttendeeFilter & { offset: number },
): Promise<{ rows: AttendeeRow[]; counted: number }> {
  const [page, count] = await Promise.all([
    db.raw<{ rows: AttendeeRow[] }>(
      `${ATTENDEES} FROM (SELECT * FROM bookings WHERE event_id = :eventId AND status = :status ORDER BY id LIMIT :limit OFFSET :offset) b
       JOIN users u ON u.id = b.user_id ORDER BY b.id`,
      { ...filter },
    ),
    db.raw<{ rows: { counted: number }[] }>(
      `SELECT count(*) AS counted FROM (SELECT 1 FROM bookings WHERE event_id = :eventId AND status = :status LIMIT :bound) n`,
      { ...filter, bound: ATTENDEES_BOUND + 1 },
    ),
  ]);
  return { rows: page.rows, counted: count.rows[0]!.counted };
}

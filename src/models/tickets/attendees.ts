import type { Db } from '../../database';
import { containsWords } from '../../lib/text/contains-words';
import { SEAT } from '../inventory/columns';
import type { BookingStatus, SeatPlace } from '../inventory/types';
import { IS_TRANSFERRED } from './ticket-holders';

/** A ticket with its attendee, as the organizer sees it. */
export interface AttendeeRow {
  ticketId: number;
  bookingId: number;
  reference: string;
  /** Null if the booking is free of charge. */
  orderId: number | null;
  /** The person named on the ticket, else the customer; null if that person was erased. */
  name: string | null;
  email: string | null;
  isTransferred: boolean;
  ticketTypeId: number;
  ticketTypeName: string;
  seat: SeatPlace | null;
  price: string;
  currency: string;
  status: 'valid' | 'void';
  checkedInAt: Date | null;
  bookedAt: Date;
}

export interface AttendeeFilter {
  eventId: number;
  /** The status of the ticket or of its booking. */
  status: 'valid' | 'void' | 'transferred' | BookingStatus;
  ticketTypeId?: number;
  checkedIn?: boolean;
  /** Words in the name, address, reference or order number. */
  search?: string;
}

const BOOKER = `nullif(trim(concat_ws(' ', u.first_name, u.last_name)), '')`;
const NAME = `coalesce(t.attendee_name, CASE WHEN t.transfers = 0 THEN ${BOOKER} END)`;
const EMAIL = `coalesce(t.attendee_email, CASE WHEN t.transfers = 0 THEN u.email END)`;
// Customers who booked for someone else are also found by their own name, unless the ticket is no longer theirs.
const SEARCHED = `concat_ws(' ', t.attendee_name, t.attendee_email,
  CASE WHEN t.transfers = 0 THEN concat_ws(' ', u.first_name, u.last_name, u.email) END, b.reference, o.order_number)`;

const SELECT = `SELECT t.id AS "ticketId", b.id AS "bookingId", b.reference, o.id AS "orderId", ${NAME} AS name, ${EMAIL} AS email,
  ${IS_TRANSFERRED} AS "isTransferred", t.ticket_type_id AS "ticketTypeId", y.name AS "ticketTypeName",
  CASE WHEN s.id IS NOT NULL THEN ${SEAT} END AS seat, i.unit_price::text AS price, b.currency, t.status,
  t.checked_in_at AS "checkedInAt", b.created_at AS "bookedAt"`;
const FROM = `FROM bookings b
  JOIN tickets t ON t.booking_id = b.id
  JOIN users u ON u.id = b.user_id
  LEFT JOIN orders o ON o.booking_id = b.id`;
const DETAILS = `JOIN ticket_types y ON y.id = t.ticket_type_id
  JOIN booking_items i ON i.booking_id = b.id AND i.ticket_type_id = t.ticket_type_id
  LEFT JOIN seats s ON s.id = t.seat_id`;

function toConditions({ eventId, status, ticketTypeId, checkedIn, search = '' }: AttendeeFilter) {
  const words = containsWords(SEARCHED, search);
  const values: Record<string, string | number> = { eventId, status, ...words.values };
  const conditions = ['b.event_id = :eventId'];
  if (status === 'transferred') conditions.push(`t.status = 'valid' AND ${IS_TRANSFERRED}`);
  else conditions.push(`${status === 'valid' || status === 'void' ? 't' : 'b'}.status = :status`);
  if (ticketTypeId !== undefined) {
    conditions.push('t.ticket_type_id = :ticketTypeId');
    values.ticketTypeId = ticketTypeId;
  }
  if (checkedIn !== undefined) conditions.push(`t.checked_in_at IS ${checkedIn ? 'NOT ' : ''}NULL`);
  conditions.push(...words.conditions);
  return { where: `WHERE ${conditions.join(' AND ')}`, values };
}

/** Lists attendees in order of booking, after a ticket. */
export async function listAttendeesAfter(
  db: Db,
  filter: AttendeeFilter,
  { bookingId, ticketId, limit }: { bookingId: number; ticketId: number; limit: number },
): Promise<AttendeeRow[]> {
  const { where, values } = toConditions(filter);
  const { rows } = await db.raw<{ rows: AttendeeRow[] }>(
    `${SELECT} ${FROM} ${DETAILS} ${where} AND b.id >= :bookingId AND (b.id, t.id) > (:bookingId, :ticketId)
     ORDER BY b.id, t.id LIMIT :limit`,
    { ...values, bookingId, ticketId, limit },
  );
  return rows;
}

export const MAX_COUNTED_ROWS = 10_000;

/** Returns a page in order of booking; the count stops one above the bound. */
export async function listAttendees(
  db: Db,
  filter: AttendeeFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: AttendeeRow[]; counted: number }> {
  const { where, values } = toConditions(filter);
  const [page, count] = await Promise.all([
    db.raw<{ rows: AttendeeRow[] }>(
      `${SELECT} ${FROM} ${DETAILS} ${where} ORDER BY b.id, t.id LIMIT :limit OFFSET :offset`,
      { ...values, limit, offset },
    ),
    db.raw<{ rows: { counted: number }[] }>(
      `SELECT count(*) AS counted FROM (SELECT 1 ${FROM} ${where} LIMIT :bound) n`,
      { ...values, bound: MAX_COUNTED_ROWS + 1 },
    ),
  ]);
  return { rows: page.rows, counted: count.rows[0]!.counted };
}

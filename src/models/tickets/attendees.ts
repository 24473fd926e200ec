import type { Db } from '../../database';
import { containsWords } from '../../lib/text/contains-words';
import { SEAT } from '../inventory/columns';
import type { BookingStatus, SeatPlace } from '../inventory/types';
import {
  bool,
  decimal,
  int4,
  int8,
  json,
  orNull,
  query,
  queryOne,
  statementFamily,
  text,
  timestamptz,
  type RowOf,
} from '../statement';
import { IS_TRANSFERRED } from './ticket-holders';

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

/** A ticket with its attendee, as the organizer sees it. */
const ATTENDEE = {
  ticketId: int4('t.id'),
  bookingId: int4('b.id'),
  reference: text('b.reference'),
  /** Null if the booking is free of charge. */
  orderId: orNull(int4('coalesce(o.id, c.id)')),
  /** The person named on the ticket, else the customer; null if that person was erased. */
  name: orNull(text(NAME)),
  email: orNull(text(EMAIL)),
  isTransferred: bool(IS_TRANSFERRED),
  ticketTypeId: int4('t.ticket_type_id'),
  ticketTypeName: text('y.name'),
  seat: orNull(json<SeatPlace>(`CASE WHEN s.id IS NOT NULL THEN ${SEAT} END`)),
  price: decimal('i.unit_price'),
  currency: text('b.currency'),
  status: text<'valid' | 'void'>('t.status'),
  checkedInAt: orNull(timestamptz('t.checked_in_at')),
  bookedAt: timestamptz('b.created_at'),
};

export type AttendeeRow = RowOf<typeof ATTENDEE>;

const FROM = `FROM bookings b
  JOIN tickets t ON t.booking_id = b.id
  JOIN users u ON u.id = b.user_id
  LEFT JOIN orders o ON o.booking_id = b.id
  LEFT JOIN orders c ON c.id = b.order_id`;
const DETAILS = `JOIN ticket_types y ON y.id = t.ticket_type_id
  JOIN booking_items i ON i.booking_id = b.id AND i.ticket_type_id = t.ticket_type_id
  LEFT JOIN seats s ON s.id = t.seat_id`;

// Customers who booked for someone else are also found by their own name, unless the ticket is no longer theirs.
const SEARCHED = `concat_ws(
    ' ',
    t.attendee_name,
    t.attendee_email,
    CASE WHEN t.transfers = 0 THEN concat_ws(' ', u.first_name, u.last_name, u.email) END,
    b.reference,
    o.order_number,
    c.order_number
  )`;

function toConditions({ status, ticketTypeId, checkedIn, search = '' }: AttendeeFilter): string {
  const conditions = ['b.event_id = :eventId'];
  if (status === 'transferred') conditions.push(`t.status = 'valid' AND ${IS_TRANSFERRED}`);
  else conditions.push(`${status === 'valid' || status === 'void' ? 't' : 'b'}.status = :status`);
  if (ticketTypeId !== undefined) conditions.push('t.ticket_type_id = :ticketTypeId');
  if (checkedIn !== undefined) conditions.push(`t.checked_in_at IS ${checkedIn ? 'NOT ' : ''}NULL`);
  conditions.push(...containsWords(SEARCHED, search).conditions);
  return conditions.join('\n    AND ');
}

const toValues = ({ eventId, status, ticketTypeId, search = '' }: AttendeeFilter) => ({
  eventId,
  status,
  ticketTypeId,
  ...containsWords(SEARCHED, search).values,
});

const EXAMPLES: AttendeeFilter[] = [
  { eventId: 1, status: 'transferred' },
  { eventId: 1, status: 'valid', ticketTypeId: 1, checkedIn: true, search: 'a b' },
  { eventId: 1, status: 'confirmed', checkedIn: false },
];

const LIST_AFTER = statementFamily({
  name: 'attendees-list-after',
  columns: ATTENDEE,
  examples: EXAMPLES,
  sql: (list, filter: AttendeeFilter) => `
  SELECT
    ${list}
  ${FROM}
  ${DETAILS}
  WHERE ${toConditions(filter)}
    AND b.id >= :bookingId
    AND (b.id, t.id) > (:bookingId, :ticketId)
  ORDER BY b.id, t.id
  LIMIT :limit`,
});

/** Lists attendees in order of booking, after a ticket. */
export async function listAttendeesAfter(
  db: Db,
  filter: AttendeeFilter,
  page: { bookingId: number; ticketId: number; limit: number },
): Promise<AttendeeRow[]> {
  return query(db, LIST_AFTER(filter), { ...toValues(filter), ...page });
}

const LIST = statementFamily({
  name: 'attendees-list',
  columns: ATTENDEE,
  examples: EXAMPLES,
  sql: (list, filter: AttendeeFilter) => `
  SELECT
    ${list}
  ${FROM}
  ${DETAILS}
  WHERE ${toConditions(filter)}
  ORDER BY b.id, t.id
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'attendees-count',
  columns: { counted: int8('count(*)') },
  examples: EXAMPLES,
  sql: (list, filter: AttendeeFilter) => `
  SELECT ${list}
  FROM (
    SELECT
    ${FROM}
    WHERE ${toConditions(filter)}
    LIMIT :bound
  ) n`,
});

export const MAX_COUNTED_ROWS = 10_000;

/** Returns a page in order of booking; the count stops one above the bound. */
export async function listAttendees(
  db: Db,
  filter: AttendeeFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: AttendeeRow[]; counted: number }> {
  const values = toValues(filter);
  const [rows, { counted }] = await Promise.all([
    query(db, LIST(filter), { ...values, limit, offset }),
    queryOne(db, COUNT(filter), { ...values, bound: MAX_COUNTED_ROWS + 1 }),
  ]);
  return { rows, counted };
}

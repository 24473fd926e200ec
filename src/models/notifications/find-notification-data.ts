import type { Db } from '../../database';
import type {
  BookingNotificationData,
  WaitlistNotificationData,
  EventNotificationData,
  Recipient,
  TicketNotificationData,
} from './notification-data';
import { toNumberArray } from '../../lib/pg-array';
import type { SeatName } from '../../lib/seats/seat-label';
import type { BookingStatus } from '../../lib/statuses';
import { SEAT, selectSeats } from '../inventory/columns';
import { IS_TRANSFERRED } from '../tickets/ticket-holders';
import { toMs } from '../sql';
import { bool, int2, int4, json, ms, numeric, orNull, query, statement, text } from '../statement';

const EVENT_OBJECT = `json_build_object(
      'id', e.id,
      'title', e.title,
      'status', e.status,
      'startsAt', ${toMs('e.starts_at')},
      'endsAt', ${toMs('e.ends_at')},
      'timezone', e.timezone,
      'venueName', e.venue_name,
      'venueAddress', e.venue_address,
      'version', e.version,
      'updatedAt', ${toMs('e.updated_at')},
      'organizer', (
        SELECT json_build_object(
          'id', r.id,
          'name', nullif(concat_ws(' ', r.first_name, r.last_name), ''),
          'email', CASE WHEN r.email_verified_at IS NOT NULL AND r.erased_at IS NULL THEN r.email END,
          'logoKey', r.logo_key
        )
        FROM users r
        WHERE r.id = e.organizer_id
      )
    )`;

const toRecipientObject = (u: string): string => `json_build_object(
      'userId', ${u}.id,
      'email', ${u}.email,
      'isVerified', ${u}.email_verified_at IS NOT NULL,
      'firstName', ${u}.first_name,
      'phone', ${u}.phone,
      'locale', ${u}.locale,
      'timezone', ${u}.timezone,
      'preferences', ${u}.notification_preferences
    )`;

/** The event `e`. */
export const EVENT_DATA = json<EventNotificationData>(EVENT_OBJECT);
/** The event `e`, or null if there is none. */
export const EVENT_DATA_OR_NULL = orNull(
  json<EventNotificationData>(`CASE WHEN e.id IS NOT NULL THEN ${EVENT_OBJECT} END`),
);
/** The user `u`. */
export const RECIPIENT = json<Recipient>(toRecipientObject('u'));

const LIST_BOOKINGS = statement({
  name: 'notifications-bookings',
  isPrepared: true,
  columns: {
    id: int4('b.id'),
    reference: text('b.reference'),
    status: text<BookingStatus>('b.status'),
    hasExpired: bool('b.expired_at IS NOT NULL'),
    ticketsCount: int4('b.tickets_count'),
    totalAmount: numeric('b.total_amount'),
    currency: text('b.currency'),
    cancelReason: orNull(text('b.cancel_reason')),
    hasInvoice: bool(
      'EXISTS (SELECT FROM orders o WHERE (o.booking_id = b.id OR o.id = b.order_id) AND o.paid_at IS NOT NULL)',
    ),
    holdsTickets: bool(
      `EXISTS (SELECT FROM tickets t WHERE t.booking_id = b.id AND t.status = 'valid' AND NOT (${IS_TRANSFERRED}))`,
    ),
    hasOtherHolders: bool(
      'EXISTS (SELECT FROM tickets t WHERE t.booking_id = b.id AND lower(t.attendee_email) <> lower(u.email))',
    ),
    seats: json<SeatName[]>(selectSeats('b.id')),
    event: EVENT_DATA,
    recipient: RECIPIENT,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings b
  JOIN events e ON e.id = b.event_id
  JOIN users u ON u.id = b.user_id
  WHERE b.id = ANY (:bookingIds::int[])`,
});

export async function listBookingNotificationData(db: Db, bookingIds: number[]): Promise<BookingNotificationData[]> {
  return query(db, LIST_BOOKINGS, { bookingIds: toNumberArray(bookingIds) });
}

const FIND_WAITLIST_ENTRY = statement({
  name: 'notifications-waitlist-entry',
  columns: {
    id: int4('w.id'),
    status: text('w.status'),
    ticketsCount: int4('w.tickets_count'),
    offeredCount: orNull(int4('w.offered_count')),
    offerExpiresAt: orNull(ms('w.offer_expires_at')),
    event: EVENT_DATA,
    recipient: RECIPIENT,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM waitlist_entries w
  JOIN events e ON e.id = w.event_id
  JOIN users u ON u.id = w.user_id
  WHERE w.id = :entryId`,
});

export async function findWaitlistNotificationData(
  db: Db,
  entryId: number,
): Promise<WaitlistNotificationData | undefined> {
  return (await query(db, FIND_WAITLIST_ENTRY, { entryId }))[0];
}

const FIND_TICKET = statement({
  name: 'notifications-ticket',
  columns: {
    id: int4('t.id'),
    status: text('t.status'),
    transfers: int2('t.transfers'),
    attendeeEmail: orNull(text('t.attendee_email')),
    attendeeName: orNull(text('t.attendee_name')),
    reference: text('b.reference'),
    cancelReason: orNull(text('b.cancel_reason')),
    ticketTypeName: text('y.name'),
    seat: orNull(json<SeatName>(`CASE WHEN s.id IS NOT NULL THEN ${SEAT} END`)),
    locale: text('CASE WHEN h.email_verified_at IS NOT NULL THEN h.locale ELSE u.locale END'),
    bookerId: int4('b.user_id'),
    sendsToAttendees: bool('e.send_tickets_to_attendees'),
    hasAccount: bool('h.id IS NOT NULL'),
    recipient: orNull(json<Recipient>(`CASE WHEN h.email_verified_at IS NOT NULL THEN ${toRecipientObject('h')} END`)),
    event: EVENT_DATA,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  JOIN bookings b ON b.id = t.booking_id
  JOIN users u ON u.id = b.user_id
  JOIN events e ON e.id = t.event_id
  JOIN ticket_types y ON y.id = t.ticket_type_id
  LEFT JOIN seats s ON s.id = t.seat_id
  LEFT JOIN users h ON lower(h.email) = lower(t.attendee_email) AND h.erased_at IS NULL
  WHERE t.id = :ticketId`,
});

export async function findTicketNotificationData(
  db: Db,
  ticketId: number,
): Promise<TicketNotificationData | undefined> {
  return (await query(db, FIND_TICKET, { ticketId }))[0];
}

const FIND_EVENT = statement({
  name: 'notifications-event',
  columns: { event: EVENT_DATA },
  sql: (list) => `
  SELECT
    ${list}
  FROM events e
  WHERE e.id = :eventId`,
});

export async function findEventNotificationData(db: Db, eventId: number): Promise<EventNotificationData | undefined> {
  return (await query(db, FIND_EVENT, { eventId }))[0]?.event;
}

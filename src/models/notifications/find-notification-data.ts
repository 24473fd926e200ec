import { getPreparedName, type Db } from '../../database';
import type {
  BookingNotificationData,
  WaitlistNotificationData,
  EventNotificationData,
  TicketNotificationData,
} from './notification-data';
import { toNumberArray } from '../../lib/pg-array';
import { SEAT, selectSeats } from '../inventory/columns';
import { IS_TRANSFERRED } from '../tickets/ticket-holders';
import { toMs } from '../sql';

const EVENT_OBJECT = `json_build_object('id', e.id, 'title', e.title, 'status', e.status, 'startsAt', ${toMs('e.starts_at')}, 'endsAt', ${toMs('e.ends_at')},
  'timezone', e.timezone, 'venueName', e.venue_name, 'venueAddress', e.venue_address, 'version', e.version, 'updatedAt', ${toMs('e.updated_at')},
  'organizer', (SELECT json_build_object('id', r.id, 'name', nullif(concat_ws(' ', r.first_name, r.last_name), ''),
    'email', CASE WHEN r.email_verified_at IS NOT NULL AND r.erased_at IS NULL THEN r.email END,
    'logoKey', r.logo_key) FROM users r WHERE r.id = e.organizer_id))`;

export const EVENT_DATA = `${EVENT_OBJECT} AS event`;
/** The event, or null if there is none. */
export const EVENT_DATA_OR_NULL = `CASE WHEN e.id IS NOT NULL THEN ${EVENT_OBJECT} END AS event`;

const toRecipientObject = (u: string): string =>
  `json_build_object('userId', ${u}.id, 'email', ${u}.email, 'isVerified', ${u}.email_verified_at IS NOT NULL, 'firstName', ${u}.first_name,
  'phone', ${u}.phone, 'locale', ${u}.locale, 'timezone', ${u}.timezone, 'preferences', ${u}.notification_preferences)`;

export const RECIPIENT_OBJECT = toRecipientObject('u');
export const RECIPIENT = `${RECIPIENT_OBJECT} AS recipient`;

export async function listBookingNotificationData(db: Db, bookingIds: number[]): Promise<BookingNotificationData[]> {
  const { rows } = await db
    .raw<{ rows: BookingNotificationData[] }>(
      `SELECT b.id, b.reference, b.status, b.expired_at IS NOT NULL AS "hasExpired", b.tickets_count AS "ticketsCount", b.total_amount AS "totalAmount", b.currency,
         b.cancel_reason AS "cancelReason",
         EXISTS (SELECT FROM orders o WHERE o.booking_id = b.id AND o.paid_at IS NOT NULL) AS "hasInvoice",
         EXISTS (SELECT FROM tickets t WHERE t.booking_id = b.id AND t.status = 'valid' AND NOT (${IS_TRANSFERRED})) AS "holdsTickets",
         EXISTS (SELECT FROM tickets t WHERE t.booking_id = b.id AND lower(t.attendee_email) <> lower(u.email)) AS "hasOtherHolders",
         ${selectSeats('b.id')} AS seats, ${EVENT_DATA}, ${RECIPIENT}
       FROM bookings b JOIN events e ON e.id = b.event_id JOIN users u ON u.id = b.user_id WHERE b.id = ANY (?::int[])`,
      [toNumberArray(bookingIds)],
    )
    .options(getPreparedName('notifications-booking-news'));
  return rows;
}

export async function findWaitlistNotificationData(
  db: Db,
  entryId: number,
): Promise<WaitlistNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: WaitlistNotificationData[] }>(
    `SELECT w.id, w.status, w.tickets_count AS "ticketsCount", w.offered_count AS "offeredCount",
       ${toMs('w.offer_expires_at')} AS "offerExpiresAt", ${EVENT_DATA}, ${RECIPIENT}
     FROM waitlist_entries w JOIN events e ON e.id = w.event_id JOIN users u ON u.id = w.user_id WHERE w.id = ?`,
    [entryId],
  );
  return rows[0];
}

export async function findTicketNotificationData(
  db: Db,
  ticketId: number,
): Promise<TicketNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: TicketNotificationData[] }>(
    `SELECT t.id, t.status, t.transfers, t.attendee_email AS "attendeeEmail", t.attendee_name AS "attendeeName", b.reference, b.cancel_reason AS "cancelReason",
       y.name AS "ticketTypeName", CASE WHEN s.id IS NOT NULL THEN ${SEAT} END AS seat, CASE WHEN h.email_verified_at IS NOT NULL THEN h.locale ELSE u.locale END AS locale, b.user_id AS "bookerId",
       e.send_tickets_to_attendees AS "sendsToAttendees", h.id IS NOT NULL AS "hasAccount",
       CASE WHEN h.email_verified_at IS NOT NULL THEN ${toRecipientObject('h')} END AS recipient, ${EVENT_DATA}
     FROM tickets t JOIN bookings b ON b.id = t.booking_id JOIN users u ON u.id = b.user_id JOIN events e ON e.id = t.event_id JOIN ticket_types y ON y.id = t.ticket_type_id
       LEFT JOIN seats s ON s.id = t.seat_id LEFT JOIN users h ON lower(h.email) = lower(t.attendee_email) AND h.erased_at IS NULL
     WHERE t.id = ?`,
    [ticketId],
  );
  return rows[0];
}

export async function findEventNotificationData(db: Db, eventId: number): Promise<EventNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: { event: EventNotificationData }[] }>(
    `SELECT ${EVENT_DATA} FROM events e WHERE e.id = ?`,
    [eventId],
  );
  return rows[0]?.event;
}

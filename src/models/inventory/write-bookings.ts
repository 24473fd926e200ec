import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { asBoolean, asFloat, asInt, asIntArray, asJsonb, asNumeric, asText, asTime, asUuid, rowSet } from '../row-set';
import { fromMs } from '../sql';
import { bool, int4, int8, orNull, pipeline, statement, text, uuid } from '../statement';
import type { BookingItem, BookingState, PresentedChanges, TicketState } from './types';

const NOW = fromMs(':now::bigint');

type NewBooking = BookingState & { waitlistEntryId: number | null };

/** What is written of a new booking. */
const NEW_BOOKINGS = rowSet('bookings', 'b').from<NewBooking>({
  id: asInt(({ id }) => id),
  reference: asText(({ reference }) => reference),
  user_id: asInt(({ userId }) => userId),
  event_id: asInt(({ eventId }) => eventId),
  tickets_count: asInt(({ ticketsCount }) => ticketsCount),
  status: asText(({ status }) => status),
  total_amount: asNumeric(({ totalAmount }) => totalAmount),
  discount_amount: asNumeric(({ discountAmount }) => discountAmount),
  discount_id: asInt(({ discountId }) => discountId),
  order_id: asInt(({ orderId }) => orderId),
  currency: asText(({ currency }) => currency),
  is_exclusive: asBoolean(({ isExclusive }) => isExclusive),
  cancellation_window_hours: asFloat(({ cancellationWindowHours }) => cancellationWindowHours),
  refund_policy: asJsonb(({ refundPolicy }) => refundPolicy),
  request_id: asUuid(({ requestId }) => requestId),
  waitlist_entry_id: asInt(({ waitlistEntryId }) => waitlistEntryId),
  expires_at: asTime(({ expiresAt }) => expiresAt),
});

const NEW_ITEMS = rowSet('booking_items', 'i').from<BookingItem & { bookingId: number }>({
  booking_id: asInt(({ bookingId }) => bookingId),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  quantity: asInt(({ quantity }) => quantity),
  unit_price: asNumeric(({ unitPrice }) => unitPrice),
  attendees: asJsonb(({ attendees }) => attendees),
  seat_ids: asIntArray(({ seats }) => seats && toNumberArray(seats.map(({ id }) => id))),
});

const INSERT_BOOKINGS = statement({
  name: 'inventory-insert-bookings',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH taken AS (
    INSERT INTO bookings (
      ${NEW_BOOKINGS.columns},
      created_at,
      confirmed_at
    )
    SELECT
      ${NEW_BOOKINGS.values},
      ${NOW},
      CASE WHEN b.status = 'confirmed' THEN ${NOW} END
    FROM ${NEW_BOOKINGS.rows}
  )
  INSERT INTO booking_items (
      ${NEW_ITEMS.columns}
  )
  SELECT
      ${NEW_ITEMS.values}
  FROM ${NEW_ITEMS.rows}`,
});

/** Inserts the bookings that the batch made, with their items. */
export async function writeBookings(
  trx: Trx,
  now: number,
  { insertedBookings: bookings, claims }: PresentedChanges,
): Promise<void> {
  if (bookings.length === 0) return;
  const items = bookings.flatMap(({ id, items: bookingItems }) =>
    bookingItems.map((item) => ({ ...item, bookingId: id })),
  );
  await pipeline(trx, INSERT_BOOKINGS, {
    now,
    ...NEW_BOOKINGS.bind(bookings.map((booking) => ({ ...booking, waitlistEntryId: claims.get(booking)?.id ?? null }))),
    ...NEW_ITEMS.bind(items),
  });
}

const READ_TICKETS = statement({
  name: 'inventory-read-tickets',
  isPrepared: true,
  columns: {
    bookingId: int4('t.booking_id'),
    id: int4('t.id'),
    ticketTypeId: int4('t.ticket_type_id'),
    nonce: uuid('t.nonce'),
    status: text<TicketState['status']>('t.status'),
    isTransferred: bool('false'),
    checkedInAt: orNull(int8('NULL::bigint')),
    attendeeName: orNull(text('t.attendee_name')),
    seatId: orNull(int4('t.seat_id')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  WHERE t.booking_id = ANY(:bookingIds::int[])
  ORDER BY t.ticket_type_id, t.id`,
});

/** Reads the tickets that a trigger has issued to confirmed bookings. Sent without waiting for the writes before it. */
export async function readTickets(trx: Trx, confirmed: BookingState[]): Promise<void> {
  if (confirmed.length === 0) return;
  const bookings = new Map(confirmed.map((booking) => [booking.id, booking]));
  const tickets = await pipeline(trx, READ_TICKETS, { bookingIds: toNumberArray([...bookings.keys()]) });
  for (const { bookingId, ...ticket } of tickets) bookings.get(bookingId)!.tickets.push(ticket);
}

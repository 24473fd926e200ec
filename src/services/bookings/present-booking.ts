import { config } from '../../config';
import { formatMoney } from '../../lib/money/money';
import type { BookingState, EventState, OrderState, SeatPlace } from '../../models/inventory/types';
import { getCancellableUntil, type EventTerms } from '../../lib/booking-terms';
import { getPublicUrlOrNull } from '../files/file-urls';

export type EventSummarySource = Pick<
  EventState,
  | 'id'
  | 'title'
  | 'status'
  | 'startsAt'
  | 'endsAt'
  | 'timezone'
  | 'venueName'
  | 'venueAddress'
  | 'coverKey'
  | 'organizerId'
>;

export const toIsoTime = (time: number): string => new Date(time).toISOString();
export const toIsoTimeOrNull = (time: number | null): string | null => (time === null ? null : toIsoTime(time));

/** Returns the event as shown in a booking or waitlist entry. */
export function presentEventSummary(event: EventSummarySource) {
  const { id, title, status, timezone, venueName, venueAddress, coverKey, organizerId } = event;
  return {
    id,
    title,
    startDate: toIsoTime(event.startsAt),
    endDate: toIsoTime(event.endsAt),
    timezone,
    venueName,
    venueAddress,
    status,
    coverImageUrl: getPublicUrlOrNull(coverKey),
    organizerId,
  };
}

const presentOrderSummary = ({ id, orderNumber, status }: OrderState) => ({ id, orderNumber, status });

/** Returns the latest payment of an order. */
function presentPaymentSummary(order: OrderState | null) {
  const payment = order?.payments.at(-1);
  if (!payment) return null;
  const { id, provider, intentId, status, amount, currency } = payment;
  return { id, provider, paymentIntentId: intentId, status, amount: formatMoney(amount, currency), currency };
}

export const presentSeat = ({ id, section, row, number, ticketTypeId }: SeatPlace) => ({
  id,
  section,
  row,
  number,
  ticketTypeId,
});

/** Returns until when (ms) a booking can be cancelled; null if it is not active. */
function getCancellableUntilOrNull(booking: BookingState, event: EventTerms): number | null {
  const isActive = booking.status === 'pending' || booking.status === 'confirmed';
  return isActive ? getCancellableUntil(booking, event, config.cancellationWindowHours) : null;
}

/** Returns a booking as the API shows it. */
export function presentBooking(booking: BookingState, event: EventSummarySource & EventTerms) {
  const { id, reference, userId, eventId, ticketsCount, items, status, currency } = booking;
  return {
    id,
    reference,
    userId,
    eventId,
    event: presentEventSummary(event),
    ticketsCount,
    items: items.map(({ ticketTypeId, name, quantity, unitPrice }) => ({
      ticketTypeId,
      name,
      quantity,
      unitPrice: formatMoney(unitPrice, currency),
    })),
    seats: items.flatMap(({ seats }) => seats?.map(presentSeat) ?? []),
    status,
    totalAmount: formatMoney(booking.totalAmount, currency),
    discountAmount: formatMoney(booking.discountAmount, currency),
    currency,
    expiresAt: status === 'pending' ? toIsoTimeOrNull(booking.expiresAt) : null,
    order: booking.order && presentOrderSummary(booking.order),
    payment: presentPaymentSummary(booking.order),
    // Ticket codes are added later, because signing takes longer than everything else here.
    tickets: booking.tickets,
    cancellableUntil: toIsoTimeOrNull(getCancellableUntilOrNull(booking, event)),
    createdAt: toIsoTime(booking.createdAt),
    cancelledAt: toIsoTimeOrNull(booking.cancelledAt),
  };
}

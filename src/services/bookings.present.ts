import { config } from '../config';
import { formatMoney } from '../lib/money';
import type { BookingState, EventState, OrderState, SeatPlace } from '../models/inventory.types';
import { cancellableUntil, type EventTerms } from './bookings.terms';
import { publicUrlOrNull } from './files.urls';

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

export const isoTime = (time: number): string => new Date(time).toISOString();
export const isoTimeOrNull = (time: number | null): string | null => (time === null ? null : isoTime(time));

/** What a booking or a waitlist entry says of its event. */
export function presentEventSummary(event: EventSummarySource) {
  const { id, title, status, timezone, venueName, venueAddress, coverKey, organizerId } = event;
  return {
    id,
    title,
    startDate: isoTime(event.startsAt),
    endDate: isoTime(event.endsAt),
    timezone,
    venueName,
    venueAddress,
    status,
    coverImageUrl: publicUrlOrNull(coverKey),
    organizerId,
  };
}

const presentOrderOf = ({ id, orderNumber, status }: OrderState) => ({ id, orderNumber, status });

/** The last of an order's payments. */
function presentPaymentOf(order: OrderState | null) {
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

/** Null once there is nothing left to cancel. */
function cancellableUntilOrNull(booking: BookingState, event: EventTerms): number | null {
  const isActive = booking.status === 'pending' || booking.status === 'confirmed';
  return isActive ? cancellableUntil(booking, event, config.cancellationWindowHours) : null;
}

/** A booking as the contract shows it. */
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
    expiresAt: status === 'pending' ? isoTimeOrNull(booking.expiresAt) : null,
    order: booking.order && presentOrderOf(booking.order),
    payment: presentPaymentOf(booking.order),
    // Their codes are signed later: that takes longer than all the rest.
    tickets: booking.tickets,
    cancellableUntil: isoTimeOrNull(cancellableUntilOrNull(booking, event)),
    createdAt: isoTime(booking.createdAt),
    cancelledAt: isoTimeOrNull(booking.cancelledAt),
  };
}

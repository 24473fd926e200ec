import Big from 'big.js';
import type {
  BookingState,
  EventState,
  OrderState,
  PaymentFacts,
  WaitlistEntryState,
} from '../../../models/inventory/types';
import { getBooking } from './cancel';
import type { ConfirmCommand, Outcome } from './commands';
import {
  findActiveEntry,
  countAvailable,
  getHolding,
  indexBooking,
  isIndexed,
  adjustCounters,
  addMessage,
  getTicketTypeState,
  type Context,
} from './context';
import { captureCredits } from './credits';
import { reRedeemDiscount } from './discounts';
import { payWithCredits } from './pay-with-credits';
import { reassignSeats, takeSeats } from './seats';
import { releaseEntry } from './waitlist';

/** True if the payment covered the order total when captured, is in the right currency, is not disputed, and has not been refunded in full. */
export function coversTotal(
  { total, currency }: Pick<OrderState, 'total' | 'currency'>,
  payment: PaymentFacts | undefined,
): boolean {
  return (
    payment !== undefined &&
    !payment.isDisputed &&
    payment.currency === currency &&
    new Big(payment.captured).gte(total) &&
    new Big(payment.captured).gt(payment.refunded)
  );
}

/** An expired booking that can be had again. */
export interface Reacquirable {
  event: EventState;
  booking: BookingState;
  seats: NonNullable<ReturnType<typeof reassignSeats>>;
  waitlistEntry: WaitlistEntryState | undefined;
}

/** Judges whether the tickets of an expired booking can be had again. Undefined if the rules forbid it or too few are available. */
export function findReacquirable(
  context: Context,
  event: EventState | undefined,
  booking: BookingState,
): Reacquirable | undefined {
  const { userId, ticketsCount, items } = booking;
  if (!event || event.isDeleted || event.status !== 'published' || context.state.now >= event.endsAt) return undefined;
  const others = getHolding(context, userId, event.id);
  if (others.booking && (booking.isExclusive || !event.allowMultipleBookings)) return undefined;
  if (event.maxPerUser !== null && others.tickets + ticketsCount > event.maxPerUser) return undefined;
  const waitlistEntry = findActiveEntry(context, userId, event.id);
  const offered = waitlistEntry?.status === 'offered' ? waitlistEntry.offeredCount! : 0;
  if (ticketsCount > countAvailable(event) + offered) return undefined;
  const isShort = items.some(({ ticketTypeId, quantity }) => {
    const type = getTicketTypeState(event, ticketTypeId);
    if (!type) return true;
    const offeredHere = waitlistEntry?.offeredTicketTypeId === ticketTypeId ? offered : 0;
    return type.capacity !== null && quantity > type.capacity - type.sold - type.held + offeredHere;
  });
  if (isShort) return undefined;
  const seats = reassignSeats(context.state, booking);
  return seats && { event, booking, seats, waitlistEntry };
}

/** Books the tickets of an expired booking again. */
export function reacquire(context: Context, { event, booking, seats, waitlistEntry }: Reacquirable): void {
  if (waitlistEntry) releaseEntry(context, event, { waitlistEntry, status: 'left' });
  for (const item of booking.items) {
    adjustCounters(event, item.ticketTypeId, { sold: item.quantity });
    const reassigned = seats.get(item.ticketTypeId)!;
    if (reassigned !== item.seats) context.changes.reseatedBookings.add(booking);
    item.seats = reassigned;
  }
  takeSeats(context.state, booking);
}

/** Books the tickets of an expired booking again. Returns false if the rules forbid it or too few are available. */
function reacquireTickets(context: Context, event: EventState, booking: BookingState): boolean {
  const reacquirable = findReacquirable(context, event, booking);
  if (!reacquirable || !reRedeemDiscount(context.state, booking)) return false;
  reacquire(context, reacquirable);
  return true;
}

/** Sells the held tickets of a booking. */
export function sellHeld(event: EventState, { items }: BookingState): void {
  for (const { ticketTypeId, quantity } of items)
    adjustCounters(event, ticketTypeId, { held: -quantity, sold: quantity });
}

/** Marks a booking whose tickets are sold as confirmed. */
export function markConfirmed(context: Context, booking: BookingState): void {
  const wasActive = booking.status === 'pending';
  booking.status = 'confirmed';
  booking.confirmedAt = context.state.now;
  if (!wasActive && !isIndexed(context, booking)) indexBooking(context, booking);
  context.changes.updatedBookings.add(booking);
  addMessage(context, () => ({ topic: 'booking.confirmed', payload: { bookingId: booking.id } }));
}

/** Confirms a booking whose order credits pay. @throws AppError as paying with credits does */
function confirmWithCredits(context: Context, booking: BookingState, order: OrderState): boolean {
  const event = context.state.events.get(booking.eventId);
  const held = { hold: booking.status, expiresAt: booking.expiresAt };
  if (!event || !payWithCredits(context, order, held)) return false;
  sellHeld(event, booking);
  captureCredits(context, order);
  order.status = 'paid';
  context.changes.updatedOrders.add(order);
  markConfirmed(context, booking);
  return true;
}

/**
 * Confirms a booking whose payment succeeded. Results in `false` if the payment must be refunded instead.
 * A booking that was paid after it expired gets its tickets again if they are still available.
 */
export function confirm(context: Context, command: ConfirmCommand): Outcome<'confirm'> {
  const { paymentId } = command;
  const booking = getBooking(context, command.bookingId);
  const { order } = booking;
  const refused: Outcome<'confirm'> = { ok: true, value: false };
  if (!order) return refused;
  if (paymentId === null) return { ok: true, value: confirmWithCredits(context, booking, order) };
  if (order.paymentId === paymentId) return { ok: true, value: true };
  const payment = order.payments.find(({ id }) => id === paymentId);
  if (order.paymentId !== null || !coversTotal(order, payment)) return refused;
  const event = context.state.events.get(booking.eventId);
  if (!event) return refused;
  if (booking.status === 'pending') sellHeld(event, booking);
  else if (booking.status !== 'expired' || !reacquireTickets(context, event, booking)) return refused;
  order.status = 'paid';
  order.paymentId = paymentId;
  context.changes.updatedOrders.add(order);
  markConfirmed(context, booking);
  return { ok: true, value: true };
}

import { AppError } from '../../../errors';
import { mayManage, type Actor } from '../../../lib/actor';
import { toAuditValues } from '../../../lib/audit-values';
import { getCancellableUntil, getRefundPercent, getWindowHours } from '../../../lib/booking-terms';
import { adjustCounters, addMessage, type Context } from './context';
import { releaseDiscount } from './discounts';
import { releaseSeats } from './seats';
import { closeOrder, expireOrder, getPaymentActivity } from './orders';
import type { BookingState, EventState } from '../../../models/inventory/types';
import type { CancelCommand, ExpireCommand, Outcome } from './commands';

/** Who cancels a booking, and why. */
export type Cancellation = Pick<CancelCommand, 'actor' | 'reason' | 'requestId' | 'because'>;

/** How long an expired hold waits for its payment intents to be closed. */
export const MAX_INTENT_WAIT_MS = 3_600_000;

/** @throws AppError NOT_FOUND */
export function getBooking(context: Context, bookingId: number): BookingState {
  const booking = context.state.bookings.get(bookingId);
  if (!booking) throw new AppError('NOT_FOUND', 'Booking not found.');
  return booking;
}

/** Gives back what a booking holds or has. */
export function release(context: Context, event: EventState | undefined, booking: BookingState): void {
  const counter = booking.status === 'confirmed' ? 'sold' : 'held';
  if (event)
    for (const { ticketTypeId, quantity } of booking.items)
      adjustCounters(event, ticketTypeId, { [counter]: -quantity });
  releaseDiscount(context.state, booking);
  releaseSeats(context.state, booking);
  context.changes.updatedBookings.add(booking);
}

/** Returns the share of the payment to refund, in percent. */
export function decideRefundPercent(context: Context, { actor, because }: Cancellation, booking: BookingState): number {
  if (because !== undefined) return 0;
  const event = context.state.events.get(booking.eventId);
  return actor && event ? getRefundPercent(booking, event, context.state.now) : 100;
}

/** @throws AppError CANCELLATION_WINDOW_CLOSED */
function assertWithinWindow({ state: { now, rules } }: Context, event: EventState, booking: BookingState): void {
  const usual = rules.cancellationWindowHours;
  const until = getCancellableUntil(booking, event, usual);
  if (now <= until) return;
  const hours = getWindowHours(booking, event, usual);
  const isoUntil = new Date(until).toISOString();
  throw new AppError(
    'CANCELLATION_WINDOW_CLOSED',
    hours === 0
      ? 'This booking could be cancelled until the event starts.'
      : `This booking could be cancelled until ${hours} hours before the event starts.`,
    { details: [{ path: 'id', message: `could be cancelled until ${isoUntil}`, cancellableUntil: isoUntil }] },
  );
}

/** Asserts that no ticket was checked in or transferred. @throws AppError ALREADY_CHECKED_IN, TICKET_TRANSFERRED */
function assertTicketsReturnable({ tickets }: BookingState): void {
  const valid = tickets.filter(({ status }) => status === 'valid');
  const checkedIn = valid.find(({ checkedInAt }) => checkedInAt !== null);
  if (checkedIn) {
    const checkedInAt = new Date(checkedIn.checkedInAt!).toISOString();
    throw new AppError('ALREADY_CHECKED_IN', 'A ticket of this booking is already checked in.', {
      details: [{ path: 'id', message: `checked in at ${checkedInAt}`, ticketId: checkedIn.id, checkedInAt }],
    });
  }
  const transferred = valid.filter(({ isTransferred }) => isTransferred);
  if (transferred.length > 0)
    throw new AppError('TICKET_TRANSFERRED', 'A ticket of this booking was transferred to someone else.', {
      details: transferred.map(({ id }) => ({ path: 'id', message: `ticket ${id} was transferred`, ticketId: id })),
    });
}

/** @throws AppError CANCELLATION_WINDOW_CLOSED, ALREADY_CHECKED_IN, TICKET_TRANSFERRED */
function assertCustomerMayCancel(context: Context, event: EventState, booking: BookingState): void {
  assertWithinWindow(context, event, booking);
  assertTicketsReturnable(booking);
}

/** @throws AppError ALREADY_CANCELLED, BOOKING_EXPIRED, CANCELLATION_WINDOW_CLOSED, ALREADY_CHECKED_IN, TICKET_TRANSFERRED */
export function assertCancellable(context: Context, booking: BookingState, actor: Actor | undefined): void {
  const event = context.state.events.get(booking.eventId);
  if (booking.status === 'cancelled') throw new AppError('ALREADY_CANCELLED');
  if (booking.status === 'expired') throw new AppError('BOOKING_EXPIRED');
  if (booking.status === 'confirmed' && actor && event && !mayManage(actor, event.organizerId))
    assertCustomerMayCancel(context, event, booking);
}

/** Cancels a booking without closing its order. */
export function endBooking(
  context: Context,
  booking: BookingState,
  { actor, reason, requestId, because: cause }: Cancellation,
): void {
  release(context, context.state.events.get(booking.eventId), booking);
  booking.status = 'cancelled';
  booking.cancelledAt = context.state.now;
  booking.cancelReason = reason;
  booking.cancelRequestId = requestId;
  const canceller = !actor ? 'event' : actor.userId === booking.userId ? 'customer' : 'organizer';
  const because = cause === 'refund' ? 'organizer' : (cause ?? canceller);
  addMessage(context, () => ({ topic: 'booking.cancelled', payload: { bookingId: booking.id, because } }));
  // A cancellation by the customer is on record in the booking itself.
  if (actor && actor.userId !== booking.userId) {
    const details = { eventId: booking.eventId, reason };
    context.changes.activities.push(toAuditValues(actor, { action: 'booking.cancel', subjectId: booking.id, details }));
  }
}

export function cancel(context: Context, command: CancelCommand): Outcome<'cancel'> {
  const booking = getBooking(context, command.bookingId);
  if (booking.status === 'cancelled' && booking.cancelRequestId === command.requestId)
    return { ok: true, value: undefined };
  assertCancellable(context, booking, command.actor);
  endBooking(context, booking, command);
  if (booking.order) closeOrder(context, booking.order, decideRefundPercent(context, command, booking));
  return { ok: true, value: undefined };
}

/** Returns whether someone may be paying for an overdue order, so that its hold cannot expire yet. */
export function isBeingPaid(order: Parameters<typeof getPaymentActivity>[0], expiresAt: number, now: number): boolean {
  // Payment intents are closed first, but an unreachable provider must not hold tickets forever.
  const activity = getPaymentActivity(order);
  return activity === 'processing' || (activity === 'open' && now < expiresAt + MAX_INTENT_WAIT_MS);
}

/** Expires a pending booking without its order. */
export function expireBooking(context: Context, booking: BookingState): void {
  // Also expires holds of a missing event; they would otherwise be due forever.
  release(context, context.state.events.get(booking.eventId), booking);
  booking.status = 'expired';
  booking.expiredAt = context.state.now;
  addMessage(context, () => ({ topic: 'booking.expired', payload: { bookingId: booking.id } }));
}

/** Expires an overdue unpaid hold. A booking that was paid or cancelled in the meantime stays as it is. */
export function expire(context: Context, command: ExpireCommand): Outcome<'expire'> {
  const booking = getBooking(context, command.bookingId);
  const { now } = context.state;
  if (booking.status !== 'pending' || booking.expiresAt! > now) return { ok: true, value: false };
  if (booking.order && isBeingPaid(booking.order, booking.expiresAt!, now)) return { ok: true, value: false };
  expireBooking(context, booking);
  if (booking.order) expireOrder(context, booking.order);
  return { ok: true, value: true };
}

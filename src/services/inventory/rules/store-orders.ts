import Big from 'big.js';
import { AppError } from '../../../errors';
import type { StoreOrderState } from '../../../models/inventory/types';
import { assertCancellable, decideRefundPercent, endBooking, expireBooking, isBeingPaid } from './cancel';
import { countAvailableUnits, moveClaims } from './checkout';
import type { CancelOrderCommand, ConfirmOrderCommand, ExpireOrderCommand, Outcome } from './commands';
import { coversTotal, findReacquirable, markConfirmed, reacquire, sellHeld, type Reacquirable } from './confirm';
import { addMessage, type Context } from './context';
import { canHoldCredits, captureCredits, holdCredits, releaseCredits } from './credits';
import { releaseDiscount, reRedeemDiscount } from './discounts';
import { payWithCredits } from './pay-with-credits';

/** @throws AppError NOT_FOUND */
function getStoreOrder({ state }: Context, { orderId }: { orderId: number }): StoreOrderState {
  const order = state.storeOrders.get(orderId);
  if (!order) throw new AppError('NOT_FOUND', 'Order not found.');
  return order;
}

/** Gives all claimed goods and the use of the code back. */
function releaseClaims(context: Context, order: StoreOrderState): void {
  moveClaims(context.state, order, -1);
  for (const claim of order.claims) claim.status = 'released';
  releaseDiscount(context.state, order);
  releaseCredits(context, order);
  context.changes.reclaimedOrders.add(order);
}

function sellClaims(context: Context, order: StoreOrderState): void {
  moveClaims(context.state, order, -1);
  for (const claim of order.claims) claim.status = 'sold';
  moveClaims(context.state, order, 1);
  captureCredits(context, order);
  context.changes.reclaimedOrders.add(order);
}

function hasStock({ state }: Context, { claims }: StoreOrderState): boolean {
  const wanted = new Map<number, number>();
  for (const { productId, quantity } of claims) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
  return [...wanted].every(([id, quantity]) => {
    const product = state.products.get(id);
    return product !== undefined && !product.isOrganizerSuspended && quantity <= countAvailableUnits(product);
  });
}

/** Takes everything of an expired order again: all of it, or nothing and false. */
function reacquireOrder(context: Context, order: StoreOrderState): boolean {
  const { events } = context.state;
  const found = order.bookings.map((booking) => findReacquirable(context, events.get(booking.eventId), booking));
  if (!hasStock(context, order) || !canHoldCredits(context, order) || found.includes(undefined)) return false;
  if (!reRedeemDiscount(context.state, order)) return false;
  for (const each of found as Reacquirable[]) reacquire(context, each);
  holdCredits(context, order);
  return true;
}

function sellTickets({ state }: Context, { bookings }: StoreOrderState): void {
  for (const booking of bookings) sellHeld(state.events.get(booking.eventId)!, booking);
}

/** Marks an order whose tickets are sold as paid. */
function completeOrder(context: Context, order: StoreOrderState): void {
  for (const booking of order.bookings) markConfirmed(context, booking);
  sellClaims(context, order);
  order.hold = 'confirmed';
  order.status = 'paid';
  context.changes.updatedOrders.add(order);
  addMessage(context, () => ({ topic: 'order.paid', payload: { orderId: order.id } }));
}

/** Confirms an order that credits pay. @throws AppError as paying with credits does */
function confirmWithCredits(context: Context, order: StoreOrderState): boolean {
  if (!payWithCredits(context, order, order)) return false;
  sellTickets(context, order);
  completeOrder(context, order);
  return true;
}

/**
 * Confirms an order whose payment succeeded. Results in `false` if the payment must be refunded instead. An order that was paid after
 * it expired gets everything again if all of it is still available.
 */
export function confirmOrder(context: Context, command: ConfirmOrderCommand): Outcome<'confirmOrder'> {
  const { paymentId } = command;
  const order = getStoreOrder(context, command);
  const refused: Outcome<'confirmOrder'> = { ok: true, value: false };
  if (paymentId === null) return { ok: true, value: confirmWithCredits(context, order) };
  if (order.paymentId === paymentId) return { ok: true, value: true };
  const due = new Big(order.total).minus(order.creditsApplied).toFixed();
  const payment = order.payments.find(({ id }) => id === paymentId);
  if (order.paymentId !== null || !coversTotal({ ...order, total: due }, payment)) return refused;
  if (order.hold === 'pending') {
    sellTickets(context, order);
  } else if (order.hold !== 'expired' || !reacquireOrder(context, order)) return refused;
  completeOrder(context, order);
  order.paymentId = paymentId;
  return { ok: true, value: true };
}

/** Expires an overdue unpaid order. One that was paid or cancelled in the meantime stays as it is. */
export function expireOrder(context: Context, command: ExpireOrderCommand): Outcome<'expireOrder'> {
  const order = getStoreOrder(context, command);
  const { now } = context.state;
  if (order.hold !== 'pending' || order.expiresAt! > now || isBeingPaid(order, order.expiresAt!, now))
    return { ok: true, value: false };
  for (const booking of order.bookings) expireBooking(context, booking);
  releaseClaims(context, order);
  order.hold = 'expired';
  order.status = 'expired';
  context.changes.updatedOrders.add(order);
  // The customer hears of each booking anyway.
  if (order.bookings.length === 0)
    addMessage(context, () => ({ topic: 'order.expired', payload: { orderId: order.id } }));
  return { ok: true, value: true };
}

/** Cancels an unpaid order as a whole: it is one hold. */
function giveUpOrder(context: Context, order: StoreOrderState, command: CancelOrderCommand): void {
  for (const booking of order.bookings) endBooking(context, booking, command);
  releaseClaims(context, order);
  order.hold = 'cancelled';
  order.status = 'cancelled';
  context.changes.updatedOrders.add(order);
  addMessage(context, () => ({ topic: 'order.closed', payload: { orderId: order.id, refundPercent: 100 } }));
}

/** True if nothing that the order was about is left. */
const isOver = ({ bookings, claims }: StoreOrderState): boolean =>
  claims.length === 0 && bookings.every(({ status }) => status !== 'confirmed');

export function cancelOrder(context: Context, command: CancelOrderCommand): Outcome<'cancelOrder'> {
  const { bookingId, because, requestId } = command;
  const order = getStoreOrder(context, command);
  const bookings = order.bookings.filter(({ id }) => bookingId === undefined || id === bookingId);
  const done: Outcome<'cancelOrder'> = { ok: true, value: undefined };
  if (bookings.length > 0 && bookings.every(({ cancelRequestId }) => cancelRequestId === requestId)) return done;
  if (order.hold === 'pending') {
    giveUpOrder(context, order, command);
    return done;
  }
  if (order.hold === 'expired') throw new AppError('BOOKING_EXPIRED');
  if (order.hold === 'cancelled') throw new AppError('ALREADY_CANCELLED');
  const active = because === 'dispute' ? bookings.filter(({ status }) => status === 'confirmed') : bookings;
  for (const booking of active) assertCancellable(context, booking, command.actor);
  for (const booking of active) {
    const refundPercent = decideRefundPercent(context, command, booking);
    endBooking(context, booking, command);
    addMessage(context, () => ({
      topic: 'order.closed',
      payload: { orderId: order.id, refundPercent, bookingId: booking.id },
    }));
  }
  if (isOver(order) && order.status === 'paid') {
    order.hold = 'cancelled';
    order.status = 'cancelled';
    context.changes.updatedOrders.add(order);
  }
  return done;
}

import Big from 'big.js';
import { AppError } from '../../../errors';
import type { OrderState, StoreOrderState } from '../../../models/inventory/types';
import type { BookingStatus } from '../../../lib/statuses';
import type { Context } from './context';
import { assertCanPayWithCredits, extendCredits } from './credits';
import { getPaymentActivity } from './orders';

interface Payable {
  status: OrderState['status'];
  /** Of what it holds. */
  hold: BookingStatus | null;
  /** In milliseconds since the epoch. */
  expiresAt: number | null;
}

/** @throws AppError BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE */
export function assertPayable({ status, hold, expiresAt }: Payable, now: number): void {
  if (status === 'cancelled') throw new AppError('ALREADY_CANCELLED');
  if (status === 'expired' || hold === 'expired') throw new AppError('BOOKING_EXPIRED');
  if (status !== 'pending' && status !== 'processing') throw new AppError('ORDER_NOT_PAYABLE');
  if (expiresAt !== null && expiresAt <= now) throw new AppError('BOOKING_EXPIRED');
}

/**
 * Pays what is due of an order with credits. Returns false, without any effect, if a payment is open, which has to be closed first so
 * that nobody pays twice.
 * @throws AppError BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE, CREDITS_NOT_ALLOWED, INSUFFICIENT_CREDITS
 */
export function payWithCredits(
  context: Context,
  order: OrderState & Partial<StoreOrderState>,
  held: Pick<Payable, 'hold' | 'expiresAt'>,
): boolean {
  assertPayable({ status: order.status, ...held }, context.state.now);
  const isPaid = order.payments.some(
    (payment) => !payment.isDisputed && new Big(payment.captured).gt(payment.refunded),
  );
  if (isPaid || order.paymentId !== null) throw new AppError('ORDER_NOT_PAYABLE');
  assertCanPayWithCredits(context, order);
  if (getPaymentActivity(order) !== undefined) return false;
  extendCredits(context, order);
  return true;
}

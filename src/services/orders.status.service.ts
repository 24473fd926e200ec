import type { Db, Trx } from '../database';
import { AppError } from '../errors';
import {
  findOrder,
  lockOrder as lockRow,
  updateOrderStatus,
  type OrderRow,
  type OrderStatus,
} from '../models/orders.model';

const NO_ORDER = 'There is no such order.';

/** Step: keeps others from changing the order and its payments. @throws AppError NOT_FOUND */
export async function lockOrder(trx: Trx, orderId: number): Promise<OrderRow> {
  const order = await lockRow(trx, orderId);
  if (!order) throw new AppError('NOT_FOUND', NO_ORDER);
  return order;
}

/** @throws AppError NOT_FOUND */
export async function readOrder(db: Db, orderId: number): Promise<OrderRow> {
  const order = await findOrder(db, orderId);
  if (!order) throw new AppError('NOT_FOUND', NO_ORDER);
  return order;
}

/** Step: changes the status of an order that is locked. */
export async function moveOrder(trx: Trx, order: OrderRow, status: OrderStatus): Promise<void> {
  if (order.status !== status) await updateOrderStatus(trx, order.id, status);
}

/** What an order is while nothing has been refunded. */
function unrefunded({ bookingStatus }: OrderRow): OrderStatus {
  return bookingStatus === 'cancelled' || bookingStatus === 'expired' ? bookingStatus : 'paid';
}

interface Sums {
  id: number;
  captured: string;
  refunded: string;
}

/**
 * What the order is after a refund was made or has failed. What is given back of a payment that did not pay for it
 * (twice, or wrongly) leaves an order alone that others did or can still pay for.
 */
export function statusAfterRefund(order: OrderRow, payment: Sums): OrderStatus {
  const isItsOwn = order.paymentId === null ? order.bookingStatus !== 'pending' : order.paymentId === payment.id;
  if (!isItsOwn || order.status === 'disputed') return order.status;
  if (Number(payment.refunded) === 0) return unrefunded(order);
  return Number(payment.refunded) < Number(payment.captured) ? 'partially_refunded' : 'refunded';
}

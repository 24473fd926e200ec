import type { Db, Trx } from '../../database';
import { AppError } from '../../errors';
import {
  findOrder,
  lockOrder as lockRow,
  updateOrderStatus,
  type OrderRow,
  type OrderStatus,
} from '../../models/orders/orders';

export function createOrderNotFoundError(): AppError {
  return new AppError('NOT_FOUND', 'Order not found.');
}

/** Step: keeps others from changing the order and its payments. @throws AppError NOT_FOUND */
export async function lockOrder(trx: Trx, orderId: number): Promise<OrderRow> {
  const order = await lockRow(trx, orderId);
  if (!order) throw createOrderNotFoundError();
  return order;
}

/** @throws AppError NOT_FOUND */
export async function getOrderRow(db: Db, orderId: number): Promise<OrderRow> {
  const order = await findOrder(db, orderId);
  if (!order) throw createOrderNotFoundError();
  return order;
}

/** Step: changes the status of an order that is locked. */
export async function changeOrderStatus(trx: Trx, order: OrderRow, status: OrderStatus): Promise<void> {
  if (order.status !== status) await updateOrderStatus(trx, order.id, status);
  order.status = status;
}

interface PaymentSums {
  id: number;
  captured: string;
  refunded: string;
}

/** What an order is whose payment is with us, as far as it has not been given back. */
export function getStatusOfPaid({ bookingStatus }: OrderRow, { captured, refunded }: PaymentSums): OrderStatus {
  if (Number(refunded) > 0) return Number(refunded) < Number(captured) ? 'partially_refunded' : 'refunded';
  return bookingStatus === 'cancelled' || bookingStatus === 'expired' ? bookingStatus : 'paid';
}

/**
 * What the order is after a refund was made or has failed. What is given back of a payment that did not pay for it
 * (twice, or wrongly) leaves an order alone that others did or can still pay for.
 */
export function getStatusAfterRefund(order: OrderRow, payment: PaymentSums): OrderStatus {
  const isItsOwn = order.paymentId === null ? order.bookingStatus !== 'pending' : order.paymentId === payment.id;
  return !isItsOwn || order.status === 'disputed' ? order.status : getStatusOfPaid(order, payment);
}

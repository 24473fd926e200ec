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

/** Step: locks the order and so its payments against other changes. @throws AppError NOT_FOUND */
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

/** Step: changes the status of a locked order. */
export async function changeOrderStatus(trx: Trx, order: OrderRow, status: OrderStatus): Promise<void> {
  if (order.status !== status) await updateOrderStatus(trx, order.id, status);
  order.status = status;
}

interface PaymentSums {
  id: number;
  captured: string;
  refunded: string;
}

/** Returns the status of an order that was paid, which depends on how much was refunded. */
export function getStatusOfPaid({ bookingStatus }: OrderRow, { captured, refunded }: PaymentSums): OrderStatus {
  if (Number(refunded) > 0) return Number(refunded) < Number(captured) ? 'partially_refunded' : 'refunded';
  return bookingStatus === 'cancelled' || bookingStatus === 'expired' ? bookingStatus : 'paid';
}

/**
 * Returns the status of an order after a refund was requested or has failed. Refunds of a payment that did not pay for the order
 * (a duplicate or a wrong amount) do not change an order that another payment or credits have paid for, or that still can be paid.
 */
export function getStatusAfterRefund(order: OrderRow, payment: PaymentSums): OrderStatus {
  const isUnpaid = order.paidAt === null && order.bookingStatus !== 'pending';
  const isPayingPayment = order.paymentId === null ? isUnpaid : order.paymentId === payment.id;
  return !isPayingPayment || order.status === 'disputed' ? order.status : getStatusOfPaid(order, payment);
}

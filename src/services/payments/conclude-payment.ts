import { randomUUID } from 'node:crypto';
import Big from 'big.js';
import { database, runInTransaction, type Trx } from '../../database';
import { findPayment, type PaymentRow } from '../../models/payments/payments';
import { sumRefunds } from '../../models/payments/refunds';
import { execute } from '../inventory/execute';
import { toConfirmOrderCommand } from '../inventory/order-commands';
import { tryToIssueInvoice } from '../orders/issue-invoices';
import { lockOrder, changeOrderStatus, getOrderRow, getStatusAfterRefund } from '../orders/order-status';
import type { LeasedMessage } from '../outbox/handle-messages';
import { addRefund, getRefundableAmount } from './add-refund';

const REASONS = {
  unusable: 'What was ordered could not be kept for this payment.',
  excess: 'More was paid than the order costs.',
};

const minAmount = (a: Big, b: Big): Big => (a.lt(b) ? a : b);

/** Returns how much a payment exceeds what was due, less what has already been refunded as excess. */
async function getExcess(trx: Trx, payment: PaymentRow, due: string): Promise<Big> {
  const returned = await sumRefunds(trx, payment.id, 'unusable');
  return minAmount(new Big(payment.captured).minus(due).minus(returned), getRefundableAmount(payment));
}

/** Refunds the part of a payment that did not buy anything. */
async function refundUnused({ id, orderId }: PaymentRow, requestId?: string): Promise<void> {
  await runInTransaction(async (trx) => {
    const order = await lockOrder(trx, orderId);
    const payment = (await findPayment(trx, id))!;
    const isUsed = order.paymentId === id;
    // A part may have been refunded at the provider before the payment was used.
    if (isUsed) await changeOrderStatus(trx, order, getStatusAfterRefund(order, payment));
    const amount = isUsed ? await getExcess(trx, payment, order.due) : getRefundableAmount(payment);
    if (amount.lte(0)) return;
    const reason = isUsed ? REASONS.excess : REASONS.unusable;
    await addRefund(trx, { order, payment }, { amount, cause: 'unusable', reason, requestedBy: null, requestId });
  });
}

/** Confirms the booking or order that a payment paid for, and refunds what cannot be used. Safe to call again. */
export async function concludePayment(paymentId: number, requestId?: string): Promise<void> {
  const payment = await findPayment(database, paymentId);
  if (!payment || Number(payment.captured) === 0) return;
  const { bookingId, eventId, userId, isCheckout } = await getOrderRow(database, payment.orderId);
  if (isCheckout) await execute({ ...(await toConfirmOrderCommand(payment.orderId, paymentId)), causedBy: requestId });
  if (bookingId !== null && eventId !== null)
    await execute({
      kind: 'confirm',
      eventId,
      requestId: randomUUID(),
      bookingId,
      userId,
      paymentId,
      causedBy: requestId,
    });
  await refundUnused(payment, requestId);
  await tryToIssueInvoice(payment.orderId);
}

export async function handlePaymentCaptured({ payload }: LeasedMessage<'payment.captured'>): Promise<void> {
  await concludePayment(payload.paymentId);
}

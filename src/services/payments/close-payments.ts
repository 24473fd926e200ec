import Big from 'big.js';
import { database, runInTransaction } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { getDecimals, takePercent } from '../../lib/money/money';
import { logger } from '../../logger';
import { findPayment, listPaymentsOfDueHolds, listPaymentsOfOrder, OPEN } from '../../models/payments/payments';
import { executeAll } from '../inventory/execute';
import { toCancelCommands, toCancelOrderCommand } from '../inventory/order-commands';
import { getRefundableItems, getShareRefunds, sumRefunds } from '../orders/item-refunds';
import { lockOrder, getOrderRow } from '../orders/order-status';
import type { LeasedMessage } from '../outbox/handle-messages';
import { getRefundableCredits } from '../credits/refund-credits';
import {
  addRefund,
  getRefundableAmount,
  getRefundableOfOrder,
  refundCreditPart,
  refundFromPayments,
} from './add-refund';
import { closePayment } from './sync-payment';

const CLOSE_CHUNK_SIZE = 100;
const MAX_CONCURRENT = 10;

/** Closes the payment intents of overdue holds, so that the holds can expire. Returns how many. */
export async function closeDuePayments(): Promise<number> {
  let last = 0;
  return repeatInChunks(CLOSE_CHUNK_SIZE, async (limit) => {
    const ids = await listPaymentsOfDueHolds(database, { after: last, limit });
    last = ids.at(-1) ?? last;
    await closeAll(ids);
    return ids.length;
  });
}

async function closeAll(ids: number[]): Promise<void> {
  for (let i = 0; i < ids.length; i += MAX_CONCURRENT) {
    await Promise.all(
      ids
        .slice(i, i + MAX_CONCURRENT)
        .map((paymentId) =>
          closePayment(paymentId).catch((error: Error) =>
            logger.warn({ err: error, paymentId }, 'A payment intent could not be closed; its hold cannot expire yet'),
          ),
        ),
    );
  }
}

/** Refunds this share of an order's total, less what has already been refunded. */
async function refundShare(orderId: number, percent: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const order = await lockOrder(trx, orderId);
    const payment = order.paymentId === null ? undefined : await findPayment(trx, order.paymentId);
    const left = payment ? getRefundableAmount(payment) : await getRefundableCredits(trx, orderId);
    const refunded = payment ? payment.refunded : new Big(order.creditsApplied).minus(left);
    const share = takePercent(new Big(payment ? order.due : order.creditsApplied), percent);
    const due = share.round(getDecimals(order.currency), Big.roundHalfUp).minus(refunded);
    const amount = due.gt(left) ? left : due;
    if (amount.lte(0)) return;
    if (payment) await addRefund(trx, { order, payment }, { ...CANCELLED, amount });
    else await refundCreditPart(trx, order, { ...CANCELLED, amount });
  });
}

const CANCELLED = { reason: 'The booking was cancelled.', cause: 'cancellation', requestedBy: null } as const;

/** Refunds this share of what a booking cost within an order that a checkout made, less what has already been refunded of it. */
async function refundBooking(orderId: number, bookingId: number, percent: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const order = await lockOrder(trx, orderId);
    const items = (await getRefundableItems(trx, orderId)).filter((item) => item.bookingId === bookingId);
    const refunds = getShareRefunds(items, percent, order);
    const left = await getRefundableOfOrder(trx, order);
    const amount = sumRefunds(refunds);
    // More may have been refunded of the order as a whole.
    if (amount.gt(left)) await refundFromPayments(trx, order, { ...CANCELLED, amount: left, refunds: [] });
    else await refundFromPayments(trx, order, { ...CANCELLED, amount, refunds });
  });
}

/** Handles a cancelled booking: closes open payments of its order if that has ended, and refunds according to the event's policy. */
export async function handleOrderClosed({ payload }: LeasedMessage<'order.closed'>): Promise<void> {
  const { orderId, refundPercent, bookingId } = payload;
  if (bookingId !== undefined) {
    await refundBooking(orderId, bookingId, refundPercent);
    return;
  }
  for (const { id, status } of await listPaymentsOfOrder(database, orderId)) {
    if (OPEN.includes(status)) await closePayment(id);
  }
  await refundShare(orderId, refundPercent);
}

/** Handles a chargeback: cancels the bookings, which voids their tickets. */
export async function handlePaymentDisputed({ payload }: LeasedMessage<'payment.disputed'>): Promise<void> {
  const { orderId, isDisputed } = (await findPayment(database, payload.paymentId))!;
  const { bookingId, eventId, paymentId, isCheckout } = await getOrderRow(database, orderId);
  logger.error({ paymentId: payload.paymentId, orderId, bookingId }, 'A payment is disputed');
  // Nothing to do if the dispute is over, or if another payment or none paid for the order.
  if (!isDisputed || paymentId !== payload.paymentId) return;
  const cancellation = { actor: undefined, reason: 'The payment was charged back.', because: 'dispute' as const };
  const commands = isCheckout
    ? [await toCancelOrderCommand(orderId, cancellation)]
    : bookingId !== null && eventId !== null
      ? await toCancelCommands([{ id: bookingId, eventId, orderId: null }], cancellation)
      : [];
  await executeAll(commands, ['ALREADY_CANCELLED', 'BOOKING_EXPIRED']);
}

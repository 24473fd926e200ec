import Big from 'big.js';
import type { Db, Trx } from '../../database';
import { AppError } from '../../errors';
import { formatMoney } from '../../lib/money/money';
import type { OrderRow } from '../../models/orders/orders';
import { listPaymentsOfOrder, type PaymentRow } from '../../models/payments/payments';
import { insertRefund, type RefundCause, type RefundRow } from '../../models/payments/refunds';
import { getWorthOfCredits, takeBackPurchasedCredits } from '../credits/buy-and-return-credits';
import { getRefundableCredits, refundToCredits } from '../credits/refund-credits';
import { recordItemRefunds, type ItemRefund } from '../orders/item-refunds';
import { changeOrderStatus, getStatusAfterRefund } from '../orders/order-status';
import { addMessages } from '../outbox/add-messages';
import { postCreditRefund } from './post-credit-payments';
import { postRefund, postRefundPaid, type WantedShare } from './post-to-ledger';

interface RequestedRefund {
  amount: Big;
  /** The parts that it is for, if the order has several sellers. */
  shares?: WantedShare[];
  cause: RefundCause;
  reason: string | null;
  requestedBy: number | null;
  requestId?: string;
  /** It becomes credits, and no provider takes part. */
  isToCredits?: boolean;
}

/** Returns how much of a payment can still be refunded; nothing if it was charged back. */
export function getRefundableAmount({ captured, refunded, isDisputed }: PaymentRow): Big {
  return isDisputed ? new Big(0) : new Big(captured).minus(refunded);
}

/** Returns how much of a payment its provider should have returned. */
export const getReturnedAmount = ({ refunded, refundedToCredits }: PaymentRow): Big =>
  new Big(refunded).minus(refundedToCredits);

/** Step: adds a refund to the customer's credits. */
async function addToCredits(trx: Trx, { id: orderId, userId, currency }: OrderRow, refund: RefundRow): Promise<void> {
  const { amount, reason, paymentId } = refund;
  const isPaidWithCredits = paymentId === null;
  await refundToCredits(trx, { userId, currency, orderId, amount, reason, wasPaidWithCredits: isPaidWithCredits });
}

/**
 * Step: posts a refund to the ledger, and adds it to the customer's credits or adds the message that sends it. The order must be locked.
 */
export async function addRefund(
  trx: Trx,
  { order, payment }: { order: OrderRow; payment: PaymentRow },
  { amount, shares, cause, reason, requestedBy, requestId, isToCredits = false }: RequestedRefund,
): Promise<RefundRow> {
  const refund = await insertRefund(trx, {
    of: { paymentId: payment.id },
    amount: amount.toFixed(),
    currency: payment.currency,
    cause,
    reason,
    requestedBy,
    isToCredits,
  });
  await postRefund(trx, { order, payment }, { ...refund, shares });
  const after = { ...payment, refunded: new Big(payment.refunded).plus(amount).toFixed() };
  await changeOrderStatus(trx, order, getStatusAfterRefund(order, after));
  const payload = { refundId: refund.id };
  if (isToCredits) {
    await addToCredits(trx, order, refund);
    await postRefundPaid(trx, { order, payment }, refund);
    await addMessages(trx, [{ topic: 'refund.sent', payload, requestId }]);
  } else if (cause !== 'provider') await addMessages(trx, [{ topic: 'refund.requested', payload, requestId }]);
  return refund;
}

interface MoneyBack extends Omit<RequestedRefund, 'shares'> {
  /** The items that it is for; none if it is only money. */
  refunds: ItemRefund[];
}

const toShares = (refunds: ItemRefund[]): WantedShare[] =>
  refunds.map(({ item, amount }) => ({
    sellerId: item.sellerId,
    eventId: item.eventId,
    productId: item.productId,
    amount,
  }));

export function createExceedsPaidError(left: Big, currency: string): AppError {
  const available = formatMoney(left.toFixed(), currency);
  const message = `at most ${available} ${currency} can be refunded`;
  return new AppError('REFUND_EXCEEDS_PAID', undefined, { details: [{ path: 'amount', message, available }] });
}

/**
 * Step: refunds an amount from the payments of a locked order, in the order in which they were made, and records the items that it is
 * for. @throws AppError REFUND_EXCEEDS_PAID
 */
export async function refundFromPayments(trx: Trx, order: OrderRow, { amount, refunds, ...request }: MoneyBack) {
  const left = await getRefundableOfOrder(trx, order);
  if (amount.gt(left)) throw createExceedsPaidError(left, order.currency);
  const payments = await listPaymentsOfOrder(trx, order.id);
  const inCurrency = payments.filter((payment) => payment.currency === order.currency);
  let wanted = amount;
  for (const payment of inCurrency) {
    const part = wanted.gt(getRefundableAmount(payment)) ? getRefundableAmount(payment) : wanted;
    if (part.lte(0)) continue;
    await addRefund(trx, { order, payment }, { ...request, amount: part, shares: toShares(refunds) });
    wanted = wanted.minus(part);
  }
  if (wanted.gt(0)) await refundCreditPart(trx, order, { ...request, amount: wanted });
  await takeBackCredits(trx, order.id, refunds);
  await recordItemRefunds(trx, order, { refunds, requestedBy: request.requestedBy });
}

/** Step: returns what credits have paid of a locked order. */
export async function refundCreditPart(
  trx: Trx,
  order: OrderRow,
  { amount, cause, reason, requestedBy, requestId }: RequestedRefund,
): Promise<void> {
  const { id: orderId, currency, paymentId } = order;
  const refund = await insertRefund(trx, {
    of: { orderId },
    amount: amount.toFixed(),
    currency,
    cause,
    reason,
    requestedBy,
    isToCredits: true,
  });
  await addToCredits(trx, order, refund);
  await postCreditRefund(trx, order, amount);
  await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId: refund.id }, requestId }]);
  // The status of an order that was paid in part with money follows from its payment.
  if (paymentId !== null) return;
  const isOver = (await getRefundableCredits(trx, orderId)).eq(0);
  await changeOrderStatus(trx, order, isOver ? 'refunded' : 'partially_refunded');
}

/** Step: takes back credits whose purchase is refunded. @throws AppError INSUFFICIENT_CREDITS if they were spent */
async function takeBackCredits(trx: Trx, orderId: number, refunds: ItemRefund[]): Promise<void> {
  for (const { item, amount } of refunds) {
    if (item.productType !== 'credit' || amount.lte(0)) continue;
    const worth = await getWorthOfCredits(trx, { orderId, position: item.id });
    const part = worth.times(amount).div(item.total).round(3, Big.roundHalfUp);
    await takeBackPurchasedCredits(trx, { orderId, amount: part.toFixed() });
  }
}

/** Step: returns how much of what was paid for an order can still be refunded. */
export async function getRefundableOfOrder(db: Db, { id, currency }: OrderRow): Promise<Big> {
  const payments = (await listPaymentsOfOrder(db, id)).filter((payment) => payment.currency === currency);
  const credits = await getRefundableCredits(db, id);
  return payments.reduce((sum, payment) => sum.plus(getRefundableAmount(payment)), credits);
}

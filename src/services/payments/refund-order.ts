import Big from 'big.js';
import { getBrokenConstraint, database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { getProvider, type ProviderRefund } from '../../integrations/payments';
import type { Actor } from '../../lib/actor';
import { repeatInChunks } from '../../lib/chunks';
import { fitsCurrency, formatMoney } from '../../lib/money/money';
import { cutText } from '../../lib/text/cut-text';
import { logger } from '../../logger';
import type { OrderRow } from '../../models/orders/orders';
import { findPayment, listPaymentsOfOrder, type PaymentRow } from '../../models/payments/payments';
import {
  findRefund,
  insertRefund,
  listLastingRefunds,
  updateRefund,
  type RefundCause,
  type RefundRow,
} from '../../models/payments/refunds';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { getManagedOrder, getOrder, type Order } from '../orders/get-orders';
import { lockOrder, changeOrderStatus, getStatusAfterRefund } from '../orders/order-status';
import type { LeasedMessage } from '../outbox/handle-messages';
import { addMessages } from '../outbox/add-messages';
import { postDispute, postRefund, postRefundFailed, postRefundPaid } from './post-to-ledger';

interface RequestedRefund {
  amount: Big;
  cause: RefundCause;
  reason: string | null;
  requestedBy: number | null;
  requestId?: string;
}

/** Returns how much of a payment can still be refunded; nothing if it was charged back. */
export function getRefundableAmount({ captured, refunded, isDisputed }: PaymentRow): Big {
  return isDisputed ? new Big(0) : new Big(captured).minus(refunded);
}

/** Step: posts a refund to the ledger and adds the message that sends it. The order must be locked. */
export async function addRefund(
  trx: Trx,
  { order, payment }: { order: OrderRow; payment: PaymentRow },
  { amount, cause, reason, requestedBy, requestId }: RequestedRefund,
): Promise<RefundRow> {
  const refund = await insertRefund(trx, {
    paymentId: payment.id,
    amount: amount.toFixed(),
    currency: payment.currency,
    cause,
    reason,
    requestedBy,
  });
  await postRefund(trx, { order, payment }, refund);
  const after = { ...payment, refunded: new Big(payment.refunded).plus(amount).toFixed() };
  await changeOrderStatus(trx, order, getStatusAfterRefund(order, after));
  if (cause !== 'provider')
    await addMessages(trx, [{ topic: 'refund.requested', payload: { refundId: refund.id }, requestId }]);
  return refund;
}

export interface RefundOrder {
  orderId: number;
  /** Defaults to everything that can still be refunded. */
  amount?: string;
  reason?: string;
}

function createExceedsPaidError(left: Big, currency: string): AppError {
  const available = formatMoney(left.toFixed(), currency);
  const message = `at most ${available} ${currency} can be refunded`;
  return new AppError('REFUND_EXCEEDS_PAID', undefined, { details: [{ path: 'amount', message, available }] });
}

/**
 * Refunds a part or all of what was paid. A message then sends the money.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, REFUND_EXCEEDS_PAID
 */
export async function refundOrder(actor: Actor, { orderId, amount, reason }: RefundOrder): Promise<Order> {
  const { currency } = await getManagedOrder(actor, orderId);
  if (amount !== undefined && Number(amount) === 0) throw createValidationError('amount', 'must be more than 0');
  if (amount !== undefined && !fitsCurrency(amount, currency))
    throw createValidationError('amount', `has more decimals than ${currency}`);
  try {
    await runOnce(actor, async (trx) => {
      const order = await lockOrder(trx, orderId);
      const payments = (await listPaymentsOfOrder(trx, orderId)).filter((payment) => payment.currency === currency);
      const left = payments.reduce((sum, payment) => sum.plus(getRefundableAmount(payment)), new Big(0));
      let wanted = amount === undefined ? left : new Big(amount);
      if (wanted.eq(0) || wanted.gt(left)) throw createExceedsPaidError(left, currency);
      for (const payment of payments) {
        const part = wanted.gt(getRefundableAmount(payment)) ? getRefundableAmount(payment) : wanted;
        if (part.eq(0)) continue;
        const { userId: requestedBy, requestId } = actor;
        const request = { cause: 'request' as const, reason: reason ?? null, requestedBy, requestId };
        await addRefund(trx, { order, payment }, { ...request, amount: part });
        wanted = wanted.minus(part);
      }
      const details = { amount: formatMoney(amount ?? left.toFixed(), currency), currency, reason: reason ?? null };
      await recordActivity(trx, actor, { action: 'order.refund', subjectId: orderId, details });
    });
  } catch (error) {
    if (getBrokenConstraint(error) === 'payments_refunded_within_captured')
      throw createExceedsPaidError(new Big(0), currency);
    throw error;
  }
  return getOrder(actor, orderId);
}

/** Step: records the outcome of a refund at the provider. */
async function finishRefund(trx: Trx, refundId: number, { id, status, claimUrl }: ProviderRefund): Promise<void> {
  const { paymentId } = (await findRefund(trx, refundId))!;
  const { orderId } = (await findPayment(trx, paymentId))!;
  const order = await lockOrder(trx, orderId);
  const refund = (await findRefund(trx, refundId))!;
  if (refund.status !== 'pending') return;
  await updateRefund(trx, refundId, { status, providerRefundId: id, claimUrl });
  // The customer is notified once, when the refund is sent or can be claimed.
  if (refund.claimUrl === null && (status === 'succeeded' || claimUrl))
    await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId } }]);
  const payment = (await findPayment(trx, paymentId))!;
  if (status === 'succeeded') await postRefundPaid(trx, { order, payment }, refund);
  if (status !== 'failed') return;
  await postRefundFailed(trx, { order, payment }, refund);
  await postDispute(trx, { order, payment });
  await changeOrderStatus(trx, order, getStatusAfterRefund(order, payment));
}

/** Sends a refund through the provider, or gets its status if it was already sent. */
async function sendRefund(refundId: number): Promise<void> {
  const refund = await findRefund(database, refundId);
  if (refund?.status !== 'pending') return;
  const payment = (await findPayment(database, refund.paymentId))!;
  const { amount, currency, idempotencyKey, reason } = refund;
  const request = {
    intentId: payment.intentId!,
    amount,
    currency,
    idempotencyKey,
    reason: reason && cutText(reason, { max: 100 }),
  };
  const result = await getProvider(payment.provider)
    .refund(request)
    .catch((error: unknown): ProviderRefund => {
      if (error instanceof AppError && error.code === 'PAYMENT_FAILED') return { id: '', status: 'failed' };
      throw error;
    });
  if (result.status === 'failed')
    logger.error({ refundId, paymentId: payment.id, orderId: payment.orderId }, 'A provider declined a refund');
  await runInTransaction((trx) => finishRefund(trx, refundId, result));
}

export async function handleRefundRequested({ payload }: LeasedMessage<'refund.requested'>): Promise<void> {
  await sendRefund(payload.refundId);
}

const OPEN_REFUND_CHUNK_SIZE = 100;

/** Checks refunds that are still pending at their providers. Returns how many. */
export async function checkOpenRefunds(): Promise<number> {
  let last = 0;
  return repeatInChunks(OPEN_REFUND_CHUNK_SIZE, async (limit) => {
    const ids = await listLastingRefunds(database, { after: last, limit });
    last = ids.at(-1) ?? last;
    for (const id of ids)
      await sendRefund(id).catch((error: Error) =>
        logger.warn({ err: error, refundId: id }, 'A refund could not be checked'),
      );
    return ids.length;
  });
}

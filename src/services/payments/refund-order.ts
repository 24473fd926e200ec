import Big from 'big.js';
import { getBrokenConstraint, database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { getProvider, type ProviderRefund } from '../../integrations/payments';
import type { Actor } from '../../lib/actor';
import { repeatInChunks } from '../../lib/chunks';
import { fitsCurrency, formatMoney } from '../../lib/money/money';
import { cutText } from '../../lib/text/cut-text';
import { logger } from '../../logger';
import { findPayment } from '../../models/payments/payments';
import { findRefund, listLastingRefunds, updateRefund } from '../../models/payments/refunds';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { lockStock } from '../inventory/lock-sale';
import { getManagedOrder, getOrder, type Order } from '../orders/get-orders';
import type { OrderRow } from '../../models/orders/orders';
import { getAccount } from '../users/accounts';
import { isErasedAddress } from '../../lib/erased';
import { lockOrder, changeOrderStatus, getStatusAfterRefund } from '../orders/order-status';
import type { LeasedMessage } from '../outbox/handle-messages';
import { addMessages } from '../outbox/add-messages';
import { createExceedsPaidError, refundFromPayments } from './add-refund';
import { decideRefund, getRefundable, type RefundOrder } from './decide-refund';
import { postDispute, postRefundFailed, postRefundPaid } from './post-to-ledger';
import { tryToReturnItems } from './return-items';

export type { RefundOrder };

/** Asserts that the customer can still spend credits. @throws AppError CREDITS_NOT_ALLOWED */
async function assertHasAccount(trx: Trx, { userId }: OrderRow): Promise<void> {
  const { email } = await getAccount(trx, userId);
  if (isErasedAddress(email))
    throw new AppError('CREDITS_NOT_ALLOWED', 'The customer’s account was deleted, so nobody could spend the credits.');
}

/** @throws AppError VALIDATION_ERROR */
function assertAmount({ amount }: RefundOrder, currency: string): void {
  if (amount !== undefined && Number(amount) === 0) throw createValidationError('amount', 'must be more than 0');
  if (amount !== undefined && !fitsCurrency(amount, currency))
    throw createValidationError('amount', `has more decimals than ${currency}`);
}

/**
 * Returns what a refund would be, without making it.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, REFUND_EXCEEDS_PAID, CREDITS_NOT_ALLOWED
 */
export async function previewRefund(actor: Actor, request: RefundOrder) {
  const order = await getManagedOrder(actor, request.orderId);
  const { id: orderId, currency } = order;
  assertAmount(request, currency);
  const { most } = await getRefundable(database, actor, order);
  const { amount, refunds } = await decideRefund(database, actor, { order, request });
  if (amount.gt(most)) throw createExceedsPaidError(most, currency);
  const money = (value: Big): string => formatMoney(value.toFixed(), currency);
  return {
    orderId,
    currency,
    amount: money(amount),
    refundable: money(most),
    items: refunds
      .filter(({ quantity, amount: part }) => quantity > 0 || part.gt(0))
      .map(({ item, quantity, amount: part }) => ({ itemId: item.id, quantity, amount: money(part) })),
  };
}

/**
 * Refunds units of what was ordered, or a part or all of what was paid. Messages then send the money, and void the tickets of
 * refunded units. Credits are added at once.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, REFUND_EXCEEDS_PAID, INSUFFICIENT_CREDITS, CREDITS_NOT_ALLOWED
 */
export async function refundOrder(actor: Actor, request: RefundOrder): Promise<Order> {
  const { orderId, items, reason, to } = request;
  const { currency, items: known } = await getManagedOrder(actor, orderId);
  assertAmount(request, currency);
  const restocked = (items ?? []).filter(({ restock }) => restock).map(({ itemId }) => itemId);
  try {
    await runOnce(actor, async (trx) => {
      await lockStock(
        trx,
        known.filter(({ id }) => restocked.includes(id)).flatMap(({ productId }) => productId ?? []),
      );
      const order = await lockOrder(trx, orderId);
      if (to === 'credits') await assertHasAccount(trx, order);
      const back = await decideRefund(trx, actor, { order, request });
      const { userId: requestedBy, requestId } = actor;
      await refundFromPayments(trx, order, {
        ...back,
        cause: 'request',
        reason: reason ?? null,
        requestedBy,
        requestId,
      });
      if (items) await addMessages(trx, [{ topic: 'order.items_refunded', payload: { orderId }, requestId }]);
      const details = {
        amount: formatMoney(back.amount.toFixed(), currency),
        currency,
        reason: reason ?? null,
        ...(items ? { items } : {}),
        ...(to === undefined ? {} : { to }),
      };
      await recordActivity(trx, actor, { action: 'order.refund', subjectId: orderId, details });
    });
  } catch (error) {
    const constraint = getBrokenConstraint(error);
    if (constraint === 'payments_refunded_within_captured' || constraint === 'order_item_refunds_within_item')
      throw createExceedsPaidError(new Big(0), currency);
    throw error;
  }
  if (items) await tryToReturnItems(orderId);
  return getOrder(actor, orderId);
}

/** Step: records the outcome of a refund at the provider. */
async function finishRefund(trx: Trx, refundId: number, { id, status, claimUrl }: ProviderRefund): Promise<void> {
  const { paymentId } = (await findRefund(trx, refundId))!;
  const { orderId } = (await findPayment(trx, paymentId!))!;
  const order = await lockOrder(trx, orderId);
  const refund = (await findRefund(trx, refundId))!;
  if (refund.status !== 'pending') return;
  await updateRefund(trx, refundId, { status, providerRefundId: id, claimUrl });
  // The customer is notified once, when the refund is sent or can be claimed.
  if (refund.claimUrl === null && (status === 'succeeded' || claimUrl))
    await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId } }]);
  const payment = (await findPayment(trx, paymentId!))!;
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
  const payment = (await findPayment(database, refund.paymentId!))!;
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

import Big from 'big.js';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import { getProvider, type PaymentState, type PaymentStatus } from '../../integrations/payments';
import { logger } from '../../logger';
import type { OrderRow } from '../../models/orders/orders';
import { findPayment, OPEN, updatePayment, type PaymentRow } from '../../models/payments/payments';
import { updateRefund } from '../../models/payments/refunds';
import { lockOrder, changeOrderStatus, getStatusOfPaid } from '../orders/order-status';
import { syncDelivered } from '../orders/sync-delivered';
import { addMessages, type Message } from '../outbox/add-messages';
import { concludePayment } from './conclude-payment';
import { describeWrongAmount } from './discrepancies';
import { postCapture, postDispute, postRefundPaid } from './post-to-ledger';
import { addRefund, getRefundableAmount, getReturnedAmount } from './add-refund';

const MAX_ATTEMPTS = 10;

/** Returns the amount captured for good. An amount that is still being processed does not count. */
function getCapturedAmount(state: PaymentState): Big {
  return state.status === 'succeeded' || state.status === 'cancelled' ? new Big(state.captured) : new Big(0);
}

/** Returns the next status. `succeeded` is final; `cancelled` is final unless money arrives. */
function getNextStatus(payment: PaymentRow, state: PaymentState): PaymentStatus {
  if (payment.status === 'succeeded' || getCapturedAmount(state).gt(0)) return 'succeeded';
  if (payment.status === 'cancelled') return 'cancelled';
  return state.status === 'succeeded' ? 'processing' : state.status;
}

/** Returns whether the provider reports anything new about a payment, apart from refunds. */
function hasChanges(payment: PaymentRow, state: PaymentState): boolean {
  return (
    getNextStatus(payment, state) !== payment.status ||
    getCapturedAmount(state).gt(payment.captured) ||
    (state.isDisputed ?? payment.isDisputed) !== payment.isDisputed
  );
}

/** Records refunds that were made at the provider itself. */
async function adoptRefunds(
  trx: Trx,
  { order, payment }: { order: OrderRow; payment: PaymentRow },
  state: PaymentState,
): Promise<void> {
  const unknown = new Big(state.refunded).minus(getReturnedAmount(payment));
  const left = getRefundableAmount({ ...payment, isDisputed: false });
  const amount = unknown.gt(left) ? left : unknown;
  if (amount.lte(0)) return;
  const wanted = { amount, cause: 'provider' as const, reason: null, requestedBy: null };
  const refund = await addRefund(trx, { order, payment }, wanted);
  await updateRefund(trx, refund.id, { status: 'succeeded', providerRefundId: null });
  await postRefundPaid(trx, { order, payment }, refund);
  await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId: refund.id } }]);
}

/** Updates the order's status. A hold does not expire while its order is `processing`. */
async function syncOrder(trx: Trx, order: OrderRow, payment: PaymentRow): Promise<void> {
  const isPaying = order.paymentId === payment.id;
  if (isPaying && payment.isDisputed !== (order.status === 'disputed'))
    await syncDelivered(trx, order.id, payment.isDisputed);
  if (payment.isDisputed && isPaying) await changeOrderStatus(trx, order, 'disputed');
  else if (order.status === 'disputed' && isPaying)
    await changeOrderStatus(trx, order, getStatusOfPaid(order, payment));
  else if (order.status === 'pending' || order.status === 'processing')
    await changeOrderStatus(trx, order, payment.status === 'processing' ? 'processing' : 'pending');
}

/** Returns the messages that follow from a change of a payment. */
function getMessages(before: PaymentRow, after: PaymentRow): Message[] {
  const payload = { paymentId: after.id };
  const messages: Message[] = [];
  // After a won dispute, the payment is concluded again.
  const isReleased = before.isDisputed && !after.isDisputed;
  if (new Big(after.captured).gt(before.captured) || isReleased) messages.push({ topic: 'payment.captured', payload });
  if (after.isDisputed && !before.isDisputed) messages.push({ topic: 'payment.disputed', payload });
  if (after.status === 'failed' && before.failedAt === null) messages.push({ topic: 'payment.failed', payload });
  return messages;
}

/**
 * Step: applies the provider's state to a payment, its order and the ledger. Returns false if the payment has changed since `seen`,
 * because `state` may then be older than what has been applied.
 */
async function applyState(
  trx: Trx,
  seen: PaymentRow,
  { state, requestId }: { state: PaymentState; requestId?: string },
): Promise<boolean> {
  const order = await lockOrder(trx, seen.orderId);
  const payment = (await findPayment(trx, seen.id))!;
  if (payment.version !== seen.version) return false;
  const known = new Big(payment.captured);
  const captured = getCapturedAmount(state).gt(known) ? getCapturedAmount(state) : known;
  const after: PaymentRow = {
    ...payment,
    status: getNextStatus(payment, state),
    captured: captured.toFixed(),
    currency: captured.gt(0) ? state.currency.toUpperCase() : payment.currency,
    isDisputed: state.isDisputed ?? payment.isDisputed,
  };
  if (hasChanges(payment, state)) {
    const discrepancy = captured.gt(known) ? describeWrongAmount(after, order.currency) : undefined;
    if (discrepancy) logger.error({ paymentId: payment.id, orderId: order.id }, discrepancy);
    await updatePayment(trx, payment, { ...after, discrepancy });
    if (captured.gt(known)) await postCapture(trx, { order, payment: after }, captured.minus(known).toFixed());
    const messages = getMessages(payment, after);
    await addMessages(
      trx,
      messages.map((message) => ({ ...message, requestId })),
    );
    await syncOrder(trx, order, after);
  }
  await adoptRefunds(trx, { order, payment: after }, state);
  if (payment.isDisputed || after.isDisputed)
    await postDispute(trx, { order, payment: (await findPayment(trx, payment.id))! });
  return true;
}

/** Concludes a payment at once. A failure is only logged, because a message concludes it as well. */
async function conclude(paymentId: number, requestId?: string): Promise<void> {
  await concludePayment(paymentId, requestId).catch((error: Error) =>
    logger.warn({ err: error, paymentId }, 'A payment could not be concluded; its message will retry'),
  );
}

interface SyncOptions {
  /** Runs in the transaction of the effect. */
  record?: (trx: Trx) => Promise<unknown>;
  /** The request that caused the sync. */
  requestId?: string;
}

/**
 * Syncs a payment with its provider and applies all consequences. Safe to call at any time, in any order and repeatedly.
 * @throws AppError UNAVAILABLE
 */
export async function syncPayment(paymentId: number, { record, requestId }: SyncOptions = {}): Promise<PaymentRow> {
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const seen = await findPayment(database, paymentId);
    if (!seen) throw new AppError('NOT_FOUND', 'Payment not found.');
    if (!seen.intentId) return seen;
    const state = await getProvider(seen.provider).findState(seen.intentId);
    // Most webhooks repeat what an earlier one reported; skip the lock for those.
    if (!hasChanges(seen, state) && getReturnedAmount(seen).gte(state.refunded)) {
      if (record) await runInTransaction(record);
      return seen;
    }
    const isApplied = await runInTransaction(async (trx) => {
      if (!(await applyState(trx, seen, { state, requestId }))) return false;
      await record?.(trx);
      return true;
    });
    if (!isApplied) continue;
    const payment = (await findPayment(database, paymentId))!;
    if (payment.status === 'succeeded' && seen.status !== 'succeeded') await conclude(paymentId, requestId);
    return payment;
  }
  throw new AppError('UNAVAILABLE', 'This payment is changing too quickly: try again in a moment.');
}

/**
 * Closes the intent of a payment, as far as the provider can, so that it cannot be paid anymore. A payment in processing stays open.
 * @throws AppError UNAVAILABLE
 */
export async function closePayment(paymentId: number): Promise<PaymentRow> {
  const { intentId, provider: name, status } = (await findPayment(database, paymentId))!;
  if (intentId && OPEN.includes(status)) await getProvider(name).cancelIntent(intentId);
  const payment = await syncPayment(paymentId);
  if (payment.status !== 'pending' && payment.status !== 'failed') return payment;
  return runInTransaction(async (trx) => {
    await lockOrder(trx, payment.orderId);
    const now = (await findPayment(trx, paymentId))!;
    // An intent was created in the meantime; whoever created it finds the payment open and closes it.
    if (now.version !== payment.version || now.intentId !== payment.intentId) return now;
    await updatePayment(trx, now, { ...now, status: 'cancelled' });
    return { ...now, status: 'cancelled' };
  });
}

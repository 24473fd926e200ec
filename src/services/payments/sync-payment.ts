import Big from 'big.js';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import { getProvider, type PaymentState, type PaymentStatus } from '../../integrations/payments';
import { logger } from '../../logger';
import type { OrderRow } from '../../models/orders/orders';
import { findPayment, OPEN, updatePayment, type PaymentRow } from '../../models/payments/payments';
import { updateRefund } from '../../models/payments/refunds';
import { lockOrder, changeOrderStatus, getStatusOfPaid } from '../orders/order-status';
import { addMessages, type Message } from '../outbox/add-messages';
import { concludePayment } from './conclude-payment';
import { describeWrongAmount } from './discrepancies';
import { postCapture, postDispute, postRefundPaid } from './post-to-ledger';
import { addRefund, getRefundableAmount } from './refund-order';

const MAX_ATTEMPTS = 10;

/** What has been captured for good: an amount that is still under way counts when it has arrived. */
function getCapturedAmount(state: PaymentState): Big {
  return state.status === 'succeeded' || state.status === 'cancelled' ? new Big(state.captured) : new Big(0);
}

/** Paid is final, and cancelled is unless money arrives. */
function getNextStatus(payment: PaymentRow, state: PaymentState): PaymentStatus {
  if (payment.status === 'succeeded' || getCapturedAmount(state).gt(0)) return 'succeeded';
  if (payment.status === 'cancelled') return 'cancelled';
  return state.status === 'succeeded' ? 'processing' : state.status;
}

/** Whether the provider says anything of a payment, but for refunds, that is not known. */
function hasChanges(payment: PaymentRow, state: PaymentState): boolean {
  return (
    getNextStatus(payment, state) !== payment.status ||
    getCapturedAmount(state).gt(payment.captured) ||
    (state.isDisputed ?? payment.isDisputed) !== payment.isDisputed
  );
}

/** Refunds that were made at the provider itself. */
async function adoptRefunds(
  trx: Trx,
  { order, payment }: { order: OrderRow; payment: PaymentRow },
  state: PaymentState,
): Promise<void> {
  const unknown = new Big(state.refunded).minus(payment.refunded);
  const left = getRefundableAmount({ ...payment, isDisputed: false });
  const amount = unknown.gt(left) ? left : unknown;
  if (amount.lte(0)) return;
  const wanted = { amount, cause: 'provider' as const, reason: null, requestedBy: null };
  const refund = await addRefund(trx, { order, payment }, wanted);
  await updateRefund(trx, refund.id, { status: 'succeeded', providerRefundId: null });
  await postRefundPaid(trx, { order, payment }, refund);
  await addMessages(trx, [{ topic: 'refund.sent', payload: { refundId: refund.id } }]);
}

/** A hold does not expire while its payment is processing. */
async function syncOrder(trx: Trx, order: OrderRow, payment: PaymentRow): Promise<void> {
  if (payment.isDisputed && order.paymentId === payment.id) await changeOrderStatus(trx, order, 'disputed');
  else if (order.status === 'disputed' && order.paymentId === payment.id)
    await changeOrderStatus(trx, order, getStatusOfPaid(order, payment));
  else if (order.status === 'pending' || order.status === 'processing')
    await changeOrderStatus(trx, order, payment.status === 'processing' ? 'processing' : 'pending');
}

/** What is to follow from a change of a payment. */
function getMessages(was: PaymentRow, is: PaymentRow): Message[] {
  const payload = { paymentId: is.id };
  const messages: Message[] = [];
  // Once the bank has let it go, it is to be seen again what it is good for.
  const isFreed = was.isDisputed && !is.isDisputed;
  if (new Big(is.captured).gt(was.captured) || isFreed) messages.push({ topic: 'payment.captured', payload });
  if (is.isDisputed && !was.isDisputed) messages.push({ topic: 'payment.disputed', payload });
  if (is.status === 'failed' && was.failedAt === null) messages.push({ topic: 'payment.failed', payload });
  return messages;
}

/**
 * Step: brings a payment, its order and the ledger to what the provider says; false where `seen` is no longer how the
 * payment is, since then `state` may be older than what has been applied.
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

/** Also done by a message, so that nobody waits for what fails here. */
async function conclude(paymentId: number, requestId?: string): Promise<void> {
  await concludePayment(paymentId, requestId).catch((error: Error) =>
    logger.warn({ err: error, paymentId }, 'A payment is not concluded yet: its message does it'),
  );
}

interface SyncOptions {
  /** Written in the transaction of the effect. */
  record?: (trx: Trx) => Promise<unknown>;
  /** Of the request that asks. */
  requestId?: string;
}

/**
 * Asks the provider how a payment stands and lets everything follow: whoever asks, in whatever order and however often.
 * @throws AppError UNAVAILABLE
 */
export async function syncPayment(paymentId: number, { record, requestId }: SyncOptions = {}): Promise<PaymentRow> {
  for (let tries = 0; tries < MAX_ATTEMPTS; tries += 1) {
    const seen = await findPayment(database, paymentId);
    if (!seen) throw new AppError('NOT_FOUND', 'Payment not found.');
    if (!seen.intentId) return seen;
    const state = await getProvider(seen.provider).findState(seen.intentId);
    // Most deliveries tell of what another has told of: nothing is to be locked for those.
    if (!hasChanges(seen, state) && new Big(state.refunded).lte(seen.refunded)) {
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
  throw new AppError('UNAVAILABLE', 'This payment is changing too fast: try again in a moment.');
}

/**
 * Makes sure that nothing more is paid with this intent, as far as the provider can. One that is processing stays.
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
    // Made meanwhile: whoever made the intent finds the payment open, and closes it himself.
    if (now.version !== payment.version || now.intentId !== payment.intentId) return now;
    await updatePayment(trx, now, { ...now, status: 'cancelled' });
    return { ...now, status: 'cancelled' };
  });
}

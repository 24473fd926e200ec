import { randomUUID } from 'node:crypto';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { getProvider, listProviderNames, type Intent, type ProviderName } from '../../integrations/payments';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { cutText } from '../../lib/text/cut-text';
import type { OrderRow } from '../../models/orders/orders';
import {
  findPayment,
  insertPayment,
  listPaymentsOfOrder,
  OPEN,
  updateIntent,
  updatePayment,
  type PaymentRow,
} from '../../models/payments/payments';
import { claimRequest, recordEffect, runOnce } from '../idempotency.service';
import { executeIn } from '../inventory/execute';
import { toConfirmOrderCommand } from '../inventory/order-commands';
import { assertPayable } from '../inventory/rules/pay-with-credits';
import { getOwnOrder } from '../orders/get-orders';
import { tryToIssueInvoice } from '../orders/issue-invoices';
import { lockOrder } from '../orders/order-status';
import { getRefundableAmount } from './add-refund';
import { closePayment } from './sync-payment';

/** A provider, or the customer’s credits. */
export type PaymentMethod = ProviderName | 'credits';

export interface PayOrder {
  orderId: number;
  paymentMethod: PaymentMethod;
}

interface PayThroughProvider {
  orderId: number;
  paymentMethod: ProviderName;
}

/** @throws AppError VALIDATION_ERROR if the payment method is not configured */
export function assertPaymentMethod(name: ProviderName): void {
  if (!listProviderNames().includes(name)) throw createValidationError('paymentMethod', `${name} is not available`);
}

/** @throws AppError BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE */
function assertOrderPayable({ status, bookingStatus: hold, expiresAt }: OrderRow): void {
  assertPayable({ status, hold, expiresAt }, Date.now());
}

/** Returns the open payment of an order, or creates one. */
async function openPayment(trx: Trx, { orderId, paymentMethod }: PayThroughProvider): Promise<PaymentRow> {
  const order = await lockOrder(trx, orderId);
  assertOrderPayable(order);
  const payments = await listPaymentsOfOrder(trx, orderId);
  // The order is paid, although the booking is not confirmed yet.
  if (payments.some((payment) => getRefundableAmount(payment).gt(0))) throw new AppError('ORDER_NOT_PAYABLE');
  const open = payments.find(({ status }) => OPEN.includes(status));
  const { due: amount, currency } = order;
  return open ?? insertPayment(trx, { orderId, provider: paymentMethod, amount, currency });
}

/** Stores an intent, even if the order changed in the meantime, so that money for it can be matched to its payment. */
async function storeIntent(trx: Trx, { id, orderId }: PaymentRow, intent: Intent) {
  const order = await lockOrder(trx, orderId);
  const payment = (await findPayment(trx, id))!;
  if (payment.intentId) return { order, payment };
  const { id: intentId, clientSecret, redirectUrl } = intent;
  await updateIntent(trx, id, { intentId, clientSecret, redirectUrl });
  return { order, payment: { ...payment, intentId, clientSecret, redirectUrl } };
}

/** The stored effect of an idempotency key: the payment that it started, and the provider's refusal. */
interface StartedPayment {
  paymentId: number;
  refusal?: string;
}

async function dropPayment(actor: Actor, { id, orderId }: PaymentRow, error: AppError): Promise<void> {
  await runInTransaction(async (trx) => {
    await lockOrder(trx, orderId);
    const payment = (await findPayment(trx, id))!;
    if (payment.intentId !== null || !OPEN.includes(payment.status)) return;
    await updatePayment(trx, payment, { ...payment, status: 'cancelled' });
    if (error.code === 'PAYMENT_FAILED')
      await recordEffect(trx, actor, { paymentId: id, refusal: error.message } satisfies StartedPayment);
  });
}

/** Creates the intent at the provider, without holding a lock. Repeating it creates no second intent. @throws AppError UNAVAILABLE, PAYMENT_FAILED */
async function createIntentOfPayment(actor: Actor, payment: PaymentRow, order: OrderRow): Promise<PaymentRow> {
  const charge = {
    orderId: order.id,
    orderNumber: order.orderNumber,
    amount: formatMoney(payment.amount, payment.currency),
    currency: payment.currency,
    idempotencyKey: payment.idempotencyKey,
    description: cutText(`Order ${order.orderNumber}${order.eventTitle === null ? '' : `: ${order.eventTitle}`}`, {
      max: 100,
    }),
    customerEmail: order.customerEmail,
    expiresAt: new Date(order.expiresAt ?? Date.now()),
  };
  const intent = await getProvider(payment.provider)
    .createIntent(charge)
    .catch(async (error: unknown) => {
      // The provider repeats a refusal for the same key, so the next attempt needs a new payment.
      if (error instanceof AppError && error.code !== 'UNAVAILABLE') await dropPayment(actor, payment, error);
      throw error;
    });
  const stored = await runInTransaction((trx) => storeIntent(trx, payment, intent));
  if (!OPEN.includes(stored.payment.status)) await getProvider(payment.provider).cancelIntent(intent.id);
  assertOrderPayable(stored.order);
  if (!OPEN.includes(stored.payment.status)) throw new AppError('ORDER_NOT_PAYABLE');
  return stored.payment;
}

function present({ provider: name, intentId, clientSecret, redirectUrl }: PaymentRow): StartedIntent {
  return { provider: name, paymentIntentId: intentId, clientSecret, redirectUrl };
}

/** Returns the payment for a request: the one that its idempotency key has started, the open one, or a new one. */
async function startPayment(trx: Trx, actor: Actor, request: PayThroughProvider): Promise<PaymentRow> {
  const earlier = (await claimRequest(trx, actor))?.value as StartedPayment | undefined;
  if (earlier?.refusal !== undefined) throw new AppError('PAYMENT_FAILED', earlier.refusal);
  const started = earlier && (await findPayment(trx, earlier.paymentId));
  // A payment that was closed before it had an intent cannot be continued.
  if (started && (started.intentId !== null || OPEN.includes(started.status))) return started;
  const payment = await openPayment(trx, request);
  if (payment.provider === request.paymentMethod)
    await recordEffect(trx, actor, { paymentId: payment.id } satisfies StartedPayment);
  return payment;
}

/** What the customer needs to pay. */
export interface StartedIntent {
  provider: PaymentMethod;
  /** Null if credits have paid. */
  paymentIntentId: string | null;
  clientSecret: string | null;
  redirectUrl: string | null;
}

/**
 * Closes the open payment of an order, so that it cannot be paid through it anymore.
 * @throws AppError ORDER_NOT_PAYABLE if it is being processed, UNAVAILABLE
 */
async function closeOpenPayment(paymentId: number): Promise<void> {
  const { status } = await closePayment(paymentId);
  if (OPEN.includes(status)) throw new AppError('ORDER_NOT_PAYABLE', 'A payment for this order is being processed.');
}

/** The command that has credits pay an order. */
const toCreditsCommand = ({ id, bookingId, eventId, userId }: OrderRow) =>
  bookingId !== null && eventId !== null
    ? { kind: 'confirm' as const, eventId, requestId: randomUUID(), bookingId, userId, paymentId: null }
    : toConfirmOrderCommand(id, null);

/** Undoes the transaction in which credits could not pay yet. */
class StillOpenError extends Error {}

/**
 * Pays an order with credits, all of it at once: they are spent and what it holds is sold in one transaction. An open payment is closed
 * first, but only if there are enough credits.
 */
async function payWithCredits(actor: Actor, order: OrderRow): Promise<StartedIntent> {
  const command = await toCreditsCommand(order);
  for (;;) {
    try {
      await runOnce(actor, async (trx) => {
        if (!(await executeIn(trx, command))) throw new StillOpenError();
        return null;
      });
      await tryToIssueInvoice(order.id);
      return { provider: 'credits', paymentIntentId: null, clientSecret: null, redirectUrl: null };
    } catch (error) {
      if (!(error instanceof StillOpenError)) throw error;
    }
    const payments = await listPaymentsOfOrder(database, order.id);
    for (const { id, status } of payments) if (OPEN.includes(status)) await closeOpenPayment(id);
  }
}

/**
 * Returns what the customer needs to pay an order; credits pay it at once. Repeated calls return the same intent until it is closed. For another payment
 * method the previous intent is closed first, so that an order is never paid twice.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE, UNAVAILABLE, PAYMENT_FAILED,
 * CREDITS_NOT_ALLOWED, INSUFFICIENT_CREDITS
 */
export async function payOrder(actor: Actor, { orderId, paymentMethod }: PayOrder): Promise<StartedIntent> {
  const order = await getOwnOrder(actor, orderId);
  if (paymentMethod === 'credits') return payWithCredits(actor, order);
  assertPaymentMethod(paymentMethod);
  for (;;) {
    const payment: PaymentRow = await runInTransaction((trx) => startPayment(trx, actor, { orderId, paymentMethod }));
    if (payment.provider === paymentMethod)
      return present(payment.intentId ? payment : await createIntentOfPayment(actor, payment, order));
    await closeOpenPayment(payment.id);
  }
}

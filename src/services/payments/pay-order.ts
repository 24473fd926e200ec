import { runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { getProvider, listProviderNames, type Intent, type ProviderName } from '../../integrations/payments';
import type { Actor } from '../../lib/actor';
import { formatMoney } from '../../lib/money/money';
import { cutText } from '../../lib/text';
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
import { claimRequest, recordEffect } from '../idempotency.service';
import { getOwnOrder } from '../orders/get-orders';
import { lockOrder } from '../orders/order-status';
import { getRefundableAmount } from './refund-order';
import { closePayment } from './sync-payment';

export interface PayOrder {
  orderId: number;
  paymentMethod: ProviderName;
}

/** @throws AppError VALIDATION_ERROR for one that is not configured */
export function assertPaymentMethod(name: ProviderName): void {
  if (!listProviderNames().includes(name))
    throw createValidationError('paymentMethod', `${name} is not available here`);
}

/** @throws AppError BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE */
function assertPayable({ status, bookingStatus, expiresAt }: OrderRow): void {
  if (status === 'cancelled') throw new AppError('ALREADY_CANCELLED');
  if (status === 'expired' || bookingStatus === 'expired') throw new AppError('BOOKING_EXPIRED');
  if (status !== 'pending' && status !== 'processing') throw new AppError('ORDER_NOT_PAYABLE');
  if (expiresAt !== null && expiresAt <= Date.now()) throw new AppError('BOOKING_EXPIRED');
}

/** The payment to go on with: the open one, or a new one where there is none. */
async function openPayment(trx: Trx, { orderId, paymentMethod }: PayOrder): Promise<PaymentRow> {
  const order = await lockOrder(trx, orderId);
  assertPayable(order);
  const payments = await listPaymentsOfOrder(trx, orderId);
  // Paid, though the booking does not say so yet.
  if (payments.some((payment) => getRefundableAmount(payment).gt(0))) throw new AppError('ORDER_NOT_PAYABLE');
  const open = payments.find(({ status }) => OPEN.includes(status));
  const { total: amount, currency } = order;
  return open ?? insertPayment(trx, { orderId, provider: paymentMethod, amount, currency });
}

/** Keeps an intent, whatever has become of the order while it was made: money for it has to find its payment. */
async function keepIntent(trx: Trx, { id, orderId }: PaymentRow, intent: Intent) {
  const order = await lockOrder(trx, orderId);
  const payment = (await findPayment(trx, id))!;
  if (payment.intentId) return { order, payment };
  const { id: intentId, clientSecret, redirectUrl } = intent;
  await updateIntent(trx, id, { intentId, clientSecret, redirectUrl });
  return { order, payment: { ...payment, intentId, clientSecret, redirectUrl } };
}

/** What an idempotency key is kept for: the payment that it began, and what the provider refused it with. */
interface BegunPayment {
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
      await recordEffect(trx, actor, { paymentId: id, refusal: error.message } satisfies BegunPayment);
  });
}

/** Has the provider make the intent: no lock is held, and asked twice it makes one. @throws AppError UNAVAILABLE, PAYMENT_FAILED */
async function makeIntent(actor: Actor, payment: PaymentRow, order: OrderRow): Promise<PaymentRow> {
  const charge = {
    orderId: order.id,
    orderNumber: order.orderNumber,
    amount: formatMoney(payment.amount, payment.currency),
    currency: payment.currency,
    idempotencyKey: payment.idempotencyKey,
    description: cutText(`Order ${order.orderNumber}: ${order.eventTitle ?? ''}`, { max: 100 }),
    customerEmail: order.customerEmail,
    expiresAt: new Date(order.expiresAt ?? Date.now()),
  };
  const intent = await getProvider(payment.provider)
    .createIntent(charge)
    .catch(async (error: unknown) => {
      // A refusal is remembered under its key: the next attempt is another payment.
      if (error instanceof AppError && error.code !== 'UNAVAILABLE') await dropPayment(actor, payment, error);
      throw error;
    });
  const kept = await runInTransaction((trx) => keepIntent(trx, payment, intent));
  if (!OPEN.includes(kept.payment.status)) await getProvider(payment.provider).cancelIntent(intent.id);
  assertPayable(kept.order);
  if (!OPEN.includes(kept.payment.status)) throw new AppError('ORDER_NOT_PAYABLE');
  return kept.payment;
}

function present({ provider: name, intentId, clientSecret, redirectUrl }: PaymentRow) {
  return { provider: name, paymentIntentId: intentId!, clientSecret, redirectUrl };
}

/** The payment that the request is for: the one that its key has begun already, or the open one, or a new one. */
async function beginPayment(trx: Trx, actor: Actor, request: PayOrder): Promise<PaymentRow> {
  const earlier = (await claimRequest(trx, actor))?.value as BegunPayment | undefined;
  if (earlier?.refusal !== undefined) throw new AppError('PAYMENT_FAILED', earlier.refusal);
  const begun = earlier && (await findPayment(trx, earlier.paymentId));
  // One that was closed before it had an intent came to nothing.
  if (begun && (begun.intentId !== null || OPEN.includes(begun.status))) return begun;
  const payment = await openPayment(trx, request);
  if (payment.provider === request.paymentMethod)
    await recordEffect(trx, actor, { paymentId: payment.id } satisfies BegunPayment);
  return payment;
}

/**
 * What the customer needs to pay an order: the same intent again until it is closed. With another method the one before
 * is closed first, so that an order is never paid twice.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, BOOKING_EXPIRED, ALREADY_CANCELLED, ORDER_NOT_PAYABLE, UNAVAILABLE, PAYMENT_FAILED
 */
export async function payOrder(actor: Actor, { orderId, paymentMethod }: PayOrder) {
  const order = await getOwnOrder(actor, orderId);
  assertPaymentMethod(paymentMethod);
  for (;;) {
    const payment = await runInTransaction((trx) => beginPayment(trx, actor, { orderId, paymentMethod }));
    if (payment.provider === paymentMethod)
      return present(payment.intentId ? payment : await makeIntent(actor, payment, order));
    const { status } = await closePayment(payment.id);
    if (OPEN.includes(status)) throw new AppError('ORDER_NOT_PAYABLE', 'A payment of this order is being processed.');
  }
}

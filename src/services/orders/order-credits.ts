import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { fitsCurrency } from '../../lib/money/money';
import { findCreditProduct, insertCreditOrder, insertCreditProduct } from '../../models/orders/credit-orders';
import { createReference } from '../../runtime/references';
import { runOnce } from '../idempotency.service';
import { toOrderNumber } from '../inventory/rules/orders';
import { assertPaymentMethod, payOrder, type PaymentMethod } from '../payments/pay-order';
import type { CheckedOutOrder } from './checkout';
import { getOrder } from './get-orders';

export interface OrderCredits {
  amount: string;
  currency: string;
  paymentMethod: PaymentMethod;
}

/** @throws AppError VALIDATION_ERROR */
function validateAmount({ amount, currency }: OrderCredits): void {
  if (Number(amount) === 0) throw createValidationError('amount', 'must be more than 0');
  if (!fitsCurrency(amount, currency)) throw createValidationError('amount', `has more decimals than ${currency}`);
}

/**
 * Orders any amount of credits and starts its payment. The credits come in when the order is paid.
 * @throws AppError VALIDATION_ERROR, CREDITS_NOT_ALLOWED, PAYMENT_FAILED, UNAVAILABLE, also if there is nobody to sell them
 */
export async function orderCredits(actor: Actor, input: OrderCredits): Promise<CheckedOutOrder> {
  const { amount, currency, paymentMethod } = input;
  if (paymentMethod === 'credits') throw new AppError('CREDITS_NOT_ALLOWED');
  validateAmount(input);
  assertPaymentMethod(paymentMethod);
  const { orderId } = await runOnce(actor, async (trx) => {
    const productId = (await findCreditProduct(trx, currency)) ?? (await insertCreditProduct(trx, currency));
    if (productId === undefined) throw new AppError('UNAVAILABLE', 'There is no admin who could sell credits.');
    const { userId } = actor;
    const numbers = { orderNumber: toOrderNumber(createReference()), requestId: randomUUID() };
    const order = { ...numbers, userId, productId, amount, currency, holdMinutes: config.holdMinutes };
    return { orderId: await insertCreditOrder(trx, order) };
  });
  const { status } = await getOrder(actor, orderId);
  // A repeated request gets the payment that is open.
  const isOpen = status === 'pending' || status === 'processing';
  const payment = isOpen ? await payOrder({ ...actor, once: undefined }, { orderId, paymentMethod }) : null;
  return { ...(await getOrder(actor, orderId)), payment };
}

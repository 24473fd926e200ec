import type { ProviderName } from '../integrations/payments';
import type { PayOrder } from '../services/payments/pay-order';
import type { Checkout } from '../services/orders/checkout';
import type { SandboxOutcome } from '../integrations/payments/sandbox';
import { addressKeys } from './addresses.schemas';
import type { ListPaymentProblems } from '../services/payments/list-payment-problems';
import {
  Joi,
  id,
  money,
  outFlag,
  outId,
  outMoney,
  outObject,
  outText,
  outTextOrNull,
  outTime,
  pagingKeys,
} from './common.schemas';
import {
  billingAddressBody,
  order,
  orderSummary,
  outPaymentStatus,
  outProvider,
  PAYMENT_METHODS,
} from './orders.schemas';

/** A payment method in a request. */
export const paymentMethod = () =>
  Joi.string()
    .valid(...PAYMENT_METHODS)
    .description('A payment method that is configured here');

const intentId = () => Joi.string().pattern(/^[\w-]{1,255}$/, 'the id of a payment intent');

export const payOrderBody = Joi.object<Omit<PayOrder, 'orderId'>, true>({
  paymentMethod: paymentMethod().required(),
});

export const paymentIntent = Joi.object({
  provider: outProvider(),
  paymentIntentId: outTextOrNull().description('Null if credits have paid'),
  clientSecret: outTextOrNull().description('The secret for the provider’s own payment form; null if there is none'),
  redirectUrl: outTextOrNull().description('Where to send the customer to pay; null if they do not leave the page'),
}).meta({ name: 'PaymentIntent' });

const savedAddressId = () => id().description('A saved address');

export const checkoutBody = Joi.object<Checkout, true>({
  billingAddress: billingAddressBody.description('The address on the invoice'),
  billingAddressId: savedAddressId(),
  shippingAddress: Joi.object(addressKeys).description(
    'Where goods are sent to; defaults to the billing address. Required if anything is shipped',
  ),
  shippingAddressId: savedAddressId(),
  shippingOptionId: id().description('Defaults to the cheapest option that ships the goods'),
  paymentMethod: paymentMethod().description('Starts the payment at once, if there is anything to pay'),
  creditsAmount: money().description(
    'How much of the total credits pay, beside another method. With the payment method `credits` they pay all of it',
  ),
  acceptedTerms: Joi.boolean().description(
    'The customer wants downloads at once and knows that this ends the right to withdraw',
  ),
  note: Joi.string().trim().min(1).max(1000).description('A note to the sellers'),
})
  .oxor('billingAddress', 'billingAddressId')
  .oxor('shippingAddress', 'shippingAddressId');

/** An order that was just checked out. */
export const checkedOutOrder = order
  // What the customer needs to pay, if a method was given.
  .keys({ payment: paymentIntent.allow(null).required() })
  .meta({ name: 'CheckedOutOrder' });

export const webhookParams = Joi.object<{ provider: ProviderName }, true>({
  provider: Joi.string().valid('stripe', 'paypal', 'crypto', 'sandbox').required(),
});

export const sandboxParams = Joi.object<{ paymentIntentId: string; outcome: SandboxOutcome }, true>({
  paymentIntentId: intentId().required(),
  outcome: Joi.string().valid('succeed', 'fail').required(),
});

export const sandboxPayment = Joi.object({
  paymentIntentId: outText(),
  status: outPaymentStatus(),
  order: orderSummary.required(),
}).meta({ name: 'SandboxPayment' });

export const listPaymentProblemsQuery = Joi.object<ListPaymentProblems, true>({
  ...pagingKeys(),
  kind: Joi.string()
    .valid('disputed', 'discrepancy', 'failed_refund')
    .description('Only payments that are disputed, that differ from ledger, order or provider, or whose refund failed'),
});

export const paymentProblem = Joi.object({
  id: outId(),
  orderId: outId(),
  orderNumber: outText(),
  customer: outObject({ id: outId(), name: outText(), email: outText() }),
  provider: outProvider(),
  currency: outText(),
  captured: outMoney(),
  refunded: outMoney(),
  isDisputed: outFlag().description('The customer’s bank has taken the money back'),
  discrepancy: outTextOrNull().description('How ledger, order or provider differ from the payment'),
  failedRefunds: outMoney().description('What refunds come to that failed and were not made again'),
  createdAt: outTime(),
}).meta({ name: 'PaymentProblem' });

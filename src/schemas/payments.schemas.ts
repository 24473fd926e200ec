import type { ProviderName } from '../integrations/payments';
import type { SandboxOutcome } from '../integrations/payments/sandbox';
import { Joi, outText, outTextOrNull } from './common.schemas';
import { orderSummary, outPaymentStatus, outProvider, PAYMENT_METHODS } from './orders.schemas';

/** A payment method in a request. */
export const paymentMethod = () =>
  Joi.string()
    .valid(...PAYMENT_METHODS)
    .description('A payment method that is configured here');

const intentId = () => Joi.string().pattern(/^[\w-]{1,255}$/, 'the id of a payment intent');

export const payOrderBody = Joi.object<{ paymentMethod: ProviderName }, true>({
  paymentMethod: paymentMethod().required(),
});

export const paymentIntent = Joi.object({
  provider: outProvider(),
  paymentIntentId: outText(),
  clientSecret: outTextOrNull().description('The secret for the provider’s own payment form; null if there is none'),
  redirectUrl: outTextOrNull().description('Where to send the customer to pay; null if they do not leave the page'),
}).meta({ name: 'PaymentIntent' });

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

import * as payments from '../controllers/payments.controller';
import { route } from '../http/route';
import { sandboxParams, sandboxPayment, webhookParams } from '../schemas/payments.schemas';

const tag = 'Payments';

export const paymentsRoutes = [
  route({
    method: 'post',
    path: '/payments/webhooks/:provider',
    id: 'receivePaymentWebhook',
    tag,
    summary: 'For payment providers: something has happened',
    description:
      'The signature is checked on the body as it was sent: unsigned, wrongly signed or more than 300 s old is a 400. Repeated and out-of-order deliveries change nothing twice.',
    access: 'public',
    rawBody: true,
    params: webhookParams,
    status: 200,
    errors: ['NOT_FOUND'],
    handler: payments.receive,
  }),
  route({
    method: 'post',
    path: '/payments/sandbox/:paymentIntentId/:outcome',
    id: 'decideSandboxPayment',
    tag,
    summary: 'Pay in the sandbox, or fail to',
    description:
      'Stands in for the customer at a provider’s page. Never in production; from this machine only unless `DEV_TOOLS` is true. Money for an intent that was cancelled still arrives.',
    access: 'public',
    local: true,
    params: sandboxParams,
    status: 200,
    response: sandboxPayment,
    errors: ['NOT_FOUND'],
    handler: payments.decide,
  }),
];

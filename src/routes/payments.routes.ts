import * as payments from '../controllers/payments.controller';
import { route } from '../http/route';
import {
  listPaymentProblemsQuery,
  paymentProblem,
  sandboxParams,
  sandboxPayment,
  webhookParams,
} from '../schemas/payments.schemas';

const tag = 'Payments';

export const paymentsRoutes = [
  route({
    method: 'post',
    path: '/payments/webhooks/:provider',
    id: 'receivePaymentWebhook',
    tag,
    summary: 'Receive a payment webhook',
    description:
      'For payment providers only. The signature is verified against the raw body; a webhook that is unsigned, wrongly signed or more than 300 seconds old is rejected with 400. Repeated and out-of-order deliveries are safe: nothing is applied twice.',
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
    summary: 'Complete or fail a sandbox payment',
    description:
      'Stands in for the customer on a provider’s payment page. Never available in production, and only from this machine unless `DEV_TOOLS` is true. As with a real provider, money for a cancelled intent can still arrive.',
    access: 'public',
    local: true,
    params: sandboxParams,
    status: 200,
    response: sandboxPayment,
    errors: ['NOT_FOUND'],
    handler: payments.decide,
  }),
  route({
    method: 'get',
    path: '/admin/payments/problems',
    id: 'listPaymentProblems',
    tag: 'Admin',
    summary: 'List payments that somebody must look at',
    description:
      'Lists payments that are disputed, that differ from the ledger, the order or the provider, or whose refund failed; newest first.',
    access: 'admin',
    query: listPaymentProblemsQuery,
    status: 200,
    response: paymentProblem,
    list: true,
    errors: [],
    handler: payments.listProblems,
  }),
];

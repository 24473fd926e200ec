import { config } from '../../config';
import { createSignatureError, assertFresh, listSecrets, TOLERANCE_SECONDS } from './signatures';
import { createUnavailableError, createRefusedError, createUnknownIntentError } from './failures';
import { fromStripeAmount, toStripeAmount } from './stripe.amounts';
import type {
  Charge,
  Intent,
  PaymentProvider,
  PaymentState,
  PaymentStatus,
  ProviderMessage,
  ProviderRefund,
  RefundRequest,
} from './types';

type Sdk = (typeof import('stripe', { with: { 'resolution-mode': 'import' } }))['default'];
type Client = InstanceType<Sdk>;
type StripeIntent = Awaited<ReturnType<Client['paymentIntents']['retrieve']>>;

/** The parts of SDK errors that we use. Messages and raw responses are not logged. */
interface StripeFailure {
  type?: string;
  code?: string;
  statusCode?: number;
  requestId?: string;
  headers?: Record<string, string>;
}

const NAME = 'Stripe';
const RETRIES = 1;
// Inquiries (`warning_…`) do not take money back.
const HARMLESS_DISPUTES = new Set([
  'won',
  'prevented',
  'warning_needs_response',
  'warning_under_review',
  'warning_closed',
]);

let client: Promise<Client> | undefined;

/** Loads the SDK on first use, because it is large. */
async function load(): Promise<Client> {
  const { default: Stripe } = await import('stripe');
  const base = new URL(config.stripeApiBase);
  const protocol = base.protocol === 'http:' ? 'http' : 'https';
  return new Stripe(config.stripeSecretKey!, {
    host: base.hostname,
    port: base.port || (protocol === 'http' ? 80 : 443),
    protocol,
    timeout: config.paymentTimeoutMs,
    maxNetworkRetries: RETRIES,
    telemetry: false,
  });
}

function stripe(): Promise<Client> {
  client ??= load();
  return client;
}

function toFailure(error: unknown): unknown {
  const { type = '', code = '', statusCode = 0, requestId = 'none' } = error as StripeFailure;
  if (!type.startsWith('Stripe')) return error;
  if (code === 'resource_missing') return createUnknownIntentError(NAME);
  const isAway = statusCode === 0 || statusCode >= 500 || [401, 403, 409, 429].includes(statusCode);
  const why = `${type} ${statusCode} ${code} (request ${requestId})`;
  return isAway ? createUnavailableError(NAME, why) : createRefusedError(NAME, why);
}

/** Checks the status, because the SDK accepts any JSON from a proxy as a response from Stripe. */
function assertStatus(response: unknown): void {
  const { lastResponse } = response as { lastResponse?: { statusCode?: number } };
  const status = lastResponse?.statusCode ?? 200;
  if (status >= 400) throw createUnavailableError(NAME, `it answered ${status}`);
}

async function callStripe<T extends object>(call: (client: Client) => Promise<T>): Promise<T> {
  try {
    const response = await call(await stripe());
    assertStatus(response);
    return response;
  } catch (error) {
    throw toFailure(error);
  }
}

/** True if Stripe stored a 5xx under the idempotency key and will always repeat it. Creating another intent is safe, since the first takes no money. */
function isKeptFailure(error: unknown): boolean {
  const { statusCode = 0, headers } = error as StripeFailure;
  return statusCode >= 500 && headers?.['idempotent-replayed'] === 'true';
}

async function createIntent(charge: Charge): Promise<Intent> {
  const { orderId, orderNumber, currency, idempotencyKey } = charge;
  const params = {
    amount: toStripeAmount(charge.amount, currency),
    currency: currency.toLowerCase(),
    automatic_payment_methods: { enabled: true },
    description: charge.description,
    receipt_email: charge.customerEmail,
    metadata: { order_id: String(orderId), order_number: orderNumber },
  };
  const intent = await callStripe(async ({ paymentIntents }) => {
    try {
      return await paymentIntents.create(params, { idempotencyKey });
    } catch (error) {
      if (!isKeptFailure(error)) throw error;
      return paymentIntents.create(params, { idempotencyKey: `${idempotencyKey}/again` });
    }
  });
  return { id: intent.id, clientSecret: intent.client_secret, redirectUrl: null };
}

function getStatus({ status, last_payment_error }: StripeIntent): PaymentStatus {
  if (status === 'succeeded') return 'succeeded';
  if (status === 'canceled') return 'cancelled';
  if (status === 'processing' || status === 'requires_capture') return 'processing';
  return status === 'requires_payment_method' && last_payment_error ? 'failed' : 'pending';
}

async function isDisputed(intentId: string): Promise<boolean> {
  const { data } = await callStripe(({ disputes }) => disputes.list({ payment_intent: intentId, limit: 100 }));
  return data.some(({ status }) => !HARMLESS_DISPUTES.has(status));
}

async function findState(intentId: string): Promise<PaymentState> {
  const intent = await callStripe(({ paymentIntents }) =>
    paymentIntents.retrieve(intentId, { expand: ['latest_charge'] }),
  );
  const currency = intent.currency.toUpperCase();
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    intentId: intent.id,
    status: getStatus(intent),
    currency,
    captured: fromStripeAmount(intent.amount_received, currency),
    refunded: fromStripeAmount(charge?.amount_refunded ?? 0, currency),
    isDisputed: charge?.disputed === true && (await isDisputed(intent.id)),
  };
}

async function cancelIntent(intentId: string): Promise<void> {
  await callStripe(async ({ paymentIntents }) => {
    try {
      return await paymentIntents.cancel(intentId);
    } catch (error) {
      // The intent has been cancelled or paid, or is being processed.
      if ((error as StripeFailure).code !== 'payment_intent_unexpected_state') throw error;
      return {};
    }
  });
}

function refundStatus(status: string | null): ProviderRefund['status'] {
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}

/** Stripe forgets idempotency keys after a day, so the refund contains its key and is looked up first. */
async function refund({ intentId, amount, currency, idempotencyKey }: RefundRequest): Promise<ProviderRefund> {
  const units = toStripeAmount(amount, currency);
  const { data } = await callStripe(({ refunds }) => refunds.list({ payment_intent: intentId, limit: 100 }));
  const params = { payment_intent: intentId, amount: units, metadata: { key: idempotencyKey } };
  const made =
    data.find(({ metadata }) => metadata?.key === idempotencyKey) ??
    (await callStripe(({ refunds }) => refunds.create(params, { idempotencyKey })));
  return { id: made.id, status: refundStatus(made.status) };
}

function getIntentId(object: { id?: string; object?: string; payment_intent?: string | { id: string } | null }) {
  if (object.object === 'payment_intent') return object.id ?? null;
  const intent = object.payment_intent ?? null;
  return typeof intent === 'object' ? (intent?.id ?? null) : intent;
}

async function readWebhook(body: Buffer, headers: Record<string, string | undefined>): Promise<ProviderMessage> {
  const { webhooks } = await stripe();
  const signature = headers['stripe-signature'];
  if (!signature) throw createSignatureError('it has no Stripe-Signature header');
  // The SDK accepts timestamps in the future.
  assertFresh(new Date(Number(/(?:^|,)t=(\d{1,12})(?:,|$)/.exec(signature)?.[1]) * 1000));
  for (const secret of listSecrets(config.stripeWebhookSecret!)) {
    try {
      const { id, type, data } = webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
      return { id, type, intentId: getIntentId(data.object as Parameters<typeof getIntentId>[0]) };
    } catch {
      // It may be signed with the next secret.
    }
  }
  throw createSignatureError(`its Stripe-Signature is wrong, or older than ${TOLERANCE_SECONDS} seconds`);
}

export function stripeProvider(): PaymentProvider {
  return { name: 'stripe', createIntent, findState, cancelIntent, refund, readWebhook };
}

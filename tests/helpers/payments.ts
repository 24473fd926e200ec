import { randomUUID } from 'node:crypto';
import { config } from '../../src/config';
import type { Charge, RefundRequest } from '../../src/integrations/payments';
import { type FakeBtcpay, startBtcpay } from '../fakes/btcpay';
import { type FakePaypal, startPaypal } from '../fakes/paypal';
import { type FakeStripe, startStripe } from '../fakes/stripe';

/** During rotation the old secret comes first. */
export const secrets = { old: 'whsec_the_old_one', new: 'whsec_the_new_one' };

/** Starts a fake Stripe and points the program at it. */
export async function withStripe(): Promise<FakeStripe> {
  const fake = await startStripe('sk_test_of_the_tests', secrets.new);
  Object.assign(config, {
    stripeSecretKey: 'sk_test_of_the_tests',
    stripeWebhookSecret: `${secrets.old},${secrets.new}`,
    stripeApiBase: fake.url,
  });
  return fake;
}

export async function withPaypal(): Promise<FakePaypal> {
  const fake = await startPaypal({ clientId: 'client', clientSecret: 'client-secret', webhookId: '1JE4291016473214C' });
  Object.assign(config, {
    paypalClientId: 'client',
    paypalClientSecret: 'client-secret',
    paypalWebhookId: '1JE4291016473214C',
    paypalBaseUrl: fake.url,
  });
  return fake;
}

export async function withBtcpay(): Promise<FakeBtcpay> {
  const fake = await startBtcpay({ storeId: 'store', apiKey: 'api-key', webhookSecret: secrets.new });
  Object.assign(config, {
    btcpayUrl: `${fake.url}/`,
    btcpayStoreId: 'store',
    btcpayApiKey: 'api-key',
    btcpayWebhookSecret: `${secrets.old}, ${secrets.new}`,
  });
  return fake;
}

/** Enables the real providers, with a timeout so short that tests do not wait ten seconds for a lost response. */
export function useRealProviders(): void {
  config.paymentProviders = ['stripe', 'paypal', 'crypto'];
  config.paymentTimeoutMs = 300;
}

export function aCharge(changes: Partial<Charge> = {}): Charge {
  const key = randomUUID();
  return {
    orderId: 42,
    orderNumber: `ORD-${key.slice(0, 8)}`,
    amount: '25.00',
    currency: 'EUR',
    idempotencyKey: key,
    description: 'Two tickets for a night at the opera',
    customerEmail: 'ada@example.com',
    expiresAt: new Date(Date.now() + 15 * 60_000),
    ...changes,
  };
}

export function aRefund(intentId: string, changes: Partial<RefundRequest> = {}): RefundRequest {
  return { intentId, amount: '10.00', currency: 'EUR', idempotencyKey: randomUUID(), reason: 'Rain', ...changes };
}

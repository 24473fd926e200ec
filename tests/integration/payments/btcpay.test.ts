import { config } from '../../../src/config';
import { getProvider } from '../../../src/integrations/payments';
import type { FakeBtcpay } from '../../fakes/btcpay';
import { aCharge, aRefund, useRealProviders, withBtcpay } from '../../helpers/payments';

let fake: FakeBtcpay;

beforeAll(async () => {
  useRealProviders();
  fake = await withBtcpay();
});
afterAll(() => fake.close());

const crypto = () => getProvider('crypto');

async function created(changes: Parameters<typeof aCharge>[0] = {}): Promise<string> {
  return (await crypto().createIntent(aCharge(changes))).id;
}

async function paid(changes: Parameters<typeof aCharge>[0] = {}): Promise<string> {
  const id = await created(changes);
  fake.pay(id);
  return id;
}

describe('createIntent', () => {
  it('creates an invoice that expires before the hold', async () => {
    const charge = aCharge({ orderNumber: 'ORD-7', expiresAt: new Date(Date.now() + 10.5 * 60_000) });
    const { id, clientSecret, redirectUrl } = await crypto().createIntent(charge);
    const invoice = fake.invoice(id)!;
    expect(invoice).toMatchObject({ amount: '25.00', currency: 'EUR', metadata: { itemDesc: charge.description } });
    expect(invoice.metadata.orderId).toBe(`ORD-7/${charge.idempotencyKey}`);
    expect(invoice.expirationTime * 1000).toBeLessThanOrEqual(charge.expiresAt.getTime());
    expect({ clientSecret, redirectUrl }).toEqual({ clientSecret: null, redirectUrl: `${fake.url}/i/${id}` });
  });

  it('leaves one open invoice after concurrent requests', async () => {
    const before = fake.intents();
    const charge = aCharge();
    const intents = await Promise.all([1, 2, 3, 4].map(() => crypto().createIntent(charge)));
    expect(new Set(intents.map(({ id }) => id)).size).toBe(1);
    expect(fake.intents()).toBe(before + 1);
  });
});

describe('findState', () => {
  it('round-trips three-decimal currencies', async () => {
    const id = await paid({ currency: 'KWD', amount: '12.345' });
    await crypto().refund(aRefund(id, { currency: 'KWD', amount: '2.345' }));
    const state = { currency: 'KWD', captured: '12.345', refunded: '2.345' };
    expect(await crypto().findState(id)).toMatchObject(state);
  });

  it('reports cancelled if the invoice has expired', async () => {
    const id = await created();
    fake.expire(id);
    expect(await crypto().findState(id)).toMatchObject({ status: 'cancelled', captured: '0.00' });
  });

  it('reports succeeded if the money arrives late', async () => {
    const id = await created();
    fake.expire(id);
    fake.payAfterExpiry(id, 1);
    expect(await crypto().findState(id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
  });

  it('reports money for a cancelled invoice, which can be refunded', async () => {
    const id = await created();
    await crypto().cancelIntent(id);
    expect(await crypto().findState(id)).toMatchObject({ status: 'cancelled', captured: '0.00' });
    fake.payAfterExpiry(id, 1);
    expect(await crypto().findState(id)).toMatchObject({ status: 'cancelled', captured: '25.00' });
    expect(await crypto().refund(aRefund(id, { amount: '25.00' }))).toMatchObject({ status: 'pending' });
  });

  it('reports an insufficient payment', async () => {
    const id = await created();
    fake.expire(id);
    fake.payAfterExpiry(id, 0.5);
    expect(await crypto().findState(id)).toMatchObject({ status: 'cancelled', captured: '12.50' });
    expect(await crypto().refund(aRefund(id, { amount: '12.50' }))).toMatchObject({ status: 'pending' });
    expect(await crypto().findState(id)).toMatchObject({ captured: '12.50', refunded: '12.50' });
  });
});

describe('refund', () => {
  it('returns a page where the customer collects the money', async () => {
    const id = await paid();
    const request = aRefund(id);
    const made = await crypto().refund(request);
    expect(made).toEqual({ id: made.id, status: 'pending', claimUrl: `${fake.url}/pull-payments/${made.id}` });
    fake.claim(made.id);
    expect(await crypto().refund(request)).toEqual({ ...made, status: 'succeeded' });
  });

  it('leaves one refund to collect after concurrent requests', async () => {
    const id = await paid();
    const before = fake.refunds();
    const request = aRefund(id);
    const made = await Promise.all([1, 2, 3, 4].map(() => crypto().refund(request)));
    expect(new Set(made.map((refund) => refund.id)).size).toBe(1);
    expect(fake.refunds()).toBe(before + 1);
  });
});

describe('readWebhook', () => {
  it('returns the id of the first delivery for a redelivery', async () => {
    const id = await paid();
    const event = fake.events.at(-1)!;
    const again = event.body.replace(/"deliveryId":"\w+"/, '"deliveryId":"another"').replace('false', 'true');
    const { body, headers } = fake.sign({ ...event, body: again });
    const message = { id: event.id, type: 'InvoiceSettled', intentId: id };
    expect(await crypto().readWebhook(body, headers)).toEqual(message);
  });

  it('refuses a signed body that is not JSON', async () => {
    const { body, headers } = fake.sign({ ...fake.events[0]!, body: 'hello' });
    await expect(crypto().readWebhook(body, headers)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('with credentials that BTCPay Server does not know', () => {
  it('reports that BTCPay Server is unavailable, without its credentials', async () => {
    config.btcpayApiKey = 'a-wrong-secret';
    const error = (await created().catch((thrown: unknown) => thrown)) as Error;
    config.btcpayApiKey = 'api-key';
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret');
  });
});

describe('when the server is down', () => {
  it('reports that BTCPay Server is unavailable', async () => {
    await fake.close();
    await expect(crypto().createIntent(aCharge())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

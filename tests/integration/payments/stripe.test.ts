import { getProvider } from '../../../src/integrations/payments';
import type { FakeStripe } from '../../fakes/stripe';
import { aCharge, aRefund, useRealProviders, withStripe } from '../../helpers/payments';

let fake: FakeStripe;

beforeAll(async () => {
  useRealProviders();
  fake = await withStripe();
});
afterAll(() => fake.close());

const stripe = () => getProvider('stripe');

async function paid(changes: Parameters<typeof aCharge>[0] = {}): Promise<string> {
  const { id } = await stripe().createIntent(aCharge(changes));
  fake.pay(id);
  return id;
}

describe('createIntent', () => {
  it('tells Stripe the purpose', async () => {
    const charge = aCharge({ orderId: 7, orderNumber: 'ORD-7' });
    const { id, clientSecret, redirectUrl } = await stripe().createIntent(charge);
    expect(fake.intent(id)).toMatchObject({
      amount: 2500,
      currency: 'eur',
      description: charge.description,
      metadata: { order_id: '7', order_number: 'ORD-7' },
    });
    expect(clientSecret).toBe(fake.intent(id)!.client_secret);
    expect(redirectUrl).toBeNull();
  });

  // ISK and UGX have no decimals but are sent as if they had two (docs.stripe.com/currencies).
  it.each([
    ['EUR', '0.01', 1],
    ['USD', '99999.99', 9_999_999],
    ['JPY', '1500', 1500],
    ['KRW', '20000', 20_000],
    ['ISK', '1500', 150_000],
    ['UGX', '500', 50_000],
    ['KWD', '12.340', 12_340],
    ['BHD', '0.010', 10],
  ])('sends %s %s as %i of the smallest unit', async (currency, amount, units) => {
    const { id } = await stripe().createIntent(aCharge({ currency, amount }));
    expect(fake.intent(id)!.amount).toBe(units);
  });

  it('refuses an amount that Stripe cannot represent', async () => {
    const charge = aCharge({ currency: 'KWD', amount: '1.234' });
    await expect(stripe().createIntent(charge)).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'paymentMethod: Stripe cannot take 1.234 KWD: choose another way to pay.',
    });
  });

  it('makes one charge even if Stripe stores a 500 under the key', async () => {
    const charge = aCharge();
    fake.keepNextFailure();
    const before = fake.charges();
    const intents = [await stripe().createIntent(charge), await stripe().createIntent(charge)];
    expect(intents[1]).toEqual(intents[0]);
    fake.pay(intents[0]!.id);
    expect(await stripe().findState(intents[0]!.id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
    expect(fake.charges()).toBe(before + 1);
  });

  it('does not use one key for two charges', async () => {
    const charge = aCharge();
    await stripe().createIntent(charge);
    await expect(stripe().createIntent({ ...charge, amount: '26.00' })).rejects.toMatchObject({
      code: 'PAYMENT_FAILED',
    });
  });
});

describe('findState', () => {
  it('round-trips three-decimal currencies', async () => {
    const id = await paid({ currency: 'KWD', amount: '12.340' });
    await stripe().refund(aRefund(id, { currency: 'KWD', amount: '2.340' }));
    const state = { currency: 'KWD', captured: '12.340', refunded: '2.340' };
    expect(await stripe().findState(id)).toMatchObject(state);
  });

  it('allows retrying a declined payment with the same intent', async () => {
    const { id } = await stripe().createIntent(aCharge());
    fake.decline(id);
    expect(await stripe().findState(id)).toMatchObject({ status: 'failed' });
    fake.pay(id);
    expect(await stripe().findState(id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
  });

  it.each([
    ['needs_response', true],
    ['under_review', true],
    ['lost', true],
    ['won', false],
    ['warning_needs_response', false],
  ])('reports a dispute with the status %s as disputed: %s', async (status, isDisputed) => {
    const id = await paid();
    fake.dispute(id, status);
    expect(await stripe().findState(id)).toMatchObject({ status: 'succeeded', isDisputed });
  });
});

describe('refund', () => {
  it('finds its refund after Stripe has forgotten the key', async () => {
    const id = await paid();
    const request = aRefund(id);
    const made = await stripe().refund(request);
    fake.forgetKeys();
    expect(await stripe().refund(request)).toEqual(made);
    expect(await stripe().findState(id)).toMatchObject({ refunded: '10.00' });
  });

  it('refunds no more than was captured', async () => {
    const id = await paid();
    const tooMuch = aRefund(id, { amount: '25.01' });
    await expect(stripe().refund(tooMuch)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
    expect(await stripe().findState(id)).toMatchObject({ refunded: '0.00' });
  });
});

describe('readWebhook', () => {
  it('maps a dispute to its intent', async () => {
    const id = await paid();
    fake.dispute(id);
    const event = fake.events.at(-1)!;
    const { body, headers } = fake.sign(event);
    const message = { id: event.id, type: 'charge.dispute.created', intentId: id };
    expect(await stripe().readWebhook(body, headers)).toEqual(message);
  });
});

describe('when the server is down', () => {
  it('reports that Stripe is unavailable', async () => {
    await fake.close();
    await expect(stripe().createIntent(aCharge())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

import { config } from '../../../src/config';
import { getProvider } from '../../../src/integrations/payments';
import type { FakePaypal } from '../../fakes/paypal';
import { aCharge, aRefund, useRealProviders, withPaypal } from '../../helpers/payments';

let fake: FakePaypal;

beforeAll(async () => {
  useRealProviders();
  fake = await withPaypal();
});
afterAll(() => fake.close());

const paypal = () => getProvider('paypal');

async function paid(): Promise<string> {
  const { id } = await paypal().createIntent(aCharge());
  fake.approve(id);
  await paypal().findState(id);
  return id;
}

describe('createIntent', () => {
  it('tells PayPal the purpose and the return URL', async () => {
    const charge = aCharge({ orderId: 7, orderNumber: 'ORD-7' });
    const { id, clientSecret, redirectUrl } = await paypal().createIntent(charge);
    expect(fake.order(id)).toMatchObject({
      intent: 'CAPTURE',
      purchase_units: [{ custom_id: '7', invoice_id: 'ORD-7', amount: { currency_code: 'EUR', value: '25.00' } }],
    });
    expect(clientSecret).toBeNull();
    expect(redirectUrl).toBe(`https://www.sandbox.paypal.com/checkoutnow?token=${id}`);
  });

  it.each([
    ['JPY', '1500', '1500'],
    ['HUF', '2500.00', '2500'],
    ['USD', '0.10', '0.10'],
  ])('sends %s %s as %s', async (currency, amount, value) => {
    const { id } = await paypal().createIntent(aCharge({ currency, amount }));
    expect(fake.order(id)!.purchase_units[0]!.amount).toEqual({ currency_code: currency, value });
  });

  it.each([
    ['KWD', '12.340'],
    ['HUF', '2500.50'],
  ])('refuses %s %s, which PayPal does not accept', async (currency, amount) => {
    await expect(paypal().createIntent(aCharge({ currency, amount }))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: `paymentMethod: PayPal cannot take ${amount} ${currency}: choose another way to pay.`,
    });
  });

  it('authenticates once, and again when its token is invalid', async () => {
    await paypal().createIntent(aCharge());
    const before = fake.tokens();
    await Promise.all([1, 2, 3].map(() => paypal().createIntent(aCharge())));
    expect(fake.tokens()).toBe(before);
    fake.revokeTokens();
    await Promise.all([1, 2, 3].map(() => paypal().createIntent(aCharge())));
    expect(fake.tokens()).toBe(before + 1);
  });
});

describe('findState', () => {
  it('captures an approved order once, even for concurrent requests', async () => {
    const before = fake.charges();
    const { id } = await paypal().createIntent(aCharge());
    fake.approve(id);
    const states = await Promise.all([1, 2, 3, 4, 5].map(() => paypal().findState(id)));
    for (const state of states) expect(state).toMatchObject({ status: 'succeeded', captured: '25.00' });
    expect(fake.charges()).toBe(before + 1);
  });

  it.each(['timeout', 'error'] as const)('captures once if the response was a %s', async (how) => {
    const before = fake.charges();
    const { id } = await paypal().createIntent(aCharge());
    fake.approve(id);
    fake.misbehave(how, how);
    await expect(paypal().findState(id)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await paypal().findState(id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
    expect(fake.charges()).toBe(before + 1);
  });

  it('lets a declined payment be approved again', async () => {
    const { id } = await paypal().createIntent(aCharge());
    fake.decline(id);
    expect(await paypal().findState(id)).toMatchObject({ status: 'failed', captured: '0.00' });
    fake.approve(id);
    expect(await paypal().findState(id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
  });

  it('captures nothing for a cancelled order, even if the customer approves it later', async () => {
    const before = fake.charges();
    const { id } = await paypal().createIntent(aCharge());
    await paypal().cancelIntent(id);
    fake.approve(id);
    expect(await paypal().findState(id)).toMatchObject({ status: 'cancelled', captured: '0.00' });
    expect(fake.charges()).toBe(before);
  });

  it('captures once per order number', async () => {
    const charge = aCharge();
    const before = fake.charges();
    const first = await paypal().createIntent(charge);
    const second = await paypal().createIntent({ ...charge, idempotencyKey: 'another' });
    fake.approve(first.id);
    fake.approve(second.id);
    expect(await paypal().findState(first.id)).toMatchObject({ status: 'succeeded' });
    expect(await paypal().findState(second.id)).toMatchObject({ status: 'failed', captured: '0.00' });
    expect(fake.charges()).toBe(before + 1);
  });

  it.each([
    ['a chargeback', {}, true],
    ['an inquiry', { dispute_life_cycle_stage: 'INQUIRY' }, false],
    ['a won dispute', { status: 'RESOLVED', dispute_outcome: { outcome_code: 'RESOLVED_SELLER_FAVOUR' } }, false],
    ['a lost dispute', { status: 'RESOLVED', dispute_outcome: { outcome_code: 'RESOLVED_BUYER_FAVOUR' } }, true],
  ])('reports whether a payment is disputed, for %s', async (_what, dispute, isDisputed) => {
    const id = await paid();
    fake.dispute(id, dispute);
    expect(await paypal().findState(id)).toMatchObject({ status: 'succeeded', isDisputed });
  });

  it('works without permission to read disputes', async () => {
    fake.allowDisputes(false);
    const id = await paid();
    expect(await paypal().findState(id)).toMatchObject({ status: 'succeeded', isDisputed: undefined });
    fake.allowDisputes(true);
  });
});

describe('refund', () => {
  it('finds its refund after PayPal has forgotten the request id', async () => {
    const id = await paid();
    const request = aRefund(id);
    const made = await paypal().refund(request);
    fake.forgetKeys();
    expect(await paypal().refund(request)).toEqual(made);
    expect(await paypal().findState(id)).toMatchObject({ refunded: '10.00' });
  });

  it('refunds no more than was captured', async () => {
    const id = await paid();
    const tooMuch = aRefund(id, { amount: '25.01' });
    await expect(paypal().refund(tooMuch)).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
    expect(await paypal().findState(id)).toMatchObject({ refunded: '0.00' });
  });
});

describe('readWebhook', () => {
  it('maps a dispute to its order', async () => {
    const id = await paid();
    fake.dispute(id);
    const event = fake.events.at(-1)!;
    const { body, headers } = fake.sign(event);
    const message = { id: event.id, type: 'CUSTOMER.DISPUTE.CREATED', intentId: id };
    expect(await paypal().readWebhook(body, headers)).toEqual(message);
  });

  it('does not trust an unverified body', async () => {
    const { headers } = fake.sign(fake.events.at(-1)!);
    const body = Buffer.from('{"id":"WH-1","event_type":"X"},"verification_status":"SUCCESS","x":{}');
    await expect(paypal().readWebhook(body, headers)).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('with credentials that PayPal does not know', () => {
  it('reports that PayPal is unavailable, without its credentials', async () => {
    fake.revokeTokens();
    config.paypalClientSecret = 'a-wrong-secret';
    const error = (await paypal()
      .createIntent(aCharge())
      .catch((thrown: unknown) => thrown)) as Error;
    config.paypalClientSecret = 'client-secret';
    expect(error).toMatchObject({ code: 'UNAVAILABLE' });
    expect(`${error.message} ${String(error.cause)}`).not.toContain('secret');
  });
});

describe('when the server is down', () => {
  it('reports that PayPal is unavailable', async () => {
    await fake.close();
    await expect(paypal().createIntent(aCharge())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

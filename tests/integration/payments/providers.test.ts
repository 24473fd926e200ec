import { type PaymentProvider, getProvider, listProviderNames } from '../../../src/integrations/payments';
import type { FakeEvent, FakeProvider, Misbehavior } from '../../fakes/server';
import {
  aCharge,
  aRefund,
  secrets,
  useRealProviders,
  withBtcpay,
  withPaypal,
  withStripe,
} from '../../helpers/payments';

const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);

beforeAll(useRealProviders);

describe('provider', () => {
  it('returns configured providers', () => {
    expect(listProviderNames()).toEqual(['stripe', 'paypal', 'crypto']);
    expect(listProviderNames().map((name) => getProvider(name).name)).toEqual(['stripe', 'paypal', 'crypto']);
    expect(getProvider('stripe')).toBe(getProvider('stripe'));
  });

  it('does not return other providers', () => {
    expect(() => getProvider('sandbox')).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});

describe.each([
  ['stripe', withStripe, 'failed'],
  ['paypal', withPaypal, 'failed'],
  ['crypto', withBtcpay, 'cancelled'],
] as const)('%s', (name, start, whenDeclined) => {
  let fake: FakeProvider;
  let payments: PaymentProvider;

  beforeAll(async () => {
    fake = await start();
    payments = getProvider(name);
  });
  afterAll(() => fake.close());

  async function paid(changes: Parameters<typeof aCharge>[0] = {}): Promise<string> {
    const { id } = await payments.createIntent(aCharge(changes));
    fake.pay(id);
    await payments.findState(id);
    return id;
  }

  describe('createIntent', () => {
    it('creates a pending intent', async () => {
      const intent = await payments.createIntent(aCharge());
      expect(intent.clientSecret ?? intent.redirectUrl).toEqual(expect.any(String));
      expect(await payments.findState(intent.id)).toEqual({
        intentId: intent.id,
        status: 'pending',
        currency: 'EUR',
        captured: '0.00',
        refunded: '0.00',
        isDisputed: false,
      });
    });

    it('makes one charge per key', async () => {
      const before = { intents: fake.intents(), charges: fake.charges() };
      const charge = aCharge();
      const intents = [await payments.createIntent(charge), await payments.createIntent(charge)];
      expect(intents[1]).toEqual(intents[0]);
      fake.pay(intents[0]!.id);
      await Promise.all([1, 2, 3].map(() => payments.findState(intents[0]!.id)));
      expect(fake.intents()).toBe(before.intents + 1);
      expect(fake.charges()).toBe(before.charges + 1);
      expect(await payments.createIntent(aCharge())).not.toEqual(intents[0]);
    });

    it.each<[string, Misbehavior[]]>([
      ['a time-out', ['timeout']],
      ['a 500', ['error']],
      ['both', ['timeout', 'error']],
    ])('makes one charge per key if the charge succeeded but the response was %s', async (_what, how) => {
      const before = fake.intents();
      const charge = aCharge();
      fake.misbehave(...how);
      const first = await payments.createIntent(charge).catch((error: unknown) => error);
      fake.misbehave();
      const second = await payments.createIntent(charge);
      if (first instanceof Error) expect(first).toMatchObject({ code: 'UNAVAILABLE' });
      else expect(first).toEqual(second);
      expect(fake.intents()).toBe(before + 1);
      fake.pay(second.id);
      expect(await payments.findState(second.id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
    });
  });

  describe('findState', () => {
    it.each([
      ['EUR', '25.00'],
      ['JPY', '1500'],
    ])('reports exact amounts in %s', async (currency, amount) => {
      const intentId = await paid({ currency, amount });
      const state = { status: 'succeeded', currency, captured: amount, isDisputed: false };
      expect(await payments.findState(intentId)).toMatchObject(state);
    });

    it('reports a processing payment', async () => {
      const { id } = await payments.createIntent(aCharge());
      fake.payLater(id);
      expect(await payments.findState(id)).toMatchObject({ status: 'processing', captured: '0.00' });
    });

    it('reports a declined payment', async () => {
      const { id } = await payments.createIntent(aCharge());
      fake.decline(id);
      expect(await payments.findState(id)).toMatchObject({ status: whenDeclined, captured: '0.00' });
    });

    it.each([
      ['amount', { amount: '2.50' }, { captured: '2.50', currency: 'EUR' }],
      ['currency', { currency: 'USD' }, { captured: '25.00', currency: 'USD' }],
    ])('reports a wrong %s unchanged', async (_what, instead, shown) => {
      const { id } = await payments.createIntent(aCharge());
      fake.pay(id, instead);
      expect(await payments.findState(id)).toMatchObject({ status: 'succeeded', ...shown });
    });

    it('does not find another provider’s intent', async () => {
      await expect(payments.findState('1NOTHERE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('cancelIntent', () => {
    it('cancels an intent, even twice', async () => {
      const { id } = await payments.createIntent(aCharge());
      await payments.cancelIntent(id);
      await payments.cancelIntent(id);
      expect(await payments.findState(id)).toMatchObject({ status: 'cancelled', captured: '0.00' });
    });

    it('does not change a paid intent', async () => {
      const id = await paid();
      await payments.cancelIntent(id);
      expect(await payments.findState(id)).toMatchObject({ status: 'succeeded', captured: '25.00' });
    });

    it('does not find another provider’s intent', async () => {
      await expect(payments.cancelIntent('1NOTHERE')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  describe('refund', () => {
    it('refunds in parts, once per key', async () => {
      const id = await paid();
      const before = fake.refunds();
      const request = aRefund(id);
      const first = await payments.refund(request);
      expect(await payments.refund(request)).toEqual(first);
      expect(fake.refunds()).toBe(before + 1);
      expect(await payments.findState(id)).toMatchObject({ captured: '25.00', refunded: '10.00' });
      expect((await payments.refund(aRefund(id, { amount: '15.00' }))).id).not.toBe(first.id);
      expect(await payments.findState(id)).toMatchObject({ status: 'succeeded', refunded: '25.00' });
    });

    it.each<[string, Misbehavior[]]>([
      ['a time-out', ['timeout', 'timeout']],
      ['a 500', ['error', 'error']],
    ])('refunds once if the refund succeeded but the response was %s', async (_what, how) => {
      const id = await paid();
      const before = fake.refunds();
      const request = aRefund(id);
      fake.misbehave(...how);
      await expect(payments.refund(request)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      fake.misbehave();
      const made = await payments.refund(request);
      expect(made.status).not.toBe('failed');
      expect(fake.refunds()).toBe(before + 1);
      expect(await payments.findState(id)).toMatchObject({ refunded: '10.00' });
    });

    it('refunds nothing that was not paid', async () => {
      const { id } = await payments.createIntent(aCharge());
      await expect(payments.refund(aRefund(id))).rejects.toMatchObject({ code: 'PAYMENT_FAILED' });
    });
  });

  describe('readWebhook', () => {
    async function anEvent(): Promise<FakeEvent> {
      const id = await paid();
      return fake.events.findLast(({ intentId }) => intentId === id)!;
    }

    const read = ({ body, headers }: ReturnType<FakeProvider['sign']>) => payments.readWebhook(body, headers);
    const refused = { code: 'VALIDATION_ERROR', message: expect.stringMatching(/^The webhook is not accepted: /) };

    it('reads a signed delivery, with the same result for each repetition', async () => {
      const event = await anEvent();
      const message = await read(fake.sign(event));
      expect(message).toEqual({ id: event.id, type: event.type, intentId: event.intentId });
      expect(await read(fake.sign(event, { at: minutesAgo(4) }))).toEqual(message);
    });

    it('refuses a forged signature', async () => {
      await expect(read(fake.sign(await anEvent(), { secret: 'whsec_guessed' }))).rejects.toMatchObject(refused);
    });

    it('refuses an altered body', async () => {
      const { body, headers } = fake.sign(await anEvent());
      const altered = Buffer.from(body.toString().replace(/"type":"\w|"event_type":"\w/, '$&x'));
      expect(altered.equals(body)).toBe(false);
      await expect(read({ body: altered, headers })).rejects.toMatchObject(refused);
    });

    it.each([
      ['six minutes old', minutesAgo(6)],
      ['from the year 1970', new Date(0)],
    ])('refuses a delivery that is %s', async (_what, at) => {
      await expect(read(fake.sign(await anEvent(), { at }))).rejects.toMatchObject(refused);
    });

    it('refuses a delivery without a signature, or with a malformed one', async () => {
      const { body, headers } = fake.sign(await anEvent());
      await expect(payments.readWebhook(body, {})).rejects.toMatchObject(refused);
      const nonsense = Object.fromEntries(Object.keys(headers).map((header) => [header, 'nonsense']));
      await expect(payments.readWebhook(body, nonsense)).rejects.toMatchObject(refused);
    });

    it('reads each delivery of a payment and its refund', async () => {
      const id = await paid();
      await payments.refund(aRefund(id));
      const events = fake.events.filter(({ intentId }) => intentId === id);
      const messages = await Promise.all(events.map((event) => read(fake.sign(event))));
      expect(messages.map(({ intentId }) => intentId)).toEqual(events.map(() => id));
      expect(new Set(messages.map((message) => message.id)).size).toBe(events.length);
    });
  });

  describe.each([
    ['a page', '<html>Down for maintenance</html>'],
    ['JSON', '{"message":"Down for maintenance"}'],
  ])('while a proxy responds with %s', (_what, page) => {
    beforeAll(() => fake.setDown(page));
    afterAll(() => fake.setDown(undefined));

    const calls: [string, () => Promise<unknown>][] = [
      ['createIntent', () => payments.createIntent(aCharge())],
      ['findState', () => payments.findState('1NOTHERE')],
      ['cancelIntent', () => payments.cancelIntent('1NOTHERE')],
      ['refund', () => payments.refund(aRefund('1NOTHERE'))],
    ];
    it.each(calls)('%s reports that without its secrets', async (_call, call) => {
      const error = (await call().catch((thrown: unknown) => thrown)) as Error;
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retryAfter: 1, cause: expect.any(Error) });
      expect(`${error.message} ${(error.cause as Error).stack}`).not.toMatch(/sk_test|client-secret|api-key|whsec/);
      expect(Object.keys(error.cause as Error)).toEqual([]);
    });
  });

  if (name !== 'paypal')
    it('accepts webhooks signed with the old secret during rotation', async () => {
      const id = await paid();
      const event = fake.events.findLast(({ intentId }) => intentId === id)!;
      const { body, headers } = fake.sign(event, { secret: secrets.old });
      expect(await payments.readWebhook(body, headers)).toMatchObject({ id: event.id, intentId: id });
    });
});

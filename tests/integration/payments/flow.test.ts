import { database } from '../../../src/database';
import { getProvider, type ProviderName } from '../../../src/integrations/payments';
import { expireHolds } from '../../../src/services/bookings/expire-holds';
import { closeDuePayments } from '../../../src/services/payments/close-payments';
import { pollPayments } from '../../../src/services/payments/poll-payments';
import type { FakeBtcpay } from '../../fakes/btcpay';
import type { FakePaypal } from '../../fakes/paypal';
import type { FakeEvent, FakeProvider, Misbehavior, Signing } from '../../fakes/server';
import type { FakeStripe } from '../../fakes/stripe';
import {
  booked,
  cancelling,
  codeOf,
  inventoryOf,
  messagesAbout,
  registerUser,
  theOrganizer,
} from '../../helpers/bookings';
import { anonymous } from '../../helpers/client';
import {
  anUnpaidOrder,
  bookingOf,
  expireHold,
  ledgerOf,
  orderOf,
  paying,
  refunding,
  settleMoney,
  type Sold,
  type TestIntent,
} from '../../helpers/orders';
import { useRealProviders, withBtcpay, withPaypal, withStripe } from '../../helpers/payments';

// Tests sales over HTTP, from the booking to its tickets, with the real adapters and fake providers.

beforeAll(useRealProviders);

const MISBEHAVIORS: Misbehavior[] = ['timeout', 'error'];

describe.each([
  ['stripe', withStripe],
  ['paypal', withPaypal],
  ['crypto', withBtcpay],
] as const)('a sale through %s', (name: ProviderName, start: () => Promise<FakeProvider>) => {
  let fake: FakeProvider;
  beforeAll(async () => {
    fake = await start();
  });
  afterEach(() => fake.misbehave());
  afterAll(() => fake.close());

  const account = `provider:${name}`;

  function telling(event: FakeEvent, signing: Signing = {}) {
    const { body, headers } = fake.sign(event, signing);
    return anonymous.post(`/api/payments/webhooks/${name}`).set(headers).send(body.toString('utf8'));
  }

  const eventsOf = (intentId: string): FakeEvent[] => fake.events.filter((event) => event.intentId === intentId);

  /** Delivers all webhooks of the provider about an intent. */
  async function tellAll(intentId: string): Promise<void> {
    for (const event of eventsOf(intentId)) await telling(event).expect(200);
  }

  async function begun({ owner, orderId }: Sold): Promise<string> {
    const { body } = (await paying(owner, orderId, name).expect(200)) as { body: { data: TestIntent } };
    return body.data.paymentIntentId;
  }

  async function sold(fields: Record<string, unknown> = {}): Promise<Sold & { intentId: string }> {
    const unpaid = await anUnpaidOrder(fields);
    const intentId = await begun(unpaid);
    fake.pay(intentId);
    await tellAll(intentId);
    await settleMoney();
    return { ...unpaid, intentId };
  }

  async function expectSold({ owner, orderId, booking, event }: Sold): Promise<void> {
    const { status, tickets } = await bookingOf(owner, booking.id);
    expect({ status, tickets: tickets.map((ticket) => ticket.status) }).toEqual({
      status: 'confirmed',
      tickets: ['valid', 'valid'],
    });
    const order = await orderOf(owner, orderId);
    expect(order).toMatchObject({ status: 'paid', refunds: [] });
    expect(order.payments.filter(({ captured }) => Number(captured) > 0)).toMatchObject([{ captured: '20.00' }]);
    expect(await ledgerOf(orderId)).toEqual({ [account]: '20.000', sales: '-20.000' });
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 2, held: 0 });
    expect(await messagesAbout({ bookingId: booking.id })).toMatchObject([{ topic: 'booking.confirmed' }]);
  }

  it('ends with tickets, for duplicate webhooks in any order', async () => {
    const unpaid = await anUnpaidOrder();
    const before = fake.charges();
    const intentId = await begun(unpaid);
    fake.pay(intentId);
    await Promise.all(
      [...eventsOf(intentId)].reverse().flatMap((event) => [event, event].map((one) => telling(one).expect(200))),
    );
    await tellAll(intentId);
    await settleMoney();
    await expectSold(unpaid);
    expect(fake.charges()).toBe(before + 1);
    expect(codeOf(await paying(unpaid.owner, unpaid.orderId, name).expect(409))).toBe('ORDER_NOT_PAYABLE');
  });

  it.each(MISBEHAVIORS)('charges once, even if each response is a %s', async (how) => {
    const unpaid = await anUnpaidOrder();
    const before = { intents: fake.intents(), charges: fake.charges() };
    fake.misbehave(how, how);
    expect(codeOf(await paying(unpaid.owner, unpaid.orderId, name).expect(503))).toBe('UNAVAILABLE');
    fake.misbehave();
    const intentId = await begun(unpaid);
    expect(await begun(unpaid)).toBe(intentId);
    fake.pay(intentId);
    fake.misbehave(how, how, how, how);
    for (const event of eventsOf(intentId)) await telling(event);
    fake.misbehave();
    await tellAll(intentId);
    await settleMoney();
    await expectSold(unpaid);
    expect({ intents: fake.intents(), charges: fake.charges() }).toEqual({
      intents: before.intents + 1,
      charges: before.charges + 1,
    });
  });

  it('creates one intent for concurrent requests', async () => {
    const unpaid = await anUnpaidOrder();
    const before = fake.intents();
    const intents = await Promise.all([1, 2, 3, 4].map(() => begun(unpaid)));
    expect(new Set(intents).size).toBe(1);
    expect(fake.intents()).toBe(before + 1);
  });

  it.each([
    ['another amount', { amount: '19.99' }, 'The provider captured 19.99 USD instead of 20.00 USD.'],
    ['another currency', { currency: 'EUR' }, 'The provider captured 20.00 EUR instead of 20.00 USD.'],
  ])('issues no tickets for %s, refunds it, and shows why', async (_what, instead, discrepancy) => {
    const { owner, orderId, booking, ...rest } = await anUnpaidOrder();
    const intentId = await begun({ owner, orderId, booking, ...rest });
    const before = fake.refunds();
    fake.pay(intentId, instead);
    await tellAll(intentId);
    await settleMoney();
    expect(await bookingOf(owner, booking.id)).toMatchObject({ status: 'pending', tickets: [] });
    const [payment] = (await orderOf(owner, orderId)).payments;
    expect(payment).toMatchObject({ status: 'succeeded', discrepancy, refunded: payment!.captured });
    expect(fake.refunds()).toBe(before + 1);
    expect((await ledgerOf(orderId)).sales).toBe('0.000');
  });

  it.each([
    ['forged', { secret: 'whsec_of_somebody_else' }],
    ['stale', { at: new Date(Date.now() - 600_000) }],
    ['from the future', { at: new Date(Date.now() + 600_000) }],
  ])('400: a webhook that is %s', async (_what, signing) => {
    const { owner, orderId, ...rest } = await anUnpaidOrder();
    const intentId = await begun({ owner, orderId, ...rest });
    fake.pay(intentId);
    for (const event of eventsOf(intentId))
      expect(codeOf(await telling(event, signing).expect(400))).toBe('VALIDATION_ERROR');
    expect(await orderOf(owner, orderId)).toMatchObject({ status: 'pending', payments: [{ captured: '0.00' }] });
    expect(await database('payment_webhooks').where('intent_id', intentId)).toEqual([]);
  });

  it('closes the intent before the hold expires, but not while the payment is processing', async () => {
    const open = await anUnpaidOrder();
    const openIntent = await begun(open);
    const paidLater = await anUnpaidOrder();
    const laterIntent = await begun(paidLater);
    fake.payLater(laterIntent);
    await tellAll(laterIntent);
    await expireHold(open.booking.id);
    await expireHold(paidLater.booking.id);
    expect(await orderOf(open.owner, open.orderId)).toMatchObject({
      status: 'expired',
      payments: [{ status: 'cancelled' }],
    });
    expect((await getProvider(name).findState(openIntent)).status).toBe('cancelled');
    expect(await bookingOf(paidLater.owner, paidLater.booking.id)).toMatchObject({
      status: 'pending',
      order: { status: 'processing' },
    });
    fake.arrive(laterIntent);
    await tellAll(laterIntent);
    await settleMoney();
    await expectSold(paidLater);
  });

  /** Lets a hold expire while its intent is still open, because the provider is down for too long. */
  async function lapsed(fields: Record<string, unknown> = {}): Promise<Sold & { intentId: string }> {
    const unpaid = await anUnpaidOrder(fields);
    const intentId = await begun(unpaid);
    await database('bookings')
      .where('id', unpaid.booking.id)
      .update({
        created_at: database.raw("created_at - interval '2 hours'"),
        expires_at: database.raw("created_at - interval '2 hours' + interval '1 ms'"),
      });
    fake.setDown('<html>Back soon</html>');
    await closeDuePayments();
    expect(await expireHolds()).toBe(1);
    fake.setDown(undefined);
    return { ...unpaid, intentId };
  }

  function payLate(intentId: string): void {
    if (name !== 'crypto') return fake.pay(intentId);
    (fake as FakeBtcpay).expire(intentId);
    (fake as FakeBtcpay).payAfterExpiry(intentId, 1);
  }

  it('issues tickets for a late payment if they are free', async () => {
    const late = await lapsed();
    payLate(late.intentId);
    await tellAll(late.intentId);
    await settleMoney();
    expect(await bookingOf(late.owner, late.booking.id)).toMatchObject({
      status: 'confirmed',
      order: { status: 'paid' },
    });
    expect(await inventoryOf(late.event.id)).toMatchObject({ sold: 2, held: 0 });
  });

  it('refunds a late payment in full if the tickets are not free', async () => {
    const late = await lapsed({ totalTickets: 2 });
    await booked(await registerUser(), late.event.id);
    const before = fake.refunds();
    payLate(late.intentId);
    await tellAll(late.intentId);
    await settleMoney();
    expect(await orderOf(late.owner, late.orderId)).toMatchObject({
      status: 'refunded',
      payments: [{ captured: '20.00', refunded: '20.00' }],
      refunds: [{ amount: '20.00', cause: 'unusable', status: name === 'crypto' ? 'pending' : 'succeeded' }],
    });
    expect(fake.refunds()).toBe(before + 1);
    expect((await bookingOf(late.owner, late.booking.id)).tickets).toEqual([]);
  });

  it('finds the payment by polling if no webhook arrives for ten minutes', async () => {
    const paid = await anUnpaidOrder();
    const declined = await anUnpaidOrder();
    const given = await anUnpaidOrder();
    const before = fake.charges();
    const [paidIntent, declinedIntent] = [await begun(paid), await begun(declined), await begun(given)];
    fake.pay(paidIntent);
    fake.decline(declinedIntent);
    const tenMinutes = (column: string) => database.raw("?? - interval '10 minutes'", [column]);
    await database('payments')
      .whereIn('order_id', [paid.orderId, declined.orderId, given.orderId])
      .update({ created_at: tenMinutes('created_at'), check_at: tenMinutes('check_at') });
    await pollPayments();
    await settleMoney();
    await expectSold(paid);
    expect((await orderOf(given.owner, given.orderId)).status).toBe('pending');
    expect((await orderOf(declined.owner, declined.orderId)).payments).toMatchObject([
      { status: name === 'crypto' ? 'cancelled' : 'failed', captured: '0.00' },
    ]);
    // Now the delayed webhooks arrive.
    await tellAll(paidIntent);
    await settleMoney();
    await expectSold(paid);
    expect(fake.charges()).toBe(before + 1);
  });

  it.each(MISBEHAVIORS)('sends a refund once, even if its response is a %s', async (how) => {
    const { owner, orderId, intentId } = await sold();
    const before = fake.refunds();
    await refunding(await theOrganizer(), orderId, { amount: '7.50' }).expect(200);
    fake.misbehave(how, how);
    await settleMoney();
    await tellAll(intentId);
    await settleMoney();
    expect(fake.refunds()).toBe(before + 1);
    expect(await orderOf(owner, orderId)).toMatchObject({
      status: 'partially_refunded',
      payments: [{ refunded: '7.50' }],
      refunds: [{ amount: '7.50', status: name === 'crypto' ? 'pending' : 'succeeded' }],
    });
    expect((await getProvider(name).findState(intentId)).refunded).toBe('7.50');
  });

  it('refunds the payment when the booking is cancelled', async () => {
    const { owner, orderId, booking, intentId } = await sold();
    await cancelling(owner, booking.id).expect(200);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('refunded');
    expect((await getProvider(name).findState(intentId)).refunded).toBe('20.00');
  });

  // Crypto payments cannot be charged back.
  if (name === 'crypto') return;

  it('voids the tickets on a chargeback, and restores the money if it is won', async () => {
    const { owner, orderId, booking, intentId } = await sold();
    const disputing = fake as FakeStripe | FakePaypal;
    disputing.dispute(intentId);
    await tellAll(intentId);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('disputed');
    const { tickets } = await bookingOf(owner, booking.id);
    expect(tickets.map(({ status }) => status)).toEqual(['void', 'void']);
    expect(await ledgerOf(orderId)).toEqual({ [account]: '0.000', disputes: '20.000', sales: '-20.000' });
    disputing.closeDispute(intentId, 'won');
    await tellAll(intentId);
    await settleMoney();
    expect((await orderOf(owner, orderId)).status).toBe('cancelled');
    expect(await ledgerOf(orderId)).toEqual({ [account]: '20.000', disputes: '0.000', sales: '-20.000' });
  });
});

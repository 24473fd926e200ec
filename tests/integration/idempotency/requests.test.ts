import { randomUUID } from 'node:crypto';
import type { Test } from 'supertest';
import { database } from '../../../src/database';
import type { FakeStripe } from '../../fakes/stripe';
import { anOpenEvent, booking, codeOf, registerUser, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { startInstance, type Instance } from '../../helpers/instance';
import { aPaidOrder, anUnpaidOrder, orderOf, paying, refunding } from '../../helpers/orders';
import { useRealProviders, withStripe } from '../../helpers/payments';
import { startProxy, type Proxy } from '../../helpers/servers/proxy';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
});

async function expectReplay(first: Test, second: Test): Promise<void> {
  const { body } = await first;
  const again = await second;
  expect(again.body).toEqual(body);
  expect(again.headers['idempotent-replayed']).toBe('true');
}

const expectReused = async (request: Test) => expect(codeOf(await request.expect(422))).toBe('IDEMPOTENCY_KEY_REUSED');

describe('the body of a request with an idempotency key', () => {
  const EVENT = {
    title: 'By meaning',
    startDate: '2031-01-01T10:00:00Z',
    basePrice: '25.00',
    metadata: { stage: { left: 1, right: [{ a: 1, b: 2 }] }, doors: 'open' },
    ticketTypes: [
      { name: 'Stalls', price: '30.00', quantity: 5 },
      { name: 'Circle', price: '20.50', quantity: 5 },
    ],
  };
  const creating = (key: string, body: object) =>
    as(organizer).post('/api/events').set('Idempotency-Key', key).send(body);

  it.each([
    ['keys in another order', Object.fromEntries(Object.entries(EVENT).reverse())],
    [
      'nested keys in another order',
      { ...EVENT, metadata: { doors: 'open', stage: { right: [{ b: 2, a: 1 }], left: 1 } } },
    ],
    ['an amount as a number', { ...EVENT, basePrice: 25 }],
    [
      'an amount with another number of decimals, in a list',
      {
        ...EVENT,
        ticketTypes: [
          { ...EVENT.ticketTypes[0], price: 30 },
          { ...EVENT.ticketTypes[1], price: '20.5' },
        ],
      },
    ],
    ['a time in another zone', { ...EVENT, startDate: '2031-01-01T12:00:00+02:00' }],
    ['a default that is sent explicitly', { ...EVENT, currency: 'USD', timezone: 'UTC' }],
    ['spaces that are trimmed', { ...EVENT, title: ' By meaning ' }],
    ['a short name', { ...EVENT, startDate: undefined, date: EVENT.startDate }],
  ])('is the same with %s', async (_what, body) => {
    const key = randomUUID();
    await expectReplay(creating(key, EVENT).expect(201), creating(key, body).expect(201));
  });

  it.each([
    ['another price', { ...EVENT, basePrice: '25.10' }],
    [
      'another nested value',
      { ...EVENT, metadata: { ...EVENT.metadata, stage: { left: 1, right: [{ a: 1, b: 3 }] } } },
    ],
    ['a list in another order', { ...EVENT, ticketTypes: [...EVENT.ticketTypes].reverse() }],
    ['a value that only looks like an amount', { ...EVENT, metadata: { ...EVENT.metadata, doors: 'open.0' } }],
    ['one more field', { ...EVENT, category: 'music' }],
  ])('is different with %s', async (_what, body) => {
    const key = randomUUID();
    await creating(key, EVENT).expect(201);
    await expectReused(creating(key, body));
  });

  it('is compared the same way by the booking engine and for payments', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const typeId = event.ticketTypes[0]!.id;
    const book = (items: object, rest: object = {}) =>
      as(user)
        .post('/api/bookings')
        .set('Idempotency-Key', 'by meaning')
        .send({ ...rest, items: [items], eventId: event.id });
    await expectReplay(
      book({ ticketTypeId: typeId, quantity: 2 }).expect(201),
      book({ quantity: 2, ticketTypeId: typeId }).expect(201),
    );
    await expectReused(book({ quantity: 1, ticketTypeId: typeId }));

    const { orderId } = await aPaidOrder();
    const admin = await registerUser({ role: 'admin' });
    const refund = (fields: object) => refunding(admin, orderId, { ...fields }).set('Idempotency-Key', 'some back');
    await expectReplay(
      refund({ amount: 5, reason: 'Rain' }).expect(200),
      refund({ reason: 'Rain', amount: '5.00' }).expect(200),
    );
    await expectReused(refund({ amount: '5.01', reason: 'Rain' }));
  });

  it('is compared together with its path', async () => {
    const [one, other] = await Promise.all([aPaidOrder(), aPaidOrder()]);
    const admin = await registerUser({ role: 'admin' });
    await refunding(admin, one.orderId, { amount: 5 }).set('Idempotency-Key', 'of one order').expect(200);
    await expectReused(refunding(admin, other.orderId, { amount: 5 }).set('Idempotency-Key', 'of one order'));
  });
});

describe('a request whose commit reply was lost', () => {
  let proxy: Proxy;
  let cut: Instance;
  beforeAll(async () => {
    proxy = await startProxy(process.env.DATABASE_URL ?? '');
    cut = startInstance({ DATABASE_URL: proxy.url });
  });
  afterAll(async () => {
    await cut.close();
    await proxy.close();
  });

  it('is in progress for other processes until its outcome is known, and then done', async () => {
    const { orderId } = await aPaidOrder();
    const admin = await registerUser({ role: 'admin' });
    const { held, release } = proxy.holdNextCommit();
    const lost = cut
      .as(admin.token)
      .post(`/api/orders/${orderId}/refund`)
      .set('Idempotency-Key', 'held')
      .send({ amount: 5 })
      .expect(503)
      .then((response) => response);
    await held;
    await lost;
    const again = () => refunding(admin, orderId, { amount: 5 }).set('Idempotency-Key', 'held');
    const waiting = await again().expect(409);
    expect(codeOf(waiting)).toBe('REQUEST_IN_PROGRESS');
    expect(waiting.headers['retry-after']).toBe('1');
    release();
    let status = 409;
    while (status === 409) ({ status } = await again());
    expect(status).toBe(200);
    expect((await orderOf(admin, orderId)).refunds).toHaveLength(1);
  });
});

describe('a key that two requests use at once', () => {
  it('serves one request; the other is refused or gets the same response', async () => {
    const { orderId } = await aPaidOrder();
    const admin = await registerUser({ role: 'admin' });
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => refunding(admin, orderId, { amount: 1 }).set('Idempotency-Key', 'at once')),
    );
    for (const answer of answers)
      expect(answer.status === 200 ? 'done' : codeOf(answer)).toMatch(/^(done|REQUEST_IN_PROGRESS)$/);
    expect((await orderOf(admin, orderId)).refunds).toHaveLength(1);
  });

  it('is used for a booking or for an event, not for both', async () => {
    const event = await anOpenEvent();
    const keyed = (request: Test) => request.set('Idempotency-Key', 'both');
    const body = { title: 'Both', startDate: '2031-01-01T10:00:00Z' };
    const [made, booked] = await Promise.all([
      keyed(as(organizer).post('/api/events')).send(body),
      keyed(booking(organizer, event.id)),
    ]);
    expect([made.status, booked.status].sort()).toEqual([201, 422]);
    const events = await database('events').where({ title: 'Both' });
    const bookings = await database('bookings').where({ event_id: event.id });
    expect(events.length + bookings.length).toBe(1);
  });
});

describe('a payment that was started with a key', () => {
  let stripe: FakeStripe;
  beforeAll(async () => {
    useRealProviders();
    stripe = await withStripe();
  });
  afterAll(() => stripe.close());

  it('continues as soon as the provider is back', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const pay = () => paying(owner, orderId, 'stripe').set('Idempotency-Key', 'outage');
    stripe.setDown('Service Unavailable');
    await pay().expect(503);
    await pay().expect(503);
    stripe.setDown(undefined);
    const { body } = await pay().expect(200);
    const again = await pay().expect(200);
    expect(again.body).toEqual(body);
    expect((await orderOf(owner, orderId)).payments).toHaveLength(1);
  });

  it('is still found after another payment has replaced it', async () => {
    const { owner, orderId } = await anUnpaidOrder();
    const pay = () => paying(owner, orderId, 'stripe').set('Idempotency-Key', 'first choice');
    const { body } = await pay().expect(200);
    const { rowCount } = await database.raw<{ rowCount: number }>(
      `UPDATE idempotency_keys SET answer = NULL WHERE key = 'first choice'`,
    );
    expect(rowCount).toBe(1);
    await database('payments').where('order_id', orderId).update({ status: 'cancelled', cancelled_at: new Date() });
    await paying(owner, orderId, 'stripe').expect(200);
    const again = await pay().expect(200);
    expect(again.body).toEqual(body);
    expect((await orderOf(owner, orderId)).payments).toHaveLength(2);
  });
});

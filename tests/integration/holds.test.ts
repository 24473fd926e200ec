import { database } from '../../src/database';
import { expireHolds } from '../../src/services/bookings/expire-holds';
import {
  aFullEvent,
  cancelling,
  entryOf,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../helpers/bookings';
import { aProduct, expireOrder, fillCart } from '../helpers/checkout';
import { as } from '../helpers/client';
import { makeEvent } from '../helpers/events';
import { startInstance, type Instance } from '../helpers/instance';
import { aPaidOrder, paid } from '../helpers/orders';
import { eventually } from '../helpers/servers/processes';

// Limits on unpaid holds, with the settings of production. They keep users from blocking an event without paying.

let strict: Instance;
beforeAll(() => {
  strict = startInstance({
    TRUST_PROXY: 'true',
    REQUIRE_VERIFIED_EMAIL: 'true',
    HOLD_PAUSE_MINUTES: '1',
    WAITLIST_FIRST_OFFER_MINUTES: '30',
  });
});
afterAll(() => strict.close());

let hosts = 0;
const aNetwork = (): string => `198.51.100.${(hosts += 1)}`;

const booking = (user: TestUser, eventId: number, { ticketsCount = 1, ip = '203.0.113.5' } = {}) =>
  strict.as(user.token).post('/api/bookings').set('X-Forwarded-For', ip).send({ eventId, ticketsCount });
const joining = (user: TestUser, eventId: number) => strict.as(user.token).post('/api/waitlist/join').send({ eventId });
const codeOf = ({ status, body }: { status: number; body: { error?: { code: string } } }) => [status, body.error?.code];

async function aSale(fields: object = {}) {
  return makeEvent(await theOrganizer(), { basePrice: 10, totalTickets: 100, ...fields });
}

async function held(
  user: TestUser,
  eventId: number,
  options: { ticketsCount?: number; ip?: string } = {},
): Promise<number> {
  const { body } = await booking(user, eventId, options).expect(201);
  return (body as { data: { id: number } }).data.id;
}

const givingUp = (user: TestUser, id: number) =>
  strict.as(user.token).put(`/api/bookings/${id}/cancel`).send({}).expect(200);
/** Dates a user's abandoned holds back. The process notices within two seconds. */
async function agedBy(user: TestUser, minutes: number): Promise<void> {
  await database('abandoned_holds')
    .where({ user_id: user.user.id })
    .update({ abandoned_at: database.raw('now() - make_interval(mins => ?)', [minutes]) });
}

describe('an account without a verified address', () => {
  it('cannot hold unpaid tickets or join a waitlist until it is verified', async () => {
    const user = await registerUser({ isVerified: false });
    const paid = await aSale();
    const { event: full } = await aFullEvent();
    expect(codeOf(await booking(user, paid.id))).toEqual([403, 'EMAIL_NOT_VERIFIED']);
    expect(codeOf(await joining(user, full.id))).toEqual([403, 'EMAIL_NOT_VERIFIED']);
    const free = await aSale({ basePrice: 0 });
    await held(user, free.id);
    await database('users').where({ id: user.user.id }).update({ email_verified_at: new Date() });
    await held(user, paid.id);
    await joining(user, full.id).expect(201);
  });
});

describe('after an abandoned or expired hold', () => {
  it('the account must wait, and may then hold fewer tickets', async () => {
    const user = await registerUser();
    const [one, other] = [await aSale(), await aSale({ allowMultipleBookings: true })];
    const ip = aNetwork();
    await givingUp(user, await held(user, one.id, { ticketsCount: 10, ip }));
    const refused = await booking(user, other.id, { ip });
    expect(codeOf(refused)).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    // Free bookings are not held, so the pause does not apply.
    await held(user, (await aSale({ basePrice: 0 })).id, { ip });
    await agedBy(user, 2);
    await eventually(async () => (await booking(user, other.id, { ip })).status === 201);
    expect(codeOf(await booking(user, other.id, { ip, ticketsCount: 6 }))).toEqual([400, 'VALIDATION_ERROR']);
    await held(user, other.id, { ip, ticketsCount: 4 });
  });

  it('the pause doubles each time', async () => {
    const user = await registerUser();
    const event = await aSale();
    const ip = aNetwork();
    const waits: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      const id = await eventually(async () => {
        const { status, body } = await booking(user, event.id, { ip });
        return status === 201 ? (body as { data: { id: number } }).data.id : undefined;
      });
      await givingUp(user, id);
      waits.push(Number((await booking(user, event.id, { ip })).headers['retry-after']));
      await agedBy(user, 20);
    }
    expect(waits.map((seconds) => Math.round(seconds / 60))).toEqual([1, 2, 4]);
  });

  it('an expired hold counts too', async () => {
    const user = await registerUser();
    const event = await aSale();
    const ip = aNetwork();
    const id = await held(user, event.id, { ip });
    await database('bookings')
      .where({ id })
      .update({ expires_at: database.raw("now() - interval '1 second'") });
    await expireHolds();
    await eventually(async () => (await booking(user, (await aSale()).id, { ip })).status === 429);
  });

  it('an expired order of goods counts too, unless nobody else could lack them', async () => {
    const [user, ip] = [await registerUser(), aNetwork()];
    const ordering = async (stock: number | null) => {
      await database('carts').where({ user_id: user.user.id }).del();
      await fillCart(user, [{ productId: await aProduct({ stock }) }]);
      return strict.as(user.token).post('/api/orders').set('X-Forwarded-For', ip).send({});
    };
    const orderedId = async (stock: number | null) => {
      const { status, body } = await ordering(stock);
      expect(status).toBe(201);
      return (body as { data: { id: number } }).data.id;
    };
    await expireOrder(await orderedId(null));
    await expireOrder(await orderedId(5));
    await eventually(async () => (await ordering(5)).status === 429);
    expect(codeOf(await booking(user, (await aSale()).id, { ip }))).toEqual([429, 'RATE_LIMITED']);
    await expireOrder(await orderedId(null));
    expect(await database('abandoned_holds').where({ user_id: user.user.id }).select('user_id')).toHaveLength(1);
  });

  it('a hold that the organizer cancels does not count', async () => {
    const user = await registerUser();
    const event = await aSale();
    const id = await held(user, event.id, { ip: aNetwork() });
    await database('events').where({ id: event.id }).update({ status: 'cancelled', cancelled_at: new Date() });
    await cancelling(await theOrganizer(), id).expect(200);
    expect(await database('abandoned_holds').where({ user_id: user.user.id }).select('id')).toEqual([]);
  });

  it('many holds of one network count for all its accounts, and for no others', async () => {
    const event = await aSale();
    const ip = aNetwork();
    const users = await registerUsers(11);
    await database('sessions')
      .whereIn(
        'user_id',
        users.map(({ user }) => user.id),
      )
      .update({ ip });
    for (const user of users.slice(0, 10)) await givingUp(user, await held(user, event.id, { ip: aNetwork() }));
    expect(codeOf(await booking(users[10]!, event.id, { ip }))).toEqual([429, 'RATE_LIMITED']);
    await held(users[10]!, event.id, { ip: aNetwork() });
  });
});

describe('an event that allows several bookings of one customer', () => {
  it('lets one account hold only as many unpaid tickets as one booking may have, also at once', async () => {
    const user = await registerUser({ isVerified: true });
    const event = await aSale({ allowMultipleBookings: true, maxPerUser: null });
    const book = (ticketsCount: number) =>
      as(user).request('POST /api/bookings', { body: { eventId: event.id, ticketsCount } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => book(3)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const { body } = await book(2).expect(400);
    expect((body as { error: { details: object[] } }).error.details).toEqual([
      {
        path: 'ticketsCount',
        message: 'you hold 9 unpaid tickets of this event, and at most 10 can be held; pay for them first',
      },
    ]);
    // Once they are paid, there is room for more.
    for (const answer of answers.filter(({ status }) => status === 201))
      await paid({ owner: user, orderId: (answer.body as { data: { order: { id: number } } }).data.order.id });
    await book(10).expect(201);
  });
});

describe('an offer', () => {
  it('is shorter for an account that has not paid yet', async () => {
    const minutesOf = async (waiter: TestUser): Promise<number> => {
      const event = await aSale({ basePrice: 0, totalTickets: 1 });
      const owner = await registerUser();
      const id = await held(owner, event.id);
      await joining(waiter, event.id).expect(201);
      await strict.as(owner.token).put(`/api/bookings/${id}/cancel`).send({}).expect(200);
      const { offer_expires_at: end, offered_at: start } = await entryOf(waiter, event.id);
      return Math.round(((end as Date).getTime() - (start as Date).getTime()) / 60_000);
    };
    expect(await minutesOf(await registerUser())).toBe(30);
    const { owner } = await aPaidOrder();
    expect(await minutesOf(owner)).toBe(720);
  });
});

describe('outside production', () => {
  it('there is no pause', async () => {
    const user = await registerUser({ isVerified: false });
    const event = await aSale();
    for (let i = 0; i < 3; i += 1) {
      const { body } = await as(user).post('/api/bookings').send({ eventId: event.id, ticketsCount: 10 }).expect(201);
      await cancelling(user, body.data.id as number).expect(200);
    }
  });
});

import { database } from '../../src/database';
import { countAnalytics, saveSnapshot, rebuildAnalytics } from '../../src/services/analytics/count-analytics';
import { registerUser, type TestUser } from '../helpers/accounts';
import { booked, cancelling, theOrganizer } from '../helpers/bookings';
import { ADA, aProduct, ordered, payNow } from '../helpers/checkout';
import { as } from '../helpers/client';
import { HOUR_MS, makeEvent } from '../helpers/events';
import { fulfilling } from '../helpers/fulfillment';
import { aPaidOrder, anUnpaidOrder, paid, refunding } from '../helpers/orders';
import { makeShippingOption } from '../helpers/store';

const now = { marginSeconds: 0 };

interface Figures {
  bookings: number;
  tickets: number;
  cancellations: number;
  cancellationRate: number | null;
  activeUsers: number;
  utilization: number | null;
  newUsers: number | null;
  revenue: { currency: string; gross: string; refunded: string; net: string; tax: string }[];
  revenueByKind: { kind: string; currency: string; gross: string; refunded: string; net: string; tax: string }[];
}

async function counted(): Promise<unknown> {
  const slots: unknown = await database('analytics_slots').orderBy(['organizer_id', 'slot', 'event_id']);
  const revenues: unknown = await database('analytics_revenues').orderBy([
    'organizer_id',
    'slot',
    'event_id',
    'currency',
    'kind',
  ]);
  return { slots, revenues };
}

async function analyze(
  user: TestUser,
  path: string,
  query = '',
): Promise<{ totals: Figures; periods: (Figures & { period: string; start: string })[] }> {
  const { body } = await as(user).get(`/api/${path}/analytics?${query}`).expect(200);
  return (body as { data: { totals: Figures; periods: (Figures & { period: string; start: string })[] } }).data;
}

let admin: TestUser;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
});

describe('counting', () => {
  it('counts incrementally the same as a rebuild, including late payments, cancellations and refunds', async () => {
    const organizer = await theOrganizer();
    const free = await makeEvent(organizer, { totalTickets: 10 });
    const [ada, eve] = [await registerUser(), await registerUser()];
    const first = await booked(ada, free.id, 3);
    await countAnalytics(now);
    const waiting = await anUnpaidOrder();
    await booked(eve, free.id, 2);
    await countAnalytics(now);
    await countAnalytics(now);
    await paid(waiting);
    await cancelling(ada, first.id).expect(200);
    const sold = await aPaidOrder();
    await countAnalytics(now);
    await refunding(organizer, sold.orderId, { amount: '5.00' }).expect(200);
    await countAnalytics(now);

    const stepByStep = await counted();
    await rebuildAnalytics(now);
    expect(await counted()).toEqual(stepByStep);
    const { totals } = await analyze(admin, 'admin');
    expect(totals).toMatchObject({
      bookings: 4,
      tickets: 9,
      cancellations: 1,
      cancellationRate: 0.25,
      activeUsers: 4,
      revenue: [{ currency: 'USD', gross: '40.00', refunded: '5.00', net: '35.00', tax: '0.00' }],
    });
    expect(totals.newUsers).toBeGreaterThanOrEqual(5);
  });

  it('divides the revenue by what was sold, as the ledger does', async () => {
    const [user, seller] = [await registerUser(), await registerUser({ role: 'organizer' })];
    await rebuildAnalytics(now);
    const before = (await analyze(seller, 'organizers/me')).totals.revenueByKind;
    expect(before).toEqual([]);
    const event = await makeEvent(seller, { basePrice: '30.00', currency: 'EUR', taxRate: 20 });
    const option = await makeShippingOption({ name: 'Post', price: '5.00', currency: 'EUR' }, admin);
    const lines = [
      { ticketTypeId: event.ticketTypes[0]!.id },
      { productId: await aProduct({ seller, productType: 'physical', currency: 'EUR', price: '12.00' }), quantity: 2 },
    ];
    const address = { shippingAddress: ADA, shippingOptionId: option.id };
    const grant = { amount: '9.00', currency: 'EUR', reason: 'Thanks' };
    await as(admin).post(`/api/admin/users/${user.user.id}/credits`).send(grant).expect(201);
    const order = await ordered(user, lines, { ...address, paymentMethod: 'sandbox', creditsAmount: '9.00' });
    await payNow(order);
    const credits = { seller, productType: 'credit', currency: 'EUR', price: '19.00', creditAmount: '20.00' };
    await payNow(await ordered(user, [{ productId: await aProduct(credits) }], { paymentMethod: 'sandbox' }));
    await refunding(seller, order.id, { items: [{ itemId: 2, quantity: 1 }], to: 'credits' }).expect(200);
    await countAnalytics(now);
    const { totals } = await analyze(seller, 'organizers/me');
    expect(totals.revenueByKind.map(({ kind, gross, refunded }) => [kind, gross, refunded])).toEqual([
      ['tickets', '30.00', '0.00'],
      ['goods', '24.00', '12.00'],
      ['shipping', '5.00', '0.00'],
      ['credits', '19.00', '0.00'],
    ]);
    // All figures are sums over the ledger, whatever the kinds.
    const { rows } = await database.raw<{ rows: { currency: string; net: string; tax: string }[] }>(
      `SELECT currency, -sum(amount) FILTER (WHERE account IN ('sales', 'tax')) AS net,
         coalesce(-sum(amount) FILTER (WHERE account = 'tax'), 0) AS tax
       FROM ledger_entries WHERE order_id IS NOT NULL GROUP BY currency ORDER BY currency`,
    );
    const everybody = (await analyze(admin, 'admin')).totals;
    for (const { currency, net, tax } of rows) {
      const ofCurrency = everybody.revenueByKind.filter((each) => each.currency === currency);
      const sum = (key: 'net' | 'tax') => ofCurrency.reduce((all, each) => all + Number(each[key]), 0);
      const exactly = [currency, Number(net).toFixed(3), Number(tax).toFixed(3)];
      expect([currency, sum('net').toFixed(3), sum('tax').toFixed(3)]).toEqual(exactly);
      expect(everybody.revenue.find((each) => each.currency === currency)).toMatchObject({
        net: sum('net').toFixed(2),
      });
    }
    expect(
      everybody.revenueByKind.find(({ kind, currency }) => kind === 'credits' && currency === 'EUR'),
    ).toMatchObject({
      net: '-1.00',
    });
    const dashboardOf = async (who: TestUser, path: string) =>
      ((await as(who).get(`/api/${path}/dashboard`).expect(200)).body as { data: { ordersToFulfill: number } }).data
        .ordersToFulfill;
    expect([await dashboardOf(admin, 'admin'), await dashboardOf(seller, 'organizers/me')]).toEqual([1, 1]);
    expect(await dashboardOf(await theOrganizer(), 'organizers/me')).toBe(0);
    await fulfilling(seller, order.id, { items: [{ itemId: 2, quantity: 1 }] }).expect(201);
    expect(await dashboardOf(seller, 'organizers/me')).toBe(0);
  });

  it('waits for running transactions and misses none of their rows', async () => {
    const event = await makeEvent(await theOrganizer());
    const user = await registerUser();
    await countAnalytics(now);
    const late = await database.transaction();
    await late.raw('SELECT 1');
    await countAnalytics(now);
    const dated = late.raw('now()');
    await late('bookings').insert({
      reference: 'LATE',
      user_id: user.user.id,
      event_id: event.id,
      tickets_count: 1,
      status: 'confirmed',
      total_amount: 0,
      currency: 'USD',
      is_exclusive: true,
      request_id: '00000000-0000-4000-8000-000000000001',
      created_at: dated,
      confirmed_at: dated,
    });
    await late('booking_items').insert({
      booking_id: late.raw("currval('bookings_id_seq')"),
      ticket_type_id: event.ticketTypes[0]!.id,
      quantity: 1,
      unit_price: 0,
    });
    await late('outbox_messages').insert({
      topic: 'booking.confirmed',
      payload: late.raw("jsonb_build_object('bookingId', currval('bookings_id_seq'))"),
    });
    await late.commit();
    await countAnalytics(now);
    expect(await database('analytics_slots').where({ event_id: event.id }).first('bookings')).toEqual({ bookings: 1 });
  });

  it('resumes after a failure, and counts nothing twice when run concurrently', async () => {
    const before = await counted();
    await Promise.all([countAnalytics(now), countAnalytics(now), countAnalytics()]);
    expect(await counted()).toEqual(before);
  });
});

describe('analyze', () => {
  it('assigns bookings to the days of a time zone, to the quarter hour', async () => {
    // 18:30 in London is 00:15 in Nepal.
    const time = '2020-03-10T18:30:00Z';
    await database('analytics_slots').insert({
      organizer_id: 0,
      event_id: 0,
      slot: time,
      bookings: 2,
      tickets: 5,
      user_ids: [1, 2],
    });
    const range = 'from=2020-03-09T18:15:00Z&to=2020-03-11T18:15:00Z';
    const nepal = await analyze(admin, 'admin', `${range}&timezone=Asia/Kathmandu`);
    expect(nepal.periods.map(({ period, bookings }) => [period, bookings])).toEqual([
      ['2020-03-10', 0],
      ['2020-03-11', 2],
    ]);
    expect(nepal.periods[1]!.start).toBe('2020-03-10T18:15:00.000Z');
    const london = await analyze(admin, 'admin', `${range}&timezone=Europe/London&groupBy=month`);
    expect(london.periods).toMatchObject([{ period: '2020-03-01', bookings: 2, tickets: 5, activeUsers: 2 }]);
    await database('analytics_slots').where({ slot: time }).delete();
  });

  it('handles days of 23 hours', async () => {
    const { periods } = await analyze(
      admin,
      'admin',
      'from=2025-03-29T23:00:00Z&to=2025-03-31T22:00:00Z&timezone=Europe/Vienna',
    );
    const [first, second] = periods.map(({ start }) => Date.parse(start));
    expect((second! - first!) / HOUR_MS).toBe(23);
  });

  it('accepts only a day in the time zone or a time with an offset', async () => {
    const answer = await analyze(admin, 'admin', 'from=2025-03-30&to=2025-04-01&timezone=Europe/Vienna');
    expect(answer).toMatchObject({ from: '2025-03-29T23:00:00.000Z', to: '2025-03-31T22:00:00.000Z' });
    for (const from of ['2025-02-30', '2025-03-30T00:00:00', 'yesterday'])
      await as(admin).get(`/api/admin/analytics?from=${from}`).expect(400);
  });

  it('shows an organizer only their own events', async () => {
    const own = await registerUser({ role: 'organizer' });
    const event = await makeEvent(own, { totalTickets: 4 });
    const user = await registerUser();
    await booked(user, event.id, 1);
    await countAnalytics(now);
    const { totals } = await analyze(own, 'organizers/me');
    expect(totals).toMatchObject({ bookings: 1, tickets: 1, activeUsers: 1, newUsers: null, revenue: [] });
    const later = `from=${new Date(Date.now() + 700 * HOUR_MS).toISOString()}&to=${new Date(Date.now() + 800 * HOUR_MS).toISOString()}`;
    expect((await analyze(own, 'organizers/me', later)).totals.utilization).toBe(0.25);
    await as(user).get('/api/organizers/me/analytics').expect(403);
  });

  it('refuses ranges that are too long and unknown time zones', async () => {
    await as(admin).get('/api/admin/analytics?from=2000-01-01T00:00:00Z&to=2020-01-01T00:00:00Z').expect(400);
    await as(admin).get('/api/admin/analytics?timezone=Mars/Phobos').expect(400);
    await as(admin).get('/api/admin/analytics?from=2020-01-02T00:00:00Z&to=2020-01-01T00:00:00Z').expect(400);
  });
});

describe('the dashboard', () => {
  it('shows an admin everything, and an organizer their own', async () => {
    const own = await registerUser({ role: 'organizer' });
    const event = await makeEvent(own, { totalTickets: 8 });
    await booked(await registerUser(), event.id, 2);
    await countAnalytics(now);
    await saveSnapshot();
    const { body } = await as(own).get('/api/organizers/me/dashboard?timezone=Europe/Vienna').expect(200);
    expect(body.data).toMatchObject({
      users: null,
      system: null,
      events: { published: 1, upcoming: 1 },
      capacity: { capacity: 8, sold: 2, utilization: 0.25 },
      today: { bookings: 1, tickets: 2 },
      last30Days: { bookings: 1 },
      activeUsers: { last24Hours: 1 },
      popularEvents: [{ eventId: event.id, tickets: 2 }],
    });
    const all = (await as(admin).get('/api/admin/dashboard').expect(200)).body.data;
    expect(all.perDay).toHaveLength(30);
    expect(all.perDay.at(-1).bookings).toBe(all.today.bookings);
    expect(all.today.bookings).toBeGreaterThan(1);
    expect(all.users).toMatchObject({ admins: 1 });
    expect(all.system).toMatchObject({
      database: 'ok',
      redis: expect.any(String),
      queues: { byTopic: expect.any(Array) },
    });
  });
});

import type { Response, Test } from 'supertest';
import { database, type Trx } from '../../../src/database';
import { lockAdmins } from '../../../src/models/users/accounts';
import { rebuildAnalytics } from '../../../src/services/analytics/count-analytics';
import { registerUser, type TestUser } from '../../helpers/accounts';
import { booked, cancelling, codeOf, theOrganizer } from '../../helpers/bookings';
import { ordered, payNow } from '../../helpers/checkout';
import { as } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { aPaidOrder, type Sold } from '../../helpers/orders';
import { makeProduct } from '../../helpers/products';
import { eventually } from '../../helpers/servers/processes';

interface Listed {
  id: number;
  status: string;
}

let admin: TestUser;
let customer: TestUser;
let event: TestEvent;
let sold: Sold;
beforeAll(async () => {
  admin = await registerUser({ role: 'admin' });
  customer = await registerUser();
  event = await makeEvent(await theOrganizer(), { title: '=HYPERLINK("x")', totalTickets: 10 });
  await booked(customer, event.id, 2);
  sold = await aPaidOrder();
});

async function list(path: string): Promise<{ data: Listed[]; pagination: { total: number; totalCapped: boolean } }> {
  const { body } = await as(admin).get(`/api/admin/${path}`).expect(200);
  return body as { data: Listed[]; pagination: { total: number; totalCapped: boolean } };
}

async function textOf(path: string): Promise<string> {
  return (
    await as(admin)
      .get(`/api/admin/${path}`)
      .expect(200)
      .expect('Content-Type', /^text\/csv/)
  ).text;
}

/** Sends two changes of admins. Both pass the access check before either takes effect. */
async function bothAtTheLock(...requests: [Test, Test]): Promise<Response[]> {
  const trx = (await database.transaction()) as Trx;
  await lockAdmins(trx);
  const answers = Promise.all(requests);
  await eventually(async () => {
    const { rows } = await database.raw<{ rows: unknown[] }>(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
    );
    return rows.length === 2;
  });
  await trx.commit();
  return answers;
}

describe('users', () => {
  it('are found by the start of their address, their role and their status', async () => {
    const found = await list(`users?search=${admin.user.email.slice(0, 20).toUpperCase()}&role=admin`);
    expect(found.data.map(({ id }) => id)).toEqual([admin.user.id]);
    expect((await list('users?search=%25')).data).toEqual([]);
    expect((await list('users?search=lovel&sort=email&limit=1')).pagination.total).toBeGreaterThan(2);
    expect((await list('users?status=suspended')).data).toEqual([]);
  });

  it('are found by their names in any order, with or without accents and apostrophes', async () => {
    const { user } = await registerUser();
    await database('users').where({ id: user.id }).update({ first_name: 'Zoë Maria', last_name: 'O’Malley-Łuczak' });
    const missed: string[] = [];
    for (const search of [
      'zoe',
      'ZOË O',
      "o'malley zoe",
      'omalley',
      'luczak, Zoë',
      'maria o’mal',
      'Zoë Maria O’Malley-Łuczak',
      'zoë'.normalize('NFD'),
    ]) {
      const found = await list(`users?search=${encodeURIComponent(search)}`);
      if (!found.data.some(({ id }) => id === user.id)) missed.push(search);
    }
    expect(missed).toEqual([]);
    expect((await list('users?search=zoe%20smith')).data).toEqual([]);
  });

  it('are suspended at once and can be reactivated', async () => {
    const user = await registerUser();
    const change = (status: string) => as(admin).put(`/api/admin/users/${user.user.id}`).send({ status }).expect(200);
    expect((await change('suspended')).body.data).toMatchObject({ status: 'suspended', bookings: 0 });
    expect(codeOf(await as(user).get('/api/auth/profile').expect(403))).toBe('ACCOUNT_SUSPENDED');
    expect((await list('users?status=suspended')).data.map(({ id }) => id)).toEqual([user.user.id]);
    await change('active');
    await as(user).get('/api/auth/profile').expect(200);
  });

  it('get another role', async () => {
    const user = await registerUser();
    await as(user).get('/api/organizers/me/dashboard').expect(403);
    await as(admin).put(`/api/admin/users/${user.user.id}`).send({ role: 'organizer' }).expect(200);
    await as(user).get('/api/organizers/me/dashboard').expect(200);
    await as(admin).put(`/api/admin/users/${user.user.id}`).send({}).expect(400);
    await as(admin).put(`/api/admin/users/${user.user.id}`).send({ email: 'x@example.com' }).expect(400);
  });

  it('always include an admin, even if two admins demote each other at once', async () => {
    const other = await registerUser({ role: 'admin' });
    const demote = (by: TestUser, whom: TestUser) =>
      as(by).put(`/api/admin/users/${whom.user.id}`).send({ role: 'customer' });
    const answers = await bothAtTheLock(demote(admin, other), demote(other, admin));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const left = answers[0]?.status === 200 ? admin : other;
    expect(codeOf(await demote(left, left).expect(409))).toBe('LAST_ADMIN');
    await as(left).put(`/api/admin/users/${left.user.id}`).send({ status: 'suspended' }).expect(409);
    admin = left;
  });
});

describe('lists', () => {
  it('show everybody’s events, bookings and orders, filtered and sorted', async () => {
    await makeEvent(await theOrganizer(), { status: 'draft' });
    expect((await list('events?status=draft')).data.map(({ status }) => status)).toEqual(['draft']);
    expect(
      (await list(`events?sort=startDate&order=asc&organizerId=${(await theOrganizer()).user.id}`)).data.length,
    ).toBeGreaterThan(2);
    const bookings = await list(`bookings?userId=${customer.user.id}&status=confirmed`);
    expect(bookings.data).toMatchObject([{ event: { id: event.id }, user: { id: customer.user.id }, order: null }]);
    expect((await list(`bookings?eventId=${event.id}&from=2020-01-01T00:00:00Z&to=2020-02-01T00:00:00Z`)).data).toEqual(
      [],
    );
    expect((await list('bookings?order=asc')).data.map(({ id }) => id)).toEqual(
      (await list('bookings')).data.map(({ id }) => id).reverse(),
    );
    expect((await list('orders?status=paid')).data).toMatchObject([
      { id: sold.orderId, total: '20.00', event: { id: sold.event.id } },
    ]);
    expect((await list(`orders?userId=${customer.user.id}`)).pagination.total).toBe(0);
    const { order_number: number } = (await database('orders').where({ id: sold.orderId }).first('order_number'))!;
    for (const search of [number.toLowerCase(), sold.booking.reference, sold.owner.user.email.toUpperCase()])
      expect((await list(`orders?search=${encodeURIComponent(search)}`)).data).toMatchObject([{ id: sold.orderId }]);
    expect((await list('orders?search=nobody')).data).toEqual([]);
  });
});

describe('reports', () => {
  it('are CSV with defused formulas, filtered by time', async () => {
    const bookings = await textOf('reports/bookings.csv');
    expect(bookings.split('\n')[0]).toBe(
      '\uFEFFReference,Status,Tickets count,Total amount,Discount amount,Currency,Email,Event id,Event title,Created at,Confirmed at,Cancelled at',
    );
    expect(bookings).toContain(`"'=HYPERLINK(""x"")"`);
    expect(await textOf('reports/orders.csv')).toContain('20.00,USD,20.00,0.00,20.00');
    expect(await textOf('reports/users.csv')).toContain(customer.user.email);
    expect((await textOf('reports/events.csv?to=2020-01-01T00:00:00Z')).split('\n')).toHaveLength(2);
    await rebuildAnalytics({ marginSeconds: 0 });
    expect(await textOf('reports/revenue.csv?groupBy=month')).toContain(',USD,20.00,0.00,20.00,0.00');
  });

  it('are complete even if one query cannot return all rows', async () => {
    await database.raw(
      `INSERT INTO users (email, password_hash) SELECT 'many-' || n || '@example.com', 'x' FROM generate_series(1, 2500) n`,
    );
    const lines = (await textOf('reports/users.csv')).trim().split('\n');
    expect(new Set(lines).size).toBe(lines.length);
    expect(lines.filter((line) => line.includes('many-'))).toHaveLength(2500);
  });
});

describe('the inventory check', () => {
  const check = async (query = '') =>
    (await as(admin).get(`/api/admin/inventory/check?${query}`).expect(200)).body.data;

  it('finds no mismatch in a consistent database, in several parts', async () => {
    await cancelling(customer, (await booked(customer, (await makeEvent(await theOrganizer())).id)).id).expect(200);
    await Promise.all([1, 2, 3].map(async () => makeProduct(await theOrganizer(), { stock: 3 })));
    let checked = 0;
    let checkedProducts = 0;
    for (let after: number | null = 0; after !== null;) {
      const part = await check(`after=${after}&limit=2`);
      expect(part.mismatches).toEqual([]);
      checked += part.checked as number;
      checkedProducts += part.checkedProducts as number;
      after = part.next as number | null;
    }
    const countOf = async (table: string) => (await database(table).count('* as n').first<{ n: number }>()).n;
    expect(checked).toBe(await countOf('event_inventory'));
    expect(checkedProducts).toBe(await countOf('product_inventory'));
  });

  it('reports each mismatch', async () => {
    await database('event_inventory').where('event_id', event.id).increment('sold', 1);
    const mismatches = (await check()).mismatches;
    await database('event_inventory').where('event_id', event.id).decrement('sold', 1);
    expect(mismatches).toEqual([
      {
        eventId: event.id,
        ticketTypeId: null,
        paymentId: null,
        productId: null,
        what: 'sold',
        expected: '2',
        found: '3',
      },
    ]);
    const product = await makeProduct(await theOrganizer(), { stock: 3 });
    const inventory = database('product_inventory').where('product_id', product.id);
    await inventory.clone().update({ sold: 1, held: 2 });
    const ofProduct = (await check()).mismatches;
    await inventory.clone().update({ sold: 0, held: 0 });
    expect(ofProduct).toMatchObject([
      { eventId: null, productId: product.id, what: 'held', expected: '0', found: '2' },
      { eventId: null, productId: product.id, what: 'sold', expected: '0', found: '1' },
    ]);
    await database('payments').where('order_id', sold.orderId).update({ refunded: 5 });
    const [ledger] = (await check()).mismatches;
    await database('payments').where('order_id', sold.orderId).update({ refunded: 0 });
    expect(ledger).toMatchObject({ eventId: sold.event.id, what: 'ledger', expected: '15.000', found: '20.000' });
  });

  it('compares the payments of checkouts with the ledger, for each event and product that they sold', async () => {
    const open = await makeEvent(await theOrganizer(), { basePrice: '20.00' });
    const goods = { price: '5.00', currency: open.currency, productType: 'credit', creditAmount: '5.00' } as const;
    const product = await makeProduct(await theOrganizer(), { ...goods, stock: 3 });
    const lines = [{ ticketTypeId: open.ticketTypes[0]!.id }, { productId: product.id }];
    const order = await ordered(await registerUser(), lines, { paymentMethod: 'sandbox' });
    await payNow(order);
    const payments = database('payments').where('order_id', order.id);
    const { id } = (await payments.clone().first('id')) as { id: number };
    await payments.clone().update({ refunded: 5 });
    const { mismatches } = await check();
    await payments.clone().update({ refunded: 0 });
    const wrong = { paymentId: id, what: 'ledger', expected: '20.000', found: '25.000' };
    expect(mismatches).toMatchObject([
      { eventId: open.id, productId: null, ...wrong },
      { eventId: null, productId: product.id, ...wrong },
    ]);
    expect((await check()).mismatches).toEqual([]);
  });
});

describe('health', () => {
  it('reports database, queues, memory and response times', async () => {
    const { data } = (await as(admin).get('/api/admin/health').expect(200)).body;
    expect(data.database).toMatchObject({ status: 'ok', connections: expect.any(Number) });
    expect(data.responses.requests).toBeGreaterThan(0);
    expect(data.queues.waiting).toBeGreaterThan(0);
    await database('schedules').insert({ name: 'x', next_run_at: database.fn.now(), last_run_at: database.fn.now() });
    expect((await as(admin).get('/api/admin/health')).body.data.worker.status).toBe('ok');
  });
});

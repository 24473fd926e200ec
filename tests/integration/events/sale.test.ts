import { database } from '../../../src/database';
import { refreshDueSales } from '../../../src/services/events/refresh-sales';
import { booked, cancelling, registerUser, type TestUser } from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { inHours, makeEvent, type TestEvent } from '../../helpers/events';
import { definingSeats, seatMapOf } from '../../helpers/seats';

interface Shown extends TestEvent {
  minPrice: string | null;
  maxPrice: string | null;
}

let organizer: TestUser;
let admin: TestUser;
let category = 0;
beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  admin = await registerUser({ role: 'admin' });
});
beforeEach(() => {
  category += 1;
});

const make = (fields: Record<string, unknown>): Promise<TestEvent> =>
  makeEvent(organizer, { category: `sale ${category}`, currency: 'EUR', ...fields });

async function listed(query = ''): Promise<Shown[]> {
  // Lists for signed-in callers are never cached.
  const { body } = await as(admin).get(`/api/events?category=sale%20${category}&${query}`).expect(200);
  return (body as { data: Shown[] }).data;
}

async function detail(id: number): Promise<Shown> {
  const { body } = await anonymous.get(`/api/events/${id}`).expect(200);
  return (body as { data: Shown }).data;
}

/** Returns the available tickets, prices and availability of an event, and asserts that all routes agree. */
async function seen({ id }: TestEvent): Promise<unknown[]> {
  const inList = (await listed()).find((event) => event.id === id)!;
  const alone = await detail(id);
  const isAvailable = (await listed('available=true')).some((event) => event.id === id);
  expect((await listed('available=false')).some((event) => event.id === id)).toBe(!isAvailable);
  for (const name of ['availableTickets', 'minPrice', 'maxPrice'] as const) expect(inList[name]).toBe(alone[name]);
  return [alone.availableTickets, alone.minPrice, alone.maxPrice, isAvailable];
}

describe('the current sale', () => {
  it('determines prices and availability, in lists too', async () => {
    const event = await make({
      totalTickets: 99,
      ticketTypes: [
        { name: 'A', price: 10, quantity: 5 },
        { name: 'B', price: '25.5', quantity: 7 },
      ],
    });
    expect(await seen(event)).toEqual([12, '10.00', '25.50', true]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['a sale that is over', { salesEnd: inHours(-1) }],
    ['a sale that has not started', { salesStart: inHours(1) }],
    ['a quantity of zero', { quantity: 0 }],
  ])('counts %s as unavailable', async (_what, limits) => {
    const event = await make({ totalTickets: null, ticketTypes: [{ name: 'A', price: 10, ...limits }] });
    expect(await seen(event)).toEqual([0, null, null, false]);
    expect((await detail(event.id)).ticketTypes[0]!.quantityAvailable).toBe(0);
    const both = await make({
      totalTickets: 50,
      ticketTypes: [
        { name: 'A', price: 10, ...limits },
        { name: 'B', price: 20 },
      ],
    });
    expect(await seen(both)).toEqual([50, '20.00', '20.00', true]);
  });

  it('follows every booking and cancellation', async () => {
    const event = await make({
      totalTickets: 99,
      ticketTypes: [
        { name: 'A', price: 0, quantity: 1 },
        { name: 'B', price: 0, quantity: 5, minPerBooking: 3 },
      ],
    });
    const [a, b] = event.ticketTypes.map(({ id }) => id);
    const user = await registerUser();
    const one = await booked(user, event.id, [{ ticketTypeId: a!, quantity: 1 }]);
    expect(await seen(event)).toEqual([5, '0.00', '0.00', true]);
    const three = await booked(await registerUser(), event.id, [{ ticketTypeId: b!, quantity: 3 }]);
    // Two tickets are left, but nobody can buy fewer than three.
    expect(await seen(event)).toEqual([0, null, null, false]);
    await cancelling(user, one.id).expect(200);
    expect(await seen(event)).toEqual([1, '0.00', '0.00', true]);
    await cancelling(admin, three.id).expect(200);
    expect(await seen(event)).toEqual([6, '0.00', '0.00', true]);
  });

  it('follows the organizer’s changes', async () => {
    const event = await make({ totalTickets: 10, ticketTypes: [{ name: 'A', price: 10 }] });
    const type = `/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`;
    await as(organizer).put(type).send({ price: 30 }).expect(200);
    expect(await seen(event)).toEqual([10, '30.00', '30.00', true]);
    await as(organizer)
      .put(type)
      .send({ salesEnd: inHours(-1) })
      .expect(200);
    expect(await seen(event)).toEqual([0, null, null, false]);
    const { body } = await as(organizer)
      .post(`/api/events/${event.id}/ticket-types`)
      .send({ name: 'B', price: 5, quantity: 3 })
      .expect(201);
    expect(await seen(event)).toEqual([3, '5.00', '5.00', true]);
    await as(organizer).delete(`/api/events/${event.id}/ticket-types/${body.data.id}`).expect(204);
    expect(await seen(event)).toEqual([0, null, null, false]);
    await as(organizer).put(type).send({ salesEnd: null }).expect(200);
    await as(organizer).put(`/api/events/${event.id}`).send({ totalTickets: 0 }).expect(200);
    expect(await seen(event)).toEqual([0, null, null, false]);
  });

  it('follows the start and end of sales', async () => {
    const event = await make({
      ticketTypes: [
        { name: 'A', price: 10, salesEnd: inHours(2) },
        { name: 'B', price: 20 },
      ],
    });
    const [a] = event.ticketTypes;
    await database('ticket_types')
      .where('id', a!.id)
      .update({ sales_end_at: inHours(-1) });
    // The row is still as during the sale, because no trigger fires when time passes.
    const before = { min_price: 10, max_price: 20, changes_at: inHours(-1) };
    await database('event_sales').where('event_id', event.id).update(before);
    await refreshDueSales();
    expect(await database('event_sales').where('event_id', event.id).first('min_price')).toEqual({
      min_price: '20.000',
    });
    expect(await seen(event)).toEqual([null, '20.00', '20.00', true]);
  });

  it('filters and sorts by the same prices', async () => {
    const over = { salesEnd: inHours(-1) };
    await make({ title: 'Ten', ticketTypes: [{ name: 'A', price: 10 }] });
    await make({
      title: 'Fifty',
      ticketTypes: [
        { name: 'A', price: 5, ...over },
        { name: 'B', price: 50 },
      ],
    });
    await make({
      title: 'Twenty',
      ticketTypes: [
        { name: 'A', price: 20 },
        { name: 'B', price: 90, quantity: 0 },
      ],
    });
    await make({ title: 'Gone', ticketTypes: [{ name: 'A', price: 1, ...over }] });
    const titles = async (query: string) => (await listed(query)).map(({ title }) => title);
    expect(await titles('sort=price')).toEqual(['Ten', 'Twenty', 'Fifty', 'Gone']);
    expect(await titles('sort=price&order=desc')).toEqual(['Fifty', 'Twenty', 'Ten', 'Gone']);
    expect(await titles('sort=price&maxPrice=20')).toEqual(['Ten', 'Twenty']);
    expect(await titles('sort=price&minPrice=20')).toEqual(['Twenty', 'Fifty']);
    expect(await titles('minPrice=11&maxPrice=49')).toEqual(['Twenty']);
    await anonymous.get('/api/events?minPrice=2&maxPrice=1').expect(400);
  });
});

describe('contradictory limits', () => {
  it.each<[Record<string, unknown>, Record<string, unknown>, string]>([
    [{}, { minPerBooking: 3, quantity: 2 }, 'minPerBooking'],
    [{}, { minPerBooking: 11 }, 'minPerBooking'],
    [{ totalTickets: 2 }, { minPerBooking: 3 }, 'minPerBooking'],
    [{ maxPerUser: 2 }, { minPerBooking: 3 }, 'minPerBooking'],
    [{}, { salesStart: inHours(800) }, 'salesStart'],
    [{}, { salesStart: inHours(2), salesEnd: inHours(1) }, 'salesEnd'],
    [{}, { minPerBooking: 3, maxPerBooking: 2 }, 'maxPerBooking'],
  ])('400 for an event of %j with a type of %j', async (event, type, path) => {
    const send = { title: 'T', startDate: inHours(720), ...event, ticketTypes: [{ name: 'A', ...type }] };
    const { body } = await as(organizer).post('/api/events').send(send).expect(400);
    expect(body.error.details[0].path).toBe(`ticketTypes.0.${path}`);
    const made = await makeEvent(organizer, event);
    const types = `/api/events/${made.id}/ticket-types`;
    await as(organizer)
      .post(types)
      .send({ name: 'A', ...type })
      .expect(400);
    await as(organizer).put(`${types}/${made.ticketTypes[0]!.id}`).send(type).expect(400);
  });

  it.each([{ totalTickets: 3 }, { maxPerUser: 3 }])('400 for an event that is updated to %j', async (change) => {
    const { id } = await makeEvent(organizer, { ticketTypes: [{ name: 'Group', minPerBooking: 4 }] });
    await as(organizer).put(`/api/events/${id}`).send(change).expect(400);
  });

  it('400 for moving an event before the start of a sale without an end', async () => {
    const { id } = await makeEvent(organizer, {
      startDate: inHours(720),
      ticketTypes: [{ name: 'Early' }, { name: 'Late', salesStart: inHours(480) }],
    });
    const path = `/api/events/${id}`;
    const { body } = await as(organizer)
      .put(path)
      .send({ startDate: inHours(240) })
      .expect(400);
    expect(body.error.details).toEqual([expect.objectContaining({ path: 'startDate' })]);
    expect(body.error.details[0].message).toContain('"Late"');
    await as(organizer)
      .put(path)
      .send({ date: inHours(490) })
      .expect(200);
  });

  it('allows moving an event before a sale that has its own end', async () => {
    const { id } = await makeEvent(organizer, {
      startDate: inHours(720),
      ticketTypes: [{ name: 'Recording', salesStart: inHours(480), salesEnd: inHours(900) }],
    });
    await as(organizer)
      .put(`/api/events/${id}`)
      .send({ startDate: inHours(240) })
      .expect(200);
  });
});

describe('the total of an event with seats', () => {
  const ROW = (count: number) => [{ name: 'S', rows: [{ name: 'A', count }] }];
  const total = async (id: number) => (await detail(id)).totalTickets;

  it('is set by the seating plan if all types have seats', async () => {
    const { id } = await make({ totalTickets: 5 });
    await definingSeats(organizer, id, ROW(12)).expect(201);
    expect([await total(id), (await seatMapOf(id)).counts.free]).toEqual([12, 12]);
    await definingSeats(organizer, id, ROW(3), { replace: true }).expect(201);
    expect(await total(id)).toBe(3);
    for (const totalTickets of [2, 4]) await as(organizer).put(`/api/events/${id}`).send({ totalTickets }).expect(400);
  });

  it('is set by the seating plan if it was unlimited, and stays set', async () => {
    const { id } = await make({ totalTickets: null });
    await definingSeats(organizer, id, ROW(7)).expect(201);
    expect(await total(id)).toBe(7);
    const { body } = await as(organizer).put(`/api/events/${id}`).send({ totalTickets: null }).expect(200);
    expect(body.data).toMatchObject({ totalTickets: 7, availableTickets: 7 });
  });

  it('is set by the seating plan once the last type without seats is withdrawn', async () => {
    const event = await make({ totalTickets: null, ticketTypes: [{ name: 'Seats' }, { name: 'Standing' }] });
    const [seated, standing] = event.ticketTypes;
    await definingSeats(organizer, event.id, [{ ...ROW(4)[0], ticketTypeId: seated!.id }]).expect(201);
    expect(await total(event.id)).toBeNull();
    await as(organizer).delete(`/api/events/${event.id}/ticket-types/${standing!.id}`).expect(204);
    expect(await total(event.id)).toBe(4);
  });

  it('limits the seats if other tickets share it', async () => {
    const event = await make({ totalTickets: 5, ticketTypes: [{ name: 'Seats' }, { name: 'Standing' }] });
    const sections = (count: number) => [{ ...ROW(count)[0], ticketTypeId: event.ticketTypes[0]!.id }];
    await definingSeats(organizer, event.id, sections(6)).expect(400);
    await definingSeats(organizer, event.id, sections(5)).expect(201);
    await as(organizer).put(`/api/events/${event.id}`).send({ totalTickets: 4 }).expect(400);
    // The standing tickets use up the total, so no seat can be sold.
    await booked(await registerUser(), event.id, [{ ticketTypeId: event.ticketTypes[1]!.id, quantity: 5 }]);
    expect((await seatMapOf(event.id)).counts).toEqual({ free: 0, held: 0, sold: 0, blocked: 5 });
  });

  it('leaves no free seats once the sale is over', async () => {
    const event = await make({ totalTickets: null, ticketTypes: [{ name: 'A' }] });
    await definingSeats(organizer, event.id, ROW(2)).expect(201);
    await as(organizer)
      .put(`/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`)
      .send({ salesEnd: inHours(-1) })
      .expect(200);
    expect((await seatMapOf(event.id)).counts.free).toBe(0);
  });
});

import { database } from '../../src/database';
import { registerUser, type TestUser } from '../helpers/accounts';
import { anonymous, as } from '../helpers/client';
import { HOUR_MS, inHours, makeEvent, type TestEvent, type TestTicketType } from '../helpers/events';

let organizer: TestUser;
let another: TestUser;
let customer: TestUser;

beforeAll(async () => {
  organizer = await registerUser({ role: 'organizer' });
  another = await registerUser({ role: 'organizer' });
  customer = await registerUser();
});

const typesOf = async (id: number): Promise<TestTicketType[]> => {
  const { body } = await as(organizer).get(`/api/events/${id}/ticket-types`).expect(200);
  return body.data as TestTicketType[];
};
const add = (id: number, fields: object) => as(organizer).post(`/api/events/${id}/ticket-types`).send(fields);
const change = (event: TestEvent, fields: object, index = 0) =>
  as(organizer).put(`/api/events/${event.id}/ticket-types/${event.ticketTypes[index]!.id}`).send(fields);
const remove = (event: TestEvent, index = 0) =>
  as(organizer).delete(`/api/events/${event.id}/ticket-types/${event.ticketTypes[index]!.id}`);
const book = (event: TestEvent, quantity: number, { index = 0, user = customer } = {}) =>
  as(user)
    .post('/api/bookings')
    .send({ eventId: event.id, items: [{ ticketTypeId: event.ticketTypes[index]!.id, quantity }] });
const pricesOf = (id: number) => database('events').where({ id }).first('min_price', 'max_price', 'is_free');

describe('listTicketTypes', () => {
  it('lists all types, with pagination', async () => {
    const { id } = await makeEvent(organizer, {
      ticketTypes: Array.from({ length: 25 }, (_, i) => ({ name: `T${i}` })),
    });
    const { body } = await anonymous.get(`/api/events/${id}/ticket-types`).expect(200);
    expect(body.data).toHaveLength(25);
    expect(body.pagination).toEqual({ page: 1, limit: 100, total: 25, pages: 1, totalCapped: false });
    const second = await anonymous.get(`/api/events/${id}/ticket-types?limit=10&page=3`).expect(200);
    expect((second.body.data as TestTicketType[]).map(({ name }) => name)).toEqual(['T20', 'T21', 'T22', 'T23', 'T24']);
  });

  it('404 for another organizer’s draft', async () => {
    const { id } = await makeEvent(organizer, { status: 'draft' });
    await as(another).get(`/api/events/${id}/ticket-types`).expect(404);
    expect(await typesOf(id)).toHaveLength(1);
  });
});

describe('createTicketType', () => {
  it('201: as documented', async () => {
    const { id } = await makeEvent(organizer, { totalTickets: 10, basePrice: '8' });
    const salesStart = inHours(1);
    const { body } = await add(id, {
      name: ' Balcony ',
      description: 'Up',
      price: '40',
      quantity: 50,
      salesStart,
      minPerBooking: 2,
      maxPerBooking: 4,
    }).expect(201);
    expect(body.data).toEqual({
      id: expect.any(Number),
      eventId: id,
      name: 'Balcony',
      description: 'Up',
      price: '40.00',
      quantity: 50,
      // Not on sale yet.
      quantityAvailable: 0,
      salesStart,
      salesEnd: null,
      minPerBooking: 2,
      maxPerBooking: 4,
    });
    expect(await database('ticket_type_inventory').where({ ticket_type_id: body.data.id }).first()).toMatchObject({
      capacity: 50,
      sold: 0,
      held: 0,
    });
    expect(await pricesOf(id)).toMatchObject({ min_price: '8.000', max_price: '40.000' });
  });

  it('has the price of the event by default', async () => {
    const { id } = await makeEvent(organizer, { basePrice: '8' });
    const { body } = await add(id, { name: 'Same' }).expect(201);
    expect(body.data).toMatchObject({ price: '8.00', description: null, quantity: null, quantityAvailable: null });
  });

  it('changes the version of the event', async () => {
    const { id } = await makeEvent(organizer);
    const { headers } = await anonymous.get(`/api/events/${id}`).expect(200);
    await add(id, { name: 'More' }).expect(201);
    await as(organizer).put(`/api/events/${id}`).set('If-Match', headers.etag!).send({ title: 'x' }).expect(412);
  });

  it('creates one type for a repeated request', async () => {
    const { id } = await makeEvent(organizer);
    const first = await add(id, { name: 'Once' }).set('Idempotency-Key', 'type').expect(201);
    const second = await add(id, { name: 'Once' }).set('Idempotency-Key', 'type').expect(201);
    expect(second.body).toEqual(first.body);
    expect(await typesOf(id)).toHaveLength(2);
  });

  it('offers its tickets to the waitlist first', async () => {
    const event = await makeEvent(organizer, { totalTickets: 5, ticketTypes: [{ name: 'A', quantity: 1 }] });
    await book(event, 1).expect(201);
    await as(another).post('/api/waitlist/join').send({ eventId: event.id, ticketsCount: 2 }).expect(201);
    const { body } = await add(event.id, { name: 'B', quantity: 3 }).expect(201);
    expect(body.data.quantityAvailable).toBe(1);
    expect(await database('waitlist_entries').where({ event_id: event.id }).first()).toMatchObject({
      status: 'offered',
      offered_ticket_type_id: body.data.id,
    });
  });

  it.each([
    ['no name', {}, 'name'],
    ['a fraction of a ticket', { name: 'A', quantity: 0.5 }, 'quantity'],
    ['too many decimals', { name: 'A', price: '0.005' }, 'price'],
    ['an end of sale before its start', { name: 'A', salesStart: inHours(2), salesEnd: inHours(1) }, 'salesEnd'],
    ['a maximum under the minimum', { name: 'A', minPerBooking: 2, maxPerBooking: 1 }, 'maxPerBooking'],
    ['a count of tickets', { name: 'A', quantityAvailable: 5 }, 'quantityAvailable'],
  ])('400 for %s', async (_what, fields, path) => {
    const { id } = await makeEvent(organizer);
    const { body } = await add(id, fields).expect(400);
    expect(body.error.details).toEqual([expect.objectContaining({ path })]);
    expect(await typesOf(id)).toHaveLength(1);
  });

  it('400 for the 101st type', async () => {
    const { id } = await makeEvent(organizer, {
      ticketTypes: Array.from({ length: 100 }, (_, i) => ({ name: `T${i}` })),
    });
    await add(id, { name: 'One more' }).expect(400);
  });

  it('refuses everybody except the organizer and admins', async () => {
    const { id } = await makeEvent(organizer);
    const path = `/api/events/${id}/ticket-types`;
    await anonymous.post(path).send({ name: 'A' }).expect(401);
    await as(customer).post(path).send({ name: 'A' }).expect(403);
    await as(another).post(path).send({ name: 'A' }).expect(403);
    expect(await typesOf(id)).toHaveLength(1);
  });
});

describe('updateTicketType', () => {
  it('changes only the given fields', async () => {
    const event = await makeEvent(organizer, {
      ticketTypes: [
        { name: 'A', price: 5, quantity: 10, description: 'd', maxPerBooking: 3 },
        { name: 'B', price: 9 },
      ],
    });
    const { body } = await change(event, { name: 'C', price: '3', description: '', maxPerBooking: null }).expect(200);
    expect(body.data).toMatchObject({ name: 'C', price: '3.00', description: null, quantity: 10, maxPerBooking: null });
    expect(await pricesOf(event.id)).toMatchObject({ min_price: '3.000', max_price: '9.000', is_free: false });
  });

  it('keeps the default type equal to the event until it gets its own price or quantity', async () => {
    const event = await makeEvent(organizer, { totalTickets: 5, basePrice: 4 });
    await change(event, { name: 'Entry', quantity: 5, price: '4.00' }).expect(200);
    await as(organizer).put(`/api/events/${event.id}`).send({ totalTickets: 6, basePrice: 5 }).expect(200);
    expect(await typesOf(event.id)).toEqual([expect.objectContaining({ name: 'Entry', quantity: 6, price: '5.00' })]);
    await change(event, { quantity: 3 }).expect(200);
    await as(organizer).put(`/api/events/${event.id}`).send({ totalTickets: 9, basePrice: 7 }).expect(200);
    expect(await typesOf(event.id)).toEqual([expect.objectContaining({ quantity: 3, price: '5.00' })]);
  });

  it('409 CAPACITY_BELOW_BOOKED below the booked tickets', async () => {
    const event = await makeEvent(organizer, { ticketTypes: [{ name: 'A', quantity: 10 }] });
    await book(event, 4).expect(201);
    const { body } = await change(event, { quantity: 3, name: 'Smaller' }).expect(409);
    expect(body.error.code).toBe('CAPACITY_BELOW_BOOKED');
    expect((await typesOf(event.id))[0]).toMatchObject({ name: 'A', quantity: 10, quantityAvailable: 6 });
    await change(event, { quantity: 4 }).expect(200);
  });

  it('offers more tickets to the waitlist first', async () => {
    const event = await makeEvent(organizer, { ticketTypes: [{ name: 'A', quantity: 1 }] });
    await book(event, 1).expect(201);
    await as(another).post('/api/waitlist/join').send({ eventId: event.id }).expect(201);
    const { body } = await change(event, { quantity: 2 }).expect(200);
    expect(body.data.quantityAvailable).toBe(0);
    expect(await database('waitlist_entries').where({ event_id: event.id }).first()).toMatchObject({
      status: 'offered',
    });
  });

  it.each([
    ['an empty body', {}],
    ['a maximum under the stored minimum', { maxPerBooking: 1 }],
    ['an end of sale before the stored start', { salesEnd: inHours(1) }],
    ['an unknown field', { sold: 1 }],
    ['too many decimals', { price: '1.001' }],
  ])('400 for %s', async (_what, fields) => {
    const event = await makeEvent(organizer, {
      ticketTypes: [{ name: 'A', minPerBooking: 2, salesStart: inHours(2) }],
    });
    await change(event, fields).expect(400);
  });

  it('404 for another event’s type', async () => {
    const event = await makeEvent(organizer);
    const other = await makeEvent(organizer);
    await as(organizer)
      .put(`/api/events/${event.id}/ticket-types/${other.ticketTypes[0]!.id}`)
      .send({ name: 'x' })
      .expect(404);
    await as(organizer).put(`/api/events/${event.id}/ticket-types/2147483648`).send({ name: 'x' }).expect(400);
  });
});

describe('deleteTicketType', () => {
  it('204: withdraws the type and its price', async () => {
    const event = await makeEvent(organizer, {
      ticketTypes: [
        { name: 'A', price: 5 },
        { name: 'B', price: 0 },
      ],
    });
    await remove(event).expect(204);
    expect(await typesOf(event.id)).toEqual([expect.objectContaining({ name: 'B' })]);
    expect(await pricesOf(event.id)).toMatchObject({ max_price: '0.000', is_free: true });
    await remove(event).expect(404);
    await book(event, 1).expect(400);
  });

  it('409 EVENT_HAS_BOOKINGS while its tickets are booked', async () => {
    const event = await makeEvent(organizer, { ticketTypes: [{ name: 'A' }, { name: 'B' }] });
    const { body } = await book(event, 1).expect(201);
    const refused = await remove(event).expect(409);
    expect(refused.body.error.code).toBe('EVENT_HAS_BOOKINGS');
    await as(customer).put(`/api/bookings/${body.data.id}/cancel`).send({}).expect(200);
    await remove(event).expect(204);
  });

  it('400 for the last type', async () => {
    const event = await makeEvent(organizer);
    const { body } = await remove(event).expect(400);
    expect(body.error.message).toMatch(/at least one/);
  });
});

it('409 EVENT_CLOSED for a closed event', async () => {
  const event = await makeEvent(organizer, { ticketTypes: [{ name: 'A' }, { name: 'B' }] });
  await database('events')
    .where({ id: event.id })
    .update({ starts_at: new Date(Date.now() - 2 * HOUR_MS), ends_at: new Date(Date.now() - HOUR_MS) });
  for (const request of [add(event.id, { name: 'C' }), change(event, { name: 'C' }), remove(event)]) {
    const { body } = await request.expect(409);
    expect(body.error.code).toBe('EVENT_CLOSED');
  }
});

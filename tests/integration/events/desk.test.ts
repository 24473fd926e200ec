import { database } from '../../../src/database';
import { anOpenEvent, booked, registerUser, theOrganizer, type TestUser } from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { inHours, makeEvent } from '../../helpers/events';
import { aPaidOrder, anUnpaidOrderAt, paid } from '../../helpers/orders';
import { definingSeats, seatMapOf } from '../../helpers/seats';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

const parsedCsv = (text: string): string[][] =>
  text
    .replace(/^\uFEFF/, '')
    .trim()
    .split('\n')
    .map((line) => line.split(','));

describe('duplicateEvent', () => {
  it('copies fields, ticket types, their order and seats into a draft at another time, and nothing else', async () => {
    const event = await makeEvent(organizer, {
      title: 'Quartets',
      startDate: inHours(100),
      endDate: inHours(103),
      timezone: 'Europe/Vienna',
      tags: ['strings'],
      currency: 'EUR',
      totalTickets: null,
      refundPolicy: { fullUntilHours: 48, thenPercent: 50 },
      ticketTypes: [
        { name: 'Circle', price: '20.00', salesStart: inHours(-5), salesEnd: inHours(90) },
        { name: 'Stalls', price: '30.00', maxPerBooking: 6 },
      ],
    });
    const [circle, stalls] = event.ticketTypes.map(({ id }) => id);
    const path = `/api/events/${event.id}`;
    const row = { name: 'A', seats: ['1', '2', null, '3'], accessible: ['1'], companion: ['2'], blocked: ['3'] };
    const sections = [{ name: 'Stalls', ticketTypeId: stalls, rows: [row] }];
    await definingSeats(organizer, event.id, sections).expect(201);
    await as(organizer)
      .put(`${path}/ticket-types`)
      .send({ ticketTypeIds: [stalls, circle] })
      .expect(200);
    await booked(await registerUser(), event.id, [{ ticketTypeId: stalls!, quantity: 1 }]);
    const startDate = inHours(300);
    const copied = await as(organizer).post(`${path}/duplicate`).send({ startDate }).expect(201);
    const copy = (copied.body as { data: typeof event }).data;
    const original = (await as(organizer).call('GET /api/events/{id}', { path: { id: event.id } })).data;
    const laterMs = Date.parse(startDate) - Date.parse(event.startDate);
    const later = (time: string | null) => time && new Date(Date.parse(time) + laterMs).toISOString();
    const changing = { createdAt: '', updatedAt: '', availableTickets: 0, minPrice: null };
    const { id, status, ticketTypes, ...fields } = copy;
    const { id: _id, status: _status, ticketTypes: types, ...expected } = original;
    expect(status).toBe('draft');
    expect(id).not.toBe(event.id);
    expect({ ...fields, ...changing }).toEqual({
      ...expected,
      ...changing,
      startDate,
      endDate: later(event.endDate),
    });
    expect(ticketTypes.map(({ name }) => name)).toEqual(['Stalls', 'Circle']);
    expect(ticketTypes.map(({ id: _id, eventId: _e, quantityAvailable: _q, ...rest }) => rest)).toEqual(
      types.map(({ id: _id, eventId: _e, quantityAvailable: _q, salesStart, salesEnd, ...rest }) => ({
        ...rest,
        salesStart: later(salesStart),
        salesEnd: later(salesEnd),
      })),
    );
    const seats = (await as(organizer).call('GET /api/events/{id}/seats', { path: { id } })).data.sections[0]!.rows[0]!
      .seats;
    expect(seats.map(({ number, position, accessible, status: seat }) => [number, position, accessible, seat])).toEqual(
      [
        ['1', 1, true, 'free'],
        ['2', 2, false, 'free'],
        ['3', 4, false, 'blocked'],
      ],
    );
    expect(seats[1]!.companionOf).toBe(seats[0]!.id);
    expect((await seatMapOf(event.id)).counts.held).toBe(1);
    await as(organizer).put(`/api/events/${id}`).send({ status: 'published' }).expect(200);
    await as(organizer)
      .post(`${path}/duplicate`)
      .send({ startDate: inHours(-1) })
      .expect(400);
    const admin = await registerUser({ role: 'admin' });
    const again = await as(admin).post(`${path}/duplicate`).send({ startDate, title: 'Trios' }).expect(201);
    expect((again.body as { data: typeof event }).data).toMatchObject({
      title: 'Trios',
      organizerId: organizer.user.id,
    });
  });
});

describe('sortTicketTypes', () => {
  it('wants each type of the event once, and new types come last', async () => {
    const types = ['A', 'B', 'C'].map((name) => ({ name, price: '1.00' }));
    const event = await anOpenEvent({ ticketTypes: types });
    const [a, b, c] = event.ticketTypes.map(({ id }) => id);
    const path = `/api/events/${event.id}/ticket-types`;
    const sort = (ticketTypeIds: unknown[]) => as(organizer).put(path).send({ ticketTypeIds });
    for (const ids of [[a, b], [a, b, b], [a, b, c, 2_000_000_000], [a, b, 2_000_000_000], []])
      await sort(ids).expect(400);
    await sort([c, a, b]).expect(200);
    await as(organizer).post(path).send({ name: 'D', price: '1.00' }).expect(201);
    const { data } = await as(organizer).call('GET /api/events/{id}', { path: { id: event.id } });
    expect(data.ticketTypes.map(({ name }) => name)).toEqual(['C', 'A', 'B', 'D']);
  });
});

describe('listEventBookings', () => {
  it('lists free and priced bookings of the event only, newest first, by status and search', async () => {
    const event = await anOpenEvent({ basePrice: '10.00' });
    const zoe = await registerUser();
    await database('users').where('id', zoe.user.id).update({ first_name: 'Zoë', last_name: 'Straße' });
    const first = await booked(zoe, event.id);
    const second = await anUnpaidOrderAt(event);
    await paid(second);
    await anUnpaidOrderAt(await anOpenEvent({ basePrice: '10.00' }));
    const referencesOf = async (query: string) => {
      const { body } = await as(organizer).get(`/api/events/${event.id}/bookings${query}`).expect(200);
      return (body as { data: { reference: string }[] }).data.map(({ reference }) => reference);
    };
    expect(await referencesOf('')).toEqual([second.booking.reference, first.reference]);
    expect(await referencesOf('?status=confirmed')).toEqual([second.booking.reference]);
    expect(await referencesOf(`?search=${encodeURIComponent('strasse ZOE')}`)).toEqual([first.reference]);
    expect(await referencesOf(`?search=${second.booking.reference.toLowerCase()}`)).toEqual([second.booking.reference]);
    expect(await referencesOf(`?search=${first.order!.orderNumber}`)).toEqual([first.reference]);
  });
});

describe('exportEventOrders', () => {
  it('has the orders of the event with what was paid and refunded', async () => {
    const { orderId, event } = await aPaidOrder();
    await anUnpaidOrderAt(await anOpenEvent({ basePrice: '10.00' }));
    await as(organizer).post(`/api/orders/${orderId}/refund`).send({ amount: '5.00' }).expect(200);
    const { text } = await as(organizer).get(`/api/events/${event.id}/orders.csv`).expect(200);
    const [head, ...rows] = parsedCsv(text);
    const [total, gross, refunded, net] = ['Total', 'Gross', 'Refunded', 'Net'].map((name) => head!.indexOf(name));
    expect(rows.map((cells) => [cells[total!], cells[gross!], cells[refunded!], cells[net!]])).toEqual([
      ['20.00', '20.00', '5.00', '15.00'],
    ]);
  });
});

describe('the text for a cover', () => {
  it('belongs to the event, and an empty one is none', async () => {
    const event = await anOpenEvent({ coverImageAlt: 'Three players on a quay' });
    expect(event.coverImageAlt).toBe('Three players on a quay');
    const { body } = await as(organizer).put(`/api/events/${event.id}`).send({ coverImageAlt: '' }).expect(200);
    expect((body as { data: typeof event }).data.coverImageAlt).toBeNull();
  });
});

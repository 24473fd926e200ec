import { database } from '../../../src/database';
import { registerUser } from '../../helpers/accounts';
import {
  anOpenEvent,
  booked,
  booking,
  cancelling,
  codeOf,
  inventoryOf,
  messagesAbout,
  moveEvent,
  registerUsers,
  theOrganizer,
  type TestBooking,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { inHours } from '../../helpers/events';

describe('createBooking', () => {
  describe('201', () => {
    it('confirms a free booking, with its rows and its message', async () => {
      const event = await anOpenEvent({ totalTickets: 10, venueName: 'Pier 7' });
      const user = await registerUser();
      const { body, headers } = await booking(user, event.id, 2).set('X-Request-Id', 'a-request-of-mine').expect(201);
      const [type] = event.ticketTypes;
      expect(body.data).toMatchObject({
        reference: expect.stringMatching(/^[34679CDFGHJKMNPQRTVWXY]{10}$/) as unknown,
        userId: user.user.id,
        eventId: event.id,
        event: {
          id: event.id,
          title: event.title,
          venueName: 'Pier 7',
          status: 'published',
          startDate: event.startDate,
        },
        ticketsCount: 2,
        items: [{ ticketTypeId: type!.id, name: 'General admission', quantity: 2, unitPrice: '0.00' }],
        seats: [],
        status: 'confirmed',
        totalAmount: '0.00',
        discountAmount: '0.00',
        currency: 'USD',
        expiresAt: null,
        order: null,
        payment: null,
        tickets: [{ status: 'valid' }, { status: 'valid' }],
        cancelledAt: null,
      });
      expect(headers['idempotent-replayed']).toBeUndefined();
      const { id } = body.data as TestBooking;
      expect(await database('bookings').where({ id }).first()).toMatchObject({
        status: 'confirmed',
        tickets_count: 2,
        is_exclusive: true,
      });
      expect(await database('booking_items').where('booking_id', id)).toMatchObject([
        { quantity: 2, unit_price: '0.000' },
      ]);
      expect(await inventoryOf(event.id)).toEqual({ capacity: 10, sold: 2, held: 0, waiting: 0 });
      expect(
        await database('outbox_messages').whereRaw(`payload @> ?`, [JSON.stringify({ bookingId: id })]),
      ).toMatchObject([{ topic: 'booking.confirmed', status: 'new', request_id: 'a-request-of-mine' }]);
    });

    it('holds a priced booking for fifteen minutes', async () => {
      const event = await anOpenEvent({ basePrice: '12.50', totalTickets: 10 });
      const made = await booked(await registerUser(), event.id, 3);
      expect(made).toMatchObject({ status: 'pending', totalAmount: '37.50' });
      const row = (await database('bookings').where('id', made.id).first()) as { expires_at: Date; created_at: Date };
      expect(row.expires_at.getTime() - row.created_at.getTime()).toBe(15 * 60_000);
      expect(made.expiresAt).toBe(row.expires_at.toISOString());
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 3 });
      expect(await messagesAbout({ bookingId: made.id })).toEqual([]);
    });

    it('accepts items of several types, and merges items of one type', async () => {
      const ticketTypes = [
        { name: 'Stalls', price: '20' },
        { name: 'Box', price: '50.5' },
      ];
      const event = await anOpenEvent({ ticketTypes });
      const [stalls, box] = event.ticketTypes;
      const made = await booked(await registerUser(), event.id, [
        { ticketTypeId: stalls!.id, quantity: 1 },
        { ticketTypeId: box!.id, quantity: 1 },
        { ticketTypeId: stalls!.id, quantity: 2 },
      ]);
      expect(made).toMatchObject({ ticketsCount: 4, totalAmount: '110.50' });
      expect(made.items).toEqual([
        { ticketTypeId: stalls!.id, name: 'Stalls', quantity: 3, unitPrice: '20.00' },
        { ticketTypeId: box!.id, name: 'Box', quantity: 1, unitPrice: '50.50' },
      ]);
    });

    it.each([
      ['JPY', '1500', '3000', '1500'],
      ['KWD', '1.125', '2.250', '1.125'],
      ['USD', 0.1, '0.20', '0.10'],
    ])('shows %s with its decimals', async (currency, basePrice, totalAmount, unitPrice) => {
      const event = await anOpenEvent({ currency, basePrice });
      expect(await booked(await registerUser(), event.id, 2)).toMatchObject({
        currency,
        totalAmount,
        items: [{ unitPrice }],
      });
    });

    it('adds tax to net prices', async () => {
      const event = await anOpenEvent({ basePrice: '9.99', taxRate: 8.25, taxInclusive: false });
      // 29.97 + 2.472525 tax, rounded.
      expect(await booked(await registerUser(), event.id, 3)).toMatchObject({ totalAmount: '32.44' });
    });

    it('lets organizers book, even their own events', async () => {
      const event = await anOpenEvent();
      expect(await booked(await theOrganizer(), event.id)).toMatchObject({ status: 'confirmed' });
    });

    it('accepts a form, where numbers are text', async () => {
      const event = await anOpenEvent();
      await as(await registerUser())
        .post('/api/bookings')
        .type('form')
        .send({ eventId: event.id, ticketsCount: '2' })
        .expect(201);
    });

    it('accepts several bookings by one user if the event allows it', async () => {
      const event = await anOpenEvent({ allowMultipleBookings: true, maxPerUser: 3 });
      const user = await registerUser();
      await booked(user, event.id, 2);
      await booked(user, event.id, 1);
      await booking(user, event.id, 1).expect(400);
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 3 });
    });

    it('lets a user book again after each cancellation', async () => {
      const event = await anOpenEvent({ totalTickets: 1 });
      const user = await registerUser();
      for (let i = 0; i < 3; i += 1) await cancelling(user, (await booked(user, event.id)).id).expect(200);
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
    });

    it('sells an event without a limit', async () => {
      const event = await anOpenEvent({ totalTickets: null });
      for (const user of await registerUsers(3)) await booked(user, event.id, 10);
      expect(await inventoryOf(event.id)).toMatchObject({ capacity: null, sold: 30 });
    });
  });

  describe('400', () => {
    it.each([
      ['a fraction of a ticket', { ticketsCount: 0.5 }],
      ['none', { ticketsCount: 0 }],
      ['a negative number', { ticketsCount: -1 }],
      ['more than ten', { ticketsCount: 11 }],
      ['a number in quotes', { ticketsCount: '2' }],
      ['neither count nor items', {}],
      ['both count and items', { ticketsCount: 1, items: [{ ticketTypeId: 1, quantity: 1 }] }],
      ['no items', { items: [] }],
      ['an item with a fraction', { items: [{ ticketTypeId: 1, quantity: 1.5 }] }],
      ['an item without a type', { items: [{ quantity: 1 }] }],
      ['an id out of range', { eventId: 2_147_483_648, ticketsCount: 1 }],
      ['an id of the wrong type', { eventId: '1', ticketsCount: 1 }],
      ['a list in place of an id', { eventId: [1], ticketsCount: 1 }],
      ['an unknown field', { ticketsCount: 1, price: 0 }],
      ['an unknown ticket type', { items: [{ ticketTypeId: 2_000_000_000, quantity: 1 }] }],
    ])('%s', async (_what, body) => {
      const event = await anOpenEvent();
      const response = await as(await registerUser())
        .post('/api/bookings')
        .send({ eventId: event.id, ...body })
        .expect(400);
      expect(codeOf(response)).toBe('VALIDATION_ERROR');
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 0 });
    });

    it('names an unknown field', async () => {
      const response = await as(await registerUser())
        .post('/api/bookings')
        .send({ eventId: 1, ticketsCount: 1, seats: 3 })
        .expect(400);
      expect(response.body.error.details).toEqual([expect.objectContaining({ path: 'seats' })]);
    });

    it('more than ten tickets in several items', async () => {
      const event = await anOpenEvent();
      const lines = [5, 6].map((quantity) => ({ ticketTypeId: event.ticketTypes[0]!.id, quantity }));
      expect(codeOf(await booking(await registerUser(), event.id, lines).expect(400))).toBe('VALIDATION_ERROR');
    });

    it('a count without items for an event with several types', async () => {
      const event = await anOpenEvent({ ticketTypes: [{ name: 'A' }, { name: 'B' }] });
      expect(codeOf(await booking(await registerUser(), event.id, 1).expect(400))).toBe('TICKET_TYPE_REQUIRED');
    });

    it('outside a type’s minimum and maximum', async () => {
      const event = await anOpenEvent({ ticketTypes: [{ name: 'A', minPerBooking: 2, maxPerBooking: 3 }] });
      const user = await registerUser();
      for (const count of [1, 4]) await booking(user, event.id, count).expect(400);
      await booked(user, event.id, 3);
    });

    it('another event’s type', async () => {
      const [event, other] = [await anOpenEvent(), await anOpenEvent()];
      await booking(await registerUser(), event.id, [{ ticketTypeId: other.ticketTypes[0]!.id, quantity: 1 }]).expect(
        400,
      );
    });

    it('a total too large for its column', async () => {
      const event = await anOpenEvent({ basePrice: '9999999999.99', taxRate: 20, taxInclusive: false });
      expect(codeOf(await booking(await registerUser(), event.id, 10).expect(400))).toBe('VALIDATION_ERROR');
    });

    it('an empty or too long key', async () => {
      const user = await registerUser();
      for (const key of ['', 'k'.repeat(256)]) {
        const response = await booking(user, 1).set('Idempotency-Key', key).expect(400);
        expect(codeOf(response)).toBe('VALIDATION_ERROR');
      }
    });
  });

  it('401 without a token', async () => {
    await anonymous.post('/api/bookings').send({ eventId: 1, ticketsCount: 1 }).expect(401);
  });

  describe('404', () => {
    it('an event that does not exist, or no longer exists', async () => {
      const event = await anOpenEvent();
      await as(await theOrganizer())
        .delete(`/api/events/${event.id}`)
        .expect(204);
      const user = await registerUser();
      for (const eventId of [event.id, 2_000_000_000])
        expect(codeOf(await booking(user, eventId).expect(404))).toBe('NOT_FOUND');
    });
  });

  describe('409', () => {
    it('EVENT_NOT_BOOKABLE: a draft of the user, or an event that is cancelled, completed or over', async () => {
      const draft = await anOpenEvent({ status: 'draft' });
      const cancelled = await anOpenEvent();
      await as(await theOrganizer())
        .post(`/api/events/${cancelled.id}/cancel`)
        .send({ confirm: true })
        .expect(202);
      const over = await anOpenEvent();
      await moveEvent(over.id, -3);
      const completed = await anOpenEvent();
      await moveEvent(completed.id, -3);
      await database('events').where('id', completed.id).update({ status: 'completed', completed_at: new Date() });
      const user = await registerUser();
      expect(codeOf(await booking(await theOrganizer(), draft.id).expect(409))).toBe('EVENT_NOT_BOOKABLE');
      for (const { id } of [cancelled, over, completed]) {
        expect(codeOf(await booking(user, id).expect(409))).toBe('EVENT_NOT_BOOKABLE');
      }
    });

    it('SALES_CLOSED: before and after the sale, and once the event starts', async () => {
      const window = (salesStart: number, salesEnd: number) => ({
        ticketTypes: [{ name: 'A', salesStart: inHours(salesStart), salesEnd: inHours(salesEnd) }],
      });
      const early = await anOpenEvent(window(1, 2));
      const late = await anOpenEvent(window(-2, -1));
      const running = await anOpenEvent();
      await moveEvent(running.id, -1);
      const user = await registerUser();
      for (const { id } of [early, late, running])
        expect(codeOf(await booking(user, id).expect(409))).toBe('SALES_CLOSED');
    });

    it('DUPLICATE_BOOKING, naming the other booking', async () => {
      const event = await anOpenEvent();
      const user = await registerUser();
      const made = await booked(user, event.id);
      const { body } = await booking(user, event.id).expect(409);
      expect(body.error).toMatchObject({
        code: 'DUPLICATE_BOOKING',
        details: [{ path: 'eventId', bookingId: made.id, reference: made.reference }],
      });
    });

    it('SOLD_OUT, with the number left', async () => {
      const event = await anOpenEvent({ totalTickets: 5 });
      const [a, b] = await registerUsers(2);
      await booked(a!, event.id, 3);
      const { body } = await booking(b!, event.id, 3).expect(409);
      expect(body.error).toMatchObject({ code: 'SOLD_OUT', details: [{ available: 2 }] });
      await booked(b!, event.id, 2);
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 5 });
    });
  });

  it('creates one booking for twenty concurrent requests of one user', async () => {
    const event = await anOpenEvent();
    const user = await registerUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => booking(user, event.id)));
    const [made, ...others] = answers.sort((a, b) => a.status - b.status);
    expect(made!.status).toBe(201);
    const { id, reference } = made!.body.data as TestBooking;
    for (const { body } of others)
      expect(body.error).toMatchObject({ code: 'DUPLICATE_BOOKING', details: [{ bookingId: id, reference }] });
  });

  it('books A and B while another request books B and A, without a deadlock', async () => {
    const event = await anOpenEvent({
      ticketTypes: [
        { name: 'A', quantity: 40 },
        { name: 'B', quantity: 40 },
      ],
      totalTickets: 80,
    });
    const [a, b] = event.ticketTypes.map(({ id }) => ({ ticketTypeId: id, quantity: 1 }));
    const users = await registerUsers(50);
    const answers = await Promise.all(
      users.map((user, index) => booking(user, event.id, index % 2 ? [a!, b!] : [b!, a!])),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(40).fill(201),
      ...Array<number>(10).fill(409),
    ]);
  });
});

import { database } from '../../../src/database';
import {
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  entryOf,
  inventoryOf,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { bookingOf, expireHold, orderOf, paid, settleMoney, deciding, intentOf } from '../../helpers/orders';
import {
  aHall,
  bookingSeats,
  changingSeats,
  definingSeats,
  seatMapOf,
  seatsByName,
  STALLS,
  takenSeats,
} from '../../helpers/seats';
import type { PricedBooking } from '../../helpers/orders';

let organizer: TestUser;
beforeAll(async () => {
  organizer = await theOrganizer();
});

const quantityOf = async (eventId: number): Promise<number | null> => {
  const { body } = (await anonymous.get(`/api/events/${eventId}`).expect(200)) as { body: { data: TestEvent } };
  return body.data.ticketTypes[0]!.quantity;
};

async function bookSeats(user: TestUser, eventId: number, wanted: Record<string, unknown>): Promise<PricedBooking> {
  const { body } = (await bookingSeats(user, eventId, wanted).expect(201)) as { body: { data: PricedBooking } };
  return body.data;
}

const sat = ({ seats }: PricedBooking): string[] => seats.map(({ row, number }) => `${row}${number}`);

describe('defineSeats', () => {
  describe('201', () => {
    it('defines a seating plan in one request and sets the quantity', async () => {
      const { id: eventId, ticketTypes } = await anOpenEvent({ totalTickets: null });
      const sections = [
        { name: 'Stalls', rows: [{ names: ['A', 'B', 'C', 'D', 'E'], count: 11 }] },
        {
          name: 'Balcony',
          rows: [{ name: 1, seats: [1, 2, null, '3', 'X'], accessible: [1], companion: [2], blocked: ['X'] }],
        },
      ];
      const { body } = await definingSeats(organizer, eventId, sections).expect(201);
      expect(body.data).toMatchObject({
        eventId,
        counts: { free: 58, held: 0, sold: 0, blocked: 1 },
        ticketTypes: [{ id: ticketTypes[0]!.id, quantityAvailable: 58 }],
      });
      const map = await seatMapOf(eventId);
      expect(map).toEqual(body.data);
      expect(map.sections.map(({ name, rows }) => [name, rows.length])).toEqual([
        ['Stalls', 5],
        ['Balcony', 1],
      ]);
      const [one, two, three, x] = map.sections[1]!.rows[0]!.seats;
      expect(one).toMatchObject({ number: '1', position: 1, accessible: true, companionOf: null, status: 'free' });
      expect(two).toMatchObject({ number: '2', position: 2, accessible: false, companionOf: one!.id });
      expect(three).toMatchObject({ number: '3', position: 4 });
      expect(x).toMatchObject({ status: 'blocked' });
      expect(await quantityOf(eventId)).toBe(58);
    });

    it('accepts 20,000 seats, and finds the best seats for many concurrent bookings', async () => {
      const names = Array.from({ length: 400 }, (_, index) => `R${index + 1}`);
      const event = await anOpenEvent({ totalTickets: null });
      await definingSeats(organizer, event.id, [{ name: 'Arena', rows: [{ names, count: 50 }] }]).expect(201);
      const users = await registerUsers(60);
      const answers = await Promise.all(users.map((user) => bookingSeats(user, event.id, { ticketsCount: 4 })));
      expect(answers.map(({ status }) => status)).toEqual(users.map(() => 201));
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 240 });
    });

    it('adds and changes seats, and with `replace` removes the others', async () => {
      const { event, seats } = await aHall();
      const more = [
        {
          name: 'Stalls',
          rows: [
            { name: 'B', seats: ['6', '7'], blocked: ['6'] },
            { name: 'C', count: 2 },
          ],
        },
        { name: 'Balcony', rows: [{ name: 'A', count: 1 }] },
      ];
      await definingSeats(organizer, event.id, more).expect(201);
      const grown = await seatMapOf(event.id);
      expect(
        grown.sections.map(({ name, rows }) => [name, rows.map((row) => `${row.name}${row.seats.length}`)]),
      ).toEqual([
        ['Stalls', ['A6', 'B7', 'C2']],
        ['Balcony', ['A1']],
      ]);
      expect(grown.sections[0]!.rows[1]!.seats.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 8]);
      expect(grown.counts).toMatchObject({ free: 15, blocked: 1 });
      expect((await seatsByName(event.id)).B6).toBe(seats.B6);

      await definingSeats(organizer, event.id, STALLS, { replace: true }).expect(201);
      expect(await seatsByName(event.id)).toEqual(seats);
      expect(await takenSeats(event.id)).toEqual({});
      expect(await quantityOf(event.id)).toBe(12);
    });
  });

  describe('400', () => {
    it.each<[string, unknown, string]>([
      [
        'a type of another event',
        [{ name: 'S', ticketTypeId: 2_000_000_000, rows: [{ name: 'A', count: 1 }] }],
        'sections.0.ticketTypeId',
      ],
      [
        'a duplicate seat',
        [
          {
            name: 'S',
            rows: [
              { name: 'A', count: 1 },
              { name: 'A', count: 1 },
            ],
          },
        ],
        'sections',
      ],
      ['a duplicate number', [{ name: 'S', rows: [{ name: 'A', seats: ['1', 1] }] }], 'sections.0.rows.0.seats'],
      ['an odd mark', [{ name: 'S', rows: [{ name: 'A', count: 1, blocked: ['2'] }] }], 'sections.0.rows.0.blocked'],
      [
        'a lone companion seat',
        [{ name: 'S', rows: [{ name: 'A', count: 1, companion: ['1'] }] }],
        'sections.0.rows.0.companion',
      ],
      ['rows without a name', [{ name: 'S', rows: [{ count: 1 }] }], 'sections.0.rows.0.name'],
      [
        'too large a seating plan',
        Array.from({ length: 3 }, (_, i) => ({
          name: `S${i}`,
          rows: [{ names: Array.from({ length: 50 }, (_row, n) => n), count: 500 }],
        })),
        'sections',
      ],
    ])('refuses %s', async (_what, sections, path) => {
      const { id } = await anOpenEvent();
      const { body } = await definingSeats(organizer, id, sections).expect(400);
      expect(body.error.details).toEqual([expect.objectContaining({ path })]);
      expect((await seatMapOf(id)).sections).toEqual([]);
    });

    it('requires a ticket type if there are several, and a quantity equal to the number of seats', async () => {
      const types = [
        { name: 'Gold', price: 9 },
        { name: 'Tin', price: 1 },
      ];
      const several = await anOpenEvent({ ticketTypes: types });
      await definingSeats(organizer, several.id, STALLS).expect(400);
      const { event } = await aHall();
      const path = `/api/events/${event.id}/ticket-types/${event.ticketTypes[0]!.id}`;
      await as(organizer).put(path).send({ quantity: 13 }).expect(400);
      await as(organizer).put(path).send({ quantity: 12, name: 'Seat' }).expect(200);
    });
  });

  describe('409', () => {
    it('SEAT_TAKEN with the booked seats that would be removed, blocked or repriced', async () => {
      const { event, seats } = await aHall(undefined, { ticketTypes: [{ name: 'Gold', price: 0 }] });
      const user = await registerUser();
      const booking = await bookSeats(user, event.id, { seatIds: [seats.A1] });
      const other = await as(organizer)
        .post(`/api/events/${event.id}/ticket-types`)
        .send({ name: 'Tin', price: 1 })
        .expect(201);
      const harm = [
        changingSeats(organizer, event.id, { seatIds: [seats.A1, seats.A2], blocked: true }),
        changingSeats(organizer, event.id, { seatIds: [seats.A1], ticketTypeId: other.body.data.id as number }),
        as(organizer)
          .delete(`/api/events/${event.id}/seats`)
          .send({ seatIds: [seats.A1] }),
        definingSeats(organizer, event.id, [], { replace: true }),
      ];
      for (const request of harm) {
        const { body } = await request.expect(409);
        expect(body.error).toMatchObject({
          code: 'SEAT_TAKEN',
          details: [{ seatId: seats.A1, row: 'A', number: '1' }],
        });
      }
      expect(await takenSeats(event.id)).toEqual({ A1: 'sold' });
      await cancelling(user, booking.id).expect(200);
      await as(organizer)
        .delete(`/api/events/${event.id}/seats`)
        .send({ seatIds: [seats.A1] })
        .expect(200);
      expect((await bookingOf(user, booking.id)).seats).toEqual(booking.seats);
    });

    it('EVENT_HAS_BOOKINGS if tickets without a seat were issued; EVENT_CLOSED after the end', async () => {
      const event = await anOpenEvent();
      await booked(await registerUser(), event.id);
      expect(codeOf(await definingSeats(organizer, event.id, STALLS))).toBe('EVENT_HAS_BOOKINGS');
      const closed = await anOpenEvent();
      await as(organizer).post(`/api/events/${closed.id}/cancel`).send({ confirm: true }).expect(202);
      expect(codeOf(await definingSeats(organizer, closed.id, STALLS))).toBe('EVENT_CLOSED');
    });
  });

  it('is only for the organizer of the event', async () => {
    const { event } = await aHall();
    await definingSeats(await registerUser(), event.id, STALLS).expect(403);
    await definingSeats(await registerUser({ role: 'organizer' }), event.id, STALLS).expect(403);
    await definingSeats(await registerUser({ role: 'admin' }), event.id, STALLS).expect(201);
  });
});

describe('changeSeats', () => {
  it('blocks and unblocks seats, and offers them to the waitlist first', async () => {
    const { event, seats } = await aHall([{ name: 'Hall', rows: [{ name: 'A', count: 2 }] }]);
    await changingSeats(organizer, event.id, { seatIds: [seats.A2], blocked: true }).expect(200);
    expect(await quantityOf(event.id)).toBe(1);
    const [one, two] = (await registerUsers(2)) as [TestUser, TestUser];
    expect(sat(await bookSeats(one, event.id, { ticketsCount: 1 }))).toEqual(['A1']);
    await joined(two, event.id);
    await changingSeats(organizer, event.id, { seatIds: [seats.A2], blocked: false }).expect(200);
    expect(await entryOf(two, event.id)).toMatchObject({ status: 'offered', offered_count: 1 });
    expect(sat(await bookSeats(two, event.id, { ticketsCount: 1 }))).toEqual(['A2']);
  });

  it('changes the properties of seats', async () => {
    const { event, seats } = await aHall();
    await changingSeats(organizer, event.id, { seatIds: [seats.A1], accessible: true }).expect(200);
    const beside = { seatIds: [seats.A2, seats.A3], companionOf: seats.A1 };
    await changingSeats(organizer, event.id, beside).expect(200);
    const row = async () => (await seatMapOf(event.id)).sections[0]!.rows[0]!.seats;
    expect((await row())[2]).toMatchObject({ companionOf: seats.A1 });
    await changingSeats(organizer, event.id, { seatIds: [seats.B1], companionOf: seats.B2 }).expect(400);
    await changingSeats(organizer, event.id, { seatIds: [seats.A1] }).expect(400);
    await changingSeats(organizer, event.id, { seatIds: [2_000_000_000], blocked: true }).expect(400);
    await changingSeats(organizer, event.id, { seatIds: [seats.A1], accessible: false }).expect(200);
    expect((await row())[2]).toMatchObject({ companionOf: null });
  });
});

describe('getSeatMap', () => {
  it('has an ETag that changes with each sale', async () => {
    const { event } = await aHall();
    const path = `/api/events/${event.id}/seats`;
    const { headers } = await anonymous.get(path).expect(200);
    await anonymous.get(path).set('If-None-Match', headers.etag!).expect(304);
    await booked(await registerUser(), event.id);
    await anonymous.get(path).set('If-None-Match', headers.etag!).expect(200);
  });

  it('reveals neither bookers nor another organizer’s draft', async () => {
    const { event } = await aHall(undefined, { status: 'draft' }).catch(() => ({ event: undefined }));
    expect(event).toBeUndefined();
    const draft = await makeEvent(organizer, { status: 'draft' });
    await anonymous.get(`/api/events/${draft.id}/seats`).expect(404);
    await anonymous.get(`/api/events/${draft.id}/seats.svg`).expect(404);
    await as(organizer).get(`/api/events/${draft.id}/seats`).expect(200);
  });
});

describe('drawSeatMap', () => {
  it('draws each seat with a title, escapes names, and has no scripts', async () => {
    const event = await anOpenEvent({ title: '<script>alert("1")</script> & more', totalTickets: null });
    const rows = [{ name: '"A"', seats: ["<x>'", '2', '3', '4'], accessible: ['2'], companion: ['3'], blocked: ['4'] }];
    await definingSeats(organizer, event.id, [{ name: 'A & B\u0001', rows }]).expect(400);
    await definingSeats(organizer, event.id, [{ name: 'A & B', rows }]).expect(201);
    const { text, headers, body } = await anonymous.get(`/api/events/${event.id}/seats.svg`).expect(200);
    const svg = text ?? (body as Buffer).toString();
    expect(headers).toMatchObject({
      'content-type': 'image/svg+xml; charset=utf-8',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect(svg).toContain(
      '<title>A &#38; B, row &#34;A&#34;, seat &#60;x&#62;&#39;: free, General admission, free of charge</title>',
    );
    expect(svg).toContain('seat 2, accessible: free');
    expect(svg).toContain('seat 3, for a companion: free');
    expect(svg).toContain('seat 4: blocked');
    expect(svg).not.toMatch(/<script|on\w+=/);
    expect(svg.match(/role="img"/g)).toHaveLength(4);
    expect(svg).toContain('Not for sale (1)');
  });
});

describe('a late payment', () => {
  const rows = [{ name: 'A', count: 4 }];
  async function lapsed(seatNames: string[]) {
    const { event, seats } = await aHall([{ name: 'Hall', rows }], { basePrice: '10.00' });
    const user = await registerUser();
    const booking = await bookSeats(user, event.id, { seatIds: seatNames.map((name) => seats[name]) });
    const { paymentIntentId } = await intentOf(user, booking.order.id);
    await database('bookings').where('id', booking.id).update({ status: 'expired', expired_at: database.fn.now() });
    await database('orders').where('id', booking.order.id).update({ status: 'expired', expired_at: database.fn.now() });
    const message = { topic: 'booking.expired', payload: { bookingId: booking.id } };
    await database('outbox_messages').insert(message);
    const arrives = async () => {
      await deciding(paymentIntentId, 'succeed').expect(200);
      await settleMoney();
      return bookingOf(user, booking.id);
    };
    return { event, seats, user, booking, arrives };
  }

  it('reacquires the same seats if they are free', async () => {
    const { arrives, event } = await lapsed(['A2', 'A3']);
    const late = await arrives();
    expect(late).toMatchObject({ status: 'confirmed' });
    expect(sat(late)).toEqual(['A2', 'A3']);
    expect(late.tickets.map(({ seat }) => seat?.number)).toEqual(['2', '3']);
    expect(await takenSeats(event.id)).toEqual({ A2: 'sold', A3: 'sold' });
  });

  it('acquires the best other seats if those seats are taken', async () => {
    const { arrives, event, seats } = await lapsed(['A2', 'A3']);
    const other = await registerUser();
    const booking = await bookSeats(other, event.id, { seatIds: [seats.A2] });
    await paid({ owner: other, orderId: booking.order.id });
    const late = await arrives();
    expect(late).toMatchObject({ status: 'confirmed' });
    expect(sat(late)).toEqual(['A3', 'A4']);
    expect(late.tickets.map(({ seat }) => seat?.number)).toEqual(['3', '4']);
  });

  it('is refunded if too few seats are left', async () => {
    const { arrives, event, seats, user, booking } = await lapsed(['A2', 'A3']);
    const other = await registerUser();
    const taken = await bookSeats(other, event.id, { seatIds: [seats.A1, seats.A2, seats.A4] });
    await paid({ owner: other, orderId: taken.order.id });
    expect(await arrives()).toMatchObject({ status: 'expired' });
    expect(await orderOf(user, booking.order.id)).toMatchObject({ refunds: [{ amount: '20.00' }] });
    expect(await takenSeats(event.id)).toEqual({ A1: 'sold', A2: 'sold', A4: 'sold' });
  });

  it('finds its seats released after the schedules have run', async () => {
    const { event, seats } = await aHall([{ name: 'Hall', rows }], { basePrice: '10.00' });
    const user = await registerUser();
    const booking = await bookSeats(user, event.id, { seatIds: [seats.A1] });
    await expireHold(booking.id);
    expect(await takenSeats(event.id)).toEqual({});
    expect(await inventoryOf(event.id)).toMatchObject({ held: 0 });
  });
});

describe('direct writes to the database', () => {
  it.each<[string, (seat: number, other: number) => string, string]>([
    [
      'sell a seat twice',
      (seat, other) => `INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price, seat_ids)
      SELECT b.id, s.ticket_type_id, 1, 0, ARRAY[${seat}] FROM bookings b, seats s WHERE s.id = ${other} AND b.event_id = s.event_id AND
      NOT EXISTS (SELECT FROM booking_items i WHERE i.booking_id = b.id AND i.ticket_type_id = s.ticket_type_id)`,
      'tickets_seat_key',
    ],
    ['block a booked seat', (seat) => `UPDATE seats SET is_blocked = true WHERE id = ${seat}`, 'seats_taken_stay'],
    ['remove a booked seat', (seat) => `UPDATE seats SET removed_at = now() WHERE id = ${seat}`, 'seats_taken_stay'],
    ['delete a seat', (_seat, other) => `DELETE FROM seats WHERE id = ${other}`, 'seats_kept'],
    ['rename a seat', (seat) => `UPDATE seats SET number = 'X' WHERE id = ${seat}`, 'seats_unchanged'],
    ['free a booked seat', (seat) => `DELETE FROM booking_seats WHERE seat_id = ${seat}`, 'booking_seats_follow'],
    [
      'move a booking',
      (seat, other) => `UPDATE booking_items SET seat_ids = ARRAY[${other}] WHERE seat_ids = ARRAY[${seat}]`,
      'booking_items_seated',
    ],
    [
      'move a ticket',
      (seat, other) => `UPDATE tickets SET seat_id = ${other} WHERE seat_id = ${seat}`,
      'tickets_unchanged',
    ],
  ])('cannot %s', async (_what, statement, constraint) => {
    const { event, seats } = await aHall(undefined, { ticketTypes: [{ name: 'A', price: 0 }] });
    await bookSeats(await registerUser(), event.id, { seatIds: [seats.A1] });
    if (constraint === 'tickets_seat_key') {
      const standing = await as(organizer)
        .post(`/api/events/${event.id}/ticket-types`)
        .send({ name: 'B', price: 0 })
        .expect(201);
      const items = [{ ticketTypeId: standing.body.data.id as number, quantity: 1 }];
      await bookSeats(await registerUser(), event.id, { items });
    }
    const refused = database.transaction((trx) => trx.raw(statement(seats.A1!, seats.A2!)).then(() => trx.rollback()));
    await expect(refused).rejects.toMatchObject({ constraint });
  });
});

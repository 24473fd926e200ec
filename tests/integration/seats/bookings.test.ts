import { database } from '../../../src/database';
import { expireHolds } from '../../../src/services/bookings/expire-holds';
import {
  booked,
  cancelling,
  codeOf,
  inventoryOf,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { readPages } from '../../helpers/pdf';
import { aHall, bookingSeats, changingSeats, takenSeats } from '../../helpers/seats';
import { checkingIn, heldBy, transferring } from '../../helpers/tickets';

interface Answer {
  body: { data: TestBooking };
}

async function got(user: TestUser, eventId: number, wanted: Record<string, unknown>): Promise<TestBooking> {
  const { body } = (await bookingSeats(user, eventId, wanted).expect(201)) as Answer;
  return body.data;
}

const names = ({ seats }: TestBooking): string[] => seats.map(({ row, number }) => `${row}${number}`);

const mixed = {
  ticketTypes: [
    { name: 'Seated', price: '20.00', maxPerBooking: 6 },
    { name: 'Standing', price: '5.00', quantity: 10 },
  ],
};

describe('createBooking with numbered seats', () => {
  describe('201', () => {
    it('assigns the chosen seats in order to tickets and attendees', async () => {
      const { event, seats } = await aHall();
      const user = await registerUser();
      const seatIds = [seats.B3!, seats.A2!];
      const attendees = [{ name: 'Ada' }, { name: 'Grace' }];
      const booking = await got(user, event.id, { seatIds, attendees });
      expect(booking).toMatchObject({ status: 'confirmed', ticketsCount: 2, items: [{ quantity: 2 }] });
      expect(names(booking)).toEqual(['B3', 'A2']);
      expect(booking.tickets.map(({ seat, attendeeName }) => [seat!.row + seat!.number, attendeeName])).toEqual([
        ['B3', 'Ada'],
        ['A2', 'Grace'],
      ]);
      expect(booking.seats[0]).toEqual({
        id: seats.B3,
        section: 'Stalls',
        row: 'B',
        number: '3',
        ticketTypeId: event.ticketTypes[0]!.id,
      });
      expect(await takenSeats(event.id)).toEqual({ B3: 'sold', A2: 'sold' });
      const { body } = (await as(user).get(`/api/bookings/${booking.id}`).expect(200)) as Answer;
      expect(body.data).toMatchObject({ seats: booking.seats, tickets: booking.tickets });
    });

    it.each([{ bestAvailable: true }, { bestAvailable: false }, {}])(
      'assigns the best adjacent seats if none are chosen (%j)',
      async (wish) => {
        const { event } = await aHall();
        expect(names(await got(await registerUser(), event.id, { ticketsCount: 2, ...wish }))).toEqual(['A3', 'A4']);
        expect(names(await got(await registerUser(), event.id, { ticketsCount: 6, ...wish }))).toHaveLength(6);
        expect(names(await got(await registerUser(), event.id, { ticketsCount: 2, ...wish }))).toEqual(['A1', 'A2']);
      },
    );

    it('books tickets with and without seats together', async () => {
      const event = await aHallAndStanding();
      const [seated, standing] = event.ticketTypes;
      const booking = await got(await registerUser(), event.id, {
        items: [
          { ticketTypeId: standing!.id, quantity: 1 },
          { ticketTypeId: seated!.id, quantity: 2 },
        ],
        bestAvailable: true,
      });
      expect(names(booking)).toEqual(['A3', 'A4']);
      expect(booking).toMatchObject({ status: 'pending', totalAmount: '45.00' });
      expect(await takenSeats(event.id)).toEqual({ A3: 'held', A4: 'held' });
    });

    it('returns the same response for the same key, including seats', async () => {
      const { event, seats } = await aHall();
      const user = await registerUser();
      const send = () => bookingSeats(user, event.id, { seatIds: [seats.A1] }).set('Idempotency-Key', 'one seat');
      const first = (await send().expect(201)) as Answer;
      const second = (await send().expect(201)) as Answer;
      expect(second.body.data.seats).toEqual(first.body.data.seats);
      expect(second.body.data.tickets).toEqual(first.body.data.tickets);
    });

    it('keeps accessible and companion seats for users who choose them, until no other seats are left', async () => {
      const rows = [{ name: 'A', count: 4, accessible: ['1'], companion: ['2'] }];
      const { event, seats } = await aHall([{ name: 'Hall', rows }]);
      expect(names(await got(await registerUser(), event.id, { ticketsCount: 2 }))).toEqual(['A3', 'A4']);
      expect(names(await got(await registerUser(), event.id, { ticketsCount: 1 }))).toEqual(['A2']);
      expect(names(await got(await registerUser(), event.id, { seatIds: [seats.A1] }))).toEqual(['A1']);
    });
  });

  async function aHallAndStanding() {
    const { event } = await aHall([], mixed);
    const rows = [{ names: ['A', 'B'], count: 6, ticketTypeId: event.ticketTypes[0]!.id }];
    await as(await theOrganizer())
      .post(`/api/events/${event.id}/seats`)
      .send({ sections: [{ name: 'Stalls', rows }] })
      .expect(201);
    return event;
  }

  describe('400', () => {
    it('refuses unknown seats, seats of another event, duplicates, and a wrong number of seats', async () => {
      const { event, seats } = await aHall();
      const other = await aHall();
      const user = await registerUser();
      const [type] = event.ticketTypes;
      const cases: [Record<string, unknown>, string][] = [
        [{ seatIds: [2_000_000_000] }, 'seatIds.0'],
        [{ seatIds: [seats.A1, other.seats.A1] }, 'seatIds.1'],
        [{ seatIds: [seats.A1, seats.A1] }, 'seatIds.1'],
        [{ seatIds: [] }, 'seatIds'],
        [{ seatIds: [seats.A1], ticketsCount: 2 }, 'ticketsCount'],
        [{ seatIds: [seats.A1], items: [{ ticketTypeId: type!.id, quantity: 2 }] }, 'items.0.quantity'],
        [{ seatIds: [seats.A1, seats.A2], items: [{ ticketTypeId: type!.id, quantity: 1 }] }, 'items.0.quantity'],
        [{ seatIds: [seats.A1], bestAvailable: true }, 'seatIds'],
        [{ seatIds: ['A1'] }, 'seatIds.0'],
        [{ bestAvailable: true }, 'ticketsCount'],
        [{ seatIds: Object.values(seats).slice(0, 11) }, 'seatIds'],
      ];
      for (const [wanted, path] of cases) {
        const { body } = (await bookingSeats(user, event.id, wanted).expect(400)) as {
          body: { error: { details: { path: string }[] } };
        };
        expect([wanted, body.error.details.map((detail) => detail.path)]).toEqual([wanted, [path]]);
      }
      expect(await takenSeats(event.id)).toEqual({});
    });

    it('refuses seats of types that were not requested, and seats for types without seats', async () => {
      const event = await aHallAndStanding();
      const [seated, standing] = event.ticketTypes;
      const user = await registerUser();
      const { body } = (await anonymous.get(`/api/events/${event.id}/seats`)) as {
        body: { data: { sections: { rows: { seats: { id: number }[] }[] }[] } };
      };
      const [first] = body.data.sections[0]!.rows[0]!.seats;
      const items = [{ ticketTypeId: standing!.id, quantity: 1 }];
      await bookingSeats(user, event.id, { items, seatIds: [first!.id] }).expect(400);
      await bookingSeats(user, event.id, { items, bestAvailable: true }).expect(400);
      const both = [...items, { ticketTypeId: seated!.id, quantity: 1 }];
      expect((await got(user, event.id, { items: both, seatIds: [first!.id] })).seats).toHaveLength(1);
    });
  });

  describe('409', () => {
    it('SEAT_TAKEN with the seats, before SOLD_OUT and after DUPLICATE_BOOKING', async () => {
      const { event, seats } = await aHall([{ name: 'Hall', rows: [{ name: 'A', count: 3, blocked: ['3'] }] }]);
      const [one, two] = (await registerUsers(2)) as [TestUser, TestUser];
      await got(one, event.id, { seatIds: [seats.A1, seats.A2] });
      const refused = await bookingSeats(two, event.id, { seatIds: [seats.A2, seats.A3] }).expect(409);
      expect(refused.body.error).toMatchObject({
        code: 'SEAT_TAKEN',
        details: [
          {
            path: 'seatIds.0',
            seatId: seats.A2,
            section: 'Hall',
            row: 'A',
            number: '2',
            message: expect.stringContaining('taken'),
          },
          { path: 'seatIds.1', seatId: seats.A3, message: expect.stringContaining('not for sale') },
        ],
      });
      expect(codeOf(await bookingSeats(one, event.id, { seatIds: [seats.A1] }))).toBe('DUPLICATE_BOOKING');
      expect(codeOf(await bookingSeats(two, event.id, { ticketsCount: 1 }))).toBe('SOLD_OUT');
    });

    it('SOLD_OUT while the last free seats are held for an offer, whose owner can choose among them', async () => {
      const { event, seats } = await aHall([{ name: 'Hall', rows: [{ name: 'A', count: 2 }] }]);
      const [holder, waiting, stranger] = (await registerUsers(3)) as [TestUser, TestUser, TestUser];
      const held = await got(holder, event.id, { ticketsCount: 2 });
      await joined(waiting, event.id);
      await cancelling(holder, held.id).expect(200);
      await got(holder, event.id, { seatIds: [seats.A1] });
      expect(codeOf(await bookingSeats(stranger, event.id, { seatIds: [seats.A2] }))).toBe('SOLD_OUT');
      expect(codeOf(await bookingSeats(stranger, event.id, { bestAvailable: true, ticketsCount: 1 }))).toBe('SOLD_OUT');
      expect(codeOf(await changingSeats(await theOrganizer(), event.id, { seatIds: [seats.A2], blocked: true }))).toBe(
        'CAPACITY_BELOW_BOOKED',
      );
      expect(names(await got(waiting, event.id, { seatIds: [seats.A2] }))).toEqual(['A2']);
    });
  });
});

describe('seats of ended bookings', () => {
  it('are free after a cancellation or expiry, but stay on the tickets', async () => {
    const { event, seats } = await aHall(undefined, { basePrice: '10.00' });
    const [one, two] = (await registerUsers(2)) as [TestUser, TestUser];
    const given = await got(one, event.id, { seatIds: [seats.A1] });
    await cancelling(one, given.id).expect(200);
    const lapsed = await got(two, event.id, { seatIds: [seats.A1, seats.A2] });
    expect(await takenSeats(event.id)).toEqual({ A1: 'held', A2: 'held' });
    await database('bookings')
      .where('id', lapsed.id)
      .update({ expires_at: database.raw("created_at + interval '1 ms'") });
    await expireHolds();
    expect(await takenSeats(event.id)).toEqual({});
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
    const { body } = (await as(two).get(`/api/bookings/${lapsed.id}`).expect(200)) as Answer;
    expect(names(body.data)).toEqual(['A1', 'A2']);
  });
});

describe('the seat of a ticket', () => {
  it('is shown in the PDF, at check-in, in transfers, and in the list and CSV of attendees', async () => {
    const { event, seats } = await aHall();
    const organizer = await theOrganizer();
    const user = await registerUser();
    const booking = await got(user, event.id, { seatIds: [seats.B5] });
    const seat = booking.seats[0];
    const pdf = await as(user).get(`/api/bookings/${booking.id}/tickets.pdf`).expect(200);
    expect(readPages(pdf.body as Buffer)[0]!.text).toContain('Stalls, row B, seat 5');
    const holder = await registerUser();
    const transferred = await transferring(user, booking.id, booking.tickets[0]!.id, {
      email: holder.user.email,
    }).expect(200);
    expect(transferred.body.data.seat).toEqual(seat);
    const [held] = await heldBy(holder);
    expect(held!.seat).toEqual(seat);
    const admitted = await checkingIn(organizer, event.id, held!.code).expect(200);
    expect(admitted.body.data.seat).toEqual(seat);
    const door = await as(organizer).get(`/api/events/${event.id}/check-in`).expect(200);
    expect(door.body.data.list[0].seat).toEqual(seat);
    const attendees = await as(organizer).get(`/api/events/${event.id}/attendees`).expect(200);
    expect(attendees.body.data[0].seat).toEqual(seat);
    const csv = await as(organizer).get(`/api/events/${event.id}/attendees.csv`).expect(200);
    expect(csv.text).toContain('Stalls, row B, seat 5');
  });
});

describe('an event without numbered seats', () => {
  it('refuses requests for seats and assigns none', async () => {
    const { event } = await aHall([]);
    const user = await registerUser();
    await bookingSeats(user, event.id, { seatIds: [1] }).expect(400);
    await bookingSeats(user, event.id, { ticketsCount: 1, bestAvailable: true }).expect(400);
    const booking = await booked(user, event.id);
    expect(booking.seats).toEqual([]);
    expect(booking.tickets[0]!.seat).toBeNull();
  });
});

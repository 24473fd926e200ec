import { database } from '../../../src/database';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  booking,
  cancelling,
  codeOf,
  inOneBatch,
  bookCommand,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';
import { payBooking } from '../../helpers/orders';
import { readPages } from '../../helpers/pdf';
import { checkingIn, publicKeys, believed, ticketsOf, type TestTicket } from '../../helpers/tickets';

const aTicket = (fields: Partial<TestTicket> = {}) => ({
  id: expect.any(Number) as number,
  code: expect.stringMatching(/^[A-Z2-7]{143}$/) as string,
  ticketTypeId: expect.any(Number) as number,
  seat: null,
  attendeeName: null,
  status: 'valid',
  checkedInAt: null,
  ...fields,
});

describe('tickets of a booking', () => {
  it('are issued on confirmation, one per attendee, and stay the same', async () => {
    const event = await anOpenEvent({ ticketTypes: [{ name: 'Stalls' }, { name: 'Circle' }] });
    const [stalls, circle] = event.ticketTypes.map(({ id }) => id) as [number, number];
    const user = await registerUser();
    const made = await booked(user, event.id, [
      { ticketTypeId: circle, quantity: 2 },
      { ticketTypeId: stalls, quantity: 1 },
    ]);
    expect(made.tickets).toEqual([
      aTicket({ ticketTypeId: stalls }),
      aTicket({ ticketTypeId: circle }),
      aTicket({ ticketTypeId: circle }),
    ]);
    expect(new Set(made.tickets.map(({ code }) => code)).size).toBe(3);
    expect(await ticketsOf(user, made.id)).toEqual(made.tickets);
    const list = await as(user).get('/api/bookings').expect(200);
    expect(list.body.data[0].tickets).toEqual(made.tickets);
    const rows = await database('tickets').where({ booking_id: made.id }).orderBy('id');
    expect(rows).toMatchObject(made.tickets.map(({ id }) => ({ id, event_id: event.id, status: 'valid' })));
    const keys = await publicKeys();
    expect(made.tickets.map(({ code }) => believed(code, keys)?.id)).toEqual(made.tickets.map(({ id }) => id));
  });

  it('belong to the right booking in a large batch', async () => {
    const event = await anOpenEvent();
    const users = await registerUsers(20);
    const made = (await inOneBatch(
      ...users.map((user, index) => bookCommand(user, event.id, (index % 3) + 1)),
    )) as TestBooking[];
    for (const [index, { id, tickets }] of made.entries()) {
      expect(tickets).toHaveLength((index % 3) + 1);
      const rows = await database('tickets').where({ booking_id: id }).orderBy('id').pluck('id');
      expect(tickets.map((ticket) => ticket.id)).toEqual(rows);
    }
  });

  it('are returned again for the same idempotency key', async () => {
    const event = await anOpenEvent();
    const user = await registerUser();
    const first = await booking(user, event.id, 2).set('Idempotency-Key', 'two tickets').expect(201);
    const again = await booking(user, event.id, 2).set('Idempotency-Key', 'two tickets').expect(201);
    expect(first.body.data.tickets).toEqual([aTicket(), aTicket()]);
    expect(again.body).toEqual(first.body);
    expect(await database('tickets').where({ booking_id: first.body.data.id }).pluck('status')).toHaveLength(2);
  });

  it('are issued only once the booking is paid', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const user = await registerUser();
    const { id, tickets } = await booked(user, event.id, 2);
    expect(tickets).toEqual([]);
    await as(user).get(`/api/bookings/${id}/tickets.pdf`).expect(404);
    await payBooking(id);
    expect(await ticketsOf(user, id)).toEqual([aTicket(), aTicket()]);
  });

  it('are issued when an offer is claimed', async () => {
    const { event, owner, held } = await aFullEvent(1);
    const user = await registerUser();
    await joined(user, event.id);
    await cancelling(owner, held.id).expect(200);
    expect((await booked(user, event.id)).tickets).toEqual([aTicket()]);
  });

  it('are void and have no code once the booking is cancelled', async () => {
    const event = await anOpenEvent();
    const user = await registerUser();
    const made = await booked(user, event.id, 2);
    const { body } = await cancelling(user, made.id).expect(200);
    expect(body.data.tickets).toEqual(
      made.tickets.map(({ id }) => aTicket({ id, status: 'void', code: null as never })),
    );
    await as(user).get(`/api/bookings/${made.id}/tickets.pdf`).expect(404);
    const again = await booked(user, event.id, 1);
    expect(again.tickets[0]!.id).not.toBe(made.tickets[0]!.id);
  });
});

describe('attendees', () => {
  const named = (...names: string[]) => names.map((name) => ({ name, email: `${name}@example.com` }));

  it('are assigned to the tickets in the requested order', async () => {
    const event = await anOpenEvent({ ticketTypes: [{ name: 'Stalls' }, { name: 'Circle' }] });
    const [stalls, circle] = event.ticketTypes.map(({ id }) => id) as [number, number];
    const items = [
      { ticketTypeId: circle, quantity: 1 },
      { ticketTypeId: stalls, quantity: 2 },
      { ticketTypeId: circle, quantity: 2 },
    ];
    const user = await registerUser();
    const { body } = await as(user)
      .post('/api/bookings')
      .send({ eventId: event.id, items, attendees: named('ada', 'bob', 'cleo', 'dan') })
      .expect(201);
    const names = (body.data.tickets as TestTicket[]).map(({ ticketTypeId, attendeeName }) => [
      ticketTypeId,
      attendeeName,
    ]);
    expect(names).toEqual([
      [stalls, 'bob'],
      [stalls, 'cleo'],
      [circle, 'ada'],
      [circle, 'dan'],
      [circle, null],
    ]);
    expect(await database('tickets').where({ attendee_name: 'cleo' }).first('attendee_email')).toEqual({
      attendee_email: 'cleo@example.com',
    });
    const organizer = await theOrganizer();
    const attendees = await as(organizer).get(`/api/events/${event.id}/attendees`).expect(200);
    const lines = (attendees.body as { data: { name: string; email: string }[] }).data;
    expect(lines.map(({ name, email }) => [name, email])).toEqual([
      ...['bob', 'cleo', 'ada', 'dan'].map((name) => [name, `${name}@example.com`]),
      ['Ada Lovelace', user.user.email],
    ]);
  });

  it('are kept until the booking is paid', async () => {
    const event = await anOpenEvent({ basePrice: 10 });
    const user = await registerUser();
    const { body } = await as(user)
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 2, attendees: [{ name: ' "Q" \\ {x} 席 ' }] })
      .expect(201);
    await payBooking(body.data.id as number);
    expect((await ticketsOf(user, body.data.id as number)).map(({ attendeeName }) => attendeeName)).toEqual([
      '"Q" \\ {x} 席',
      null,
    ]);
  });

  it.each([
    ['more attendees than tickets', named('ada', 'bob', 'cleo')],
    ['an attendee without a name', [{ email: 'ada@example.com' }]],
    ['an attendee with an invalid address', [{ name: 'Ada', email: 'ada' }]],
    ['an attendee with an unknown field', [{ name: 'Ada', email: 'ada@example.com', age: 36 }]],
    ['an attendee with a name that is too long', named('a'.repeat(201))],
    ['attendees that are not a list', { name: 'Ada' }],
  ])('400: %s', async (_what, attendees) => {
    const event = await anOpenEvent();
    const response = await as(await registerUser())
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 2, attendees })
      .expect(400);
    expect(codeOf(response)).toBe('VALIDATION_ERROR');
    expect(await database('bookings').where({ event_id: event.id })).toEqual([]);
  });
});

describe('downloadTickets', () => {
  const pdfOf = async (user: TestUser, bookingId: number): Promise<Buffer> => {
    const answer = await as(user).get(`/api/bookings/${bookingId}/tickets.pdf`).buffer().expect(200);
    expect(answer.headers['content-disposition']).toBe(`attachment; filename="tickets-${bookingId}.pdf"`);
    return answer.body as Buffer;
  };

  it('has a page for each ticket, with a QR code that can be checked in once', async () => {
    const event = await anOpenEvent({
      title: 'Kış Konseri “İstanbul”',
      startDate: '2030-06-21T18:00:00Z',
      timezone: 'Europe/Istanbul',
      venueName: 'Pier 4',
      venueAddress: 'Galata Köprüsü',
    });
    const user = await registerUser();
    const { body } = await as(user)
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 2, attendees: [{ name: 'Şükrü Ağaoğlu' }] })
      .expect(201);
    const made = body.data as TestBooking;
    const pages = readPages(await pdfOf(user, made.id));
    expect(pages.map(({ code }) => code)).toEqual(made.tickets.map(({ code }) => code));
    const [first, second] = pages;
    for (const text of [
      'Kış Konseri “İstanbul”',
      'Friday, June 21, 2030 at 9:00 PM (Europe/Istanbul)',
      'Pier 4, Galata Köprüsü',
      'General admission (1 of 2)',
      'Şükrü Ağaoğlu',
      made.reference,
    ])
      expect(first!.text.replaceAll(/\s+/g, ' ')).toContain(text);
    expect(second!.text).toContain('(2 of 2)');
    expect(second!.text).not.toContain('Attendee');

    const organizer = await theOrganizer();
    await checkingIn(organizer, event.id, first!.code).expect(200);
    expect(codeOf(await checkingIn(organizer, event.id, first!.code).expect(409))).toBe('ALREADY_CHECKED_IN');
    await checkingIn(organizer, event.id, second!.code).expect(200);
  });

  it('fits the longest texts', async () => {
    const long = 'Wörter '.repeat(28).trim();
    const event = await anOpenEvent({ title: long, venueName: long, ticketTypes: [{ name: long.slice(0, 100) }] });
    const user = await registerUser();
    const made = await booked(user, event.id);
    const pages = readPages(await pdfOf(user, made.id));
    expect(pages.map(({ code }) => code)).toEqual([made.tickets[0]!.code]);
  });

  it('is only for its owner', async () => {
    const event = await anOpenEvent();
    const made = await booked(await registerUser(), event.id);
    for (const user of [await theOrganizer(), await registerUser(), await registerUser({ role: 'admin' })])
      await as(user).get(`/api/bookings/${made.id}/tickets.pdf`).expect(404);
    await anonymous.get(`/api/bookings/${made.id}/tickets.pdf`).expect(401);
  });
});

describe('getBookingCalendar', () => {
  it('contains the event with the booking’s reference, and removes it once the booking is cancelled', async () => {
    const event = await anOpenEvent({ venueName: 'Pier 4', description: 'Three trios.' });
    const user = await registerUser();
    const made = await booked(user, event.id);
    const calendar = async () => {
      const { text, headers } = await as(user).get(`/api/bookings/${made.id}/calendar.ics`).expect(200);
      expect(headers['content-type']).toBe('text/calendar; charset=utf-8');
      return text.replaceAll('\r\n ', '');
    };
    const text = await calendar();
    for (const part of [
      'METHOD:PUBLISH',
      'SUMMARY:Jazz on the Quay',
      `Booking reference: ${made.reference}`,
      'Three trios.',
    ])
      expect(text).toContain(part);
    await cancelling(user, made.id).expect(200);
    expect(await calendar()).toContain('METHOD:CANCEL');
    await as(await theOrganizer())
      .get(`/api/bookings/${made.id}/calendar.ics`)
      .expect(404);
  });

  it('has an entry per booking, whose sequence never decreases even after booking again', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const entries = async (id: number, path = `/api/bookings/${id}/calendar.ics`) => {
      const { text } = await as(user).get(path).expect(200);
      return { uid: /UID:(.*)\r/.exec(text)![1]!, sequence: Number(/SEQUENCE:(\d+)/.exec(text)![1]) };
    };
    const [first, second] = [await booked(user, event.id), await booked(user, event.id)];
    const [one, two] = [await entries(first.id), await entries(second.id)];
    expect(one.uid).not.toBe(two.uid);
    await cancelling(user, first.id).expect(200);
    const out = await entries(first.id);
    expect(out.uid).toBe(one.uid);
    expect(out.sequence).toBeGreaterThan(one.sequence);
    const again = await entries((await booked(user, event.id)).id);
    expect([one.uid, two.uid]).not.toContain(again.uid);
    // A ticket that was never transferred has the calendar entry of its booking.
    expect(await entries(0, `/api/tickets/${second.tickets[0]!.id}/calendar.ics`)).toEqual(two);
  });
});

import { database } from '../../../src/database';
import {
  anOpenEvent,
  booked,
  cancelling,
  registerUser,
  theOrganizer,
  type TestBooking,
  type TestUser,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { payBooking } from '../../helpers/orders';
import { checkingIn, transferring } from '../../helpers/tickets';

interface Line {
  ticketId: number;
  name: string | null;
  email: string | null;
  orderId: number | null;
}

let organizer: TestUser;
let event: TestEvent;
let seat: number;
let free: number;
let buyer: TestUser;
let paid: TestBooking;
let gone: TestBooking;

async function named(user: TestUser, items: object[], attendees: object[] = []): Promise<TestBooking> {
  const { body } = await as(user).post('/api/bookings').send({ eventId: event.id, items, attendees }).expect(201);
  return body.data as TestBooking;
}

async function listed(query = '', eventId = event.id): Promise<Line[]> {
  const { body } = await as(organizer).get(`/api/events/${eventId}/attendees?${query}`).expect(200);
  return (body as { data: Line[] }).data;
}

const names = async (query: string) => (await listed(query)).map(({ name }) => name);

beforeAll(async () => {
  organizer = await theOrganizer();
  event = await anOpenEvent({
    ticketTypes: [
      { name: 'Seat', price: '12.50' },
      { name: 'Free', price: 0 },
    ],
  });
  [seat, free] = event.ticketTypes.map(({ id }) => id) as [number, number];
  buyer = await registerUser();
  paid = await named(
    buyer,
    [
      { ticketTypeId: seat, quantity: 2 },
      { ticketTypeId: free, quantity: 1 },
    ],
    [{ name: 'Zoë Ångström', email: 'zoe@example.com' }, { name: '50% Müller_1' }],
  );
  await payBooking(paid.id);
  const giver = await registerUser({ email: 'giver@example.net' });
  const given = await named(giver, [{ ticketTypeId: free, quantity: 2 }]);
  await transferring(giver, given.id, given.tickets[0]!.id, { name: 'Řehoř Ţepeş', email: 'r@example.org' }).expect(
    200,
  );
  await checkingIn(organizer, event.id, given.tickets[1]!.code).expect(200);
  gone = await named(await registerUser(), [{ ticketTypeId: free, quantity: 1 }], [{ name: 'Gone' }]);
  await cancelling(organizer, gone.id).expect(200);
});

describe('listAttendees', () => {
  it('has a row for each valid ticket, in the order of booking', async () => {
    const { body } = await as(organizer).get(`/api/events/${event.id}/attendees`).expect(200);
    const order = (await database('orders').where({ booking_id: paid.id }).first('id')) as { id: number };
    expect(body.pagination).toMatchObject({ total: 5, totalCapped: false });
    expect(body.data[0]).toEqual({
      ticketId: expect.any(Number),
      bookingId: paid.id,
      reference: paid.reference,
      orderId: order.id,
      name: 'Zoë Ångström',
      email: 'zoe@example.com',
      isTransferred: false,
      ticketTypeId: seat,
      ticketTypeName: 'Seat',
      seat: null,
      price: '12.50',
      currency: 'USD',
      status: 'valid',
      checkedInAt: null,
      bookedAt: expect.any(String),
    });
    expect(body.data.slice(1)).toMatchObject([
      { name: '50% Müller_1', email: buyer.user.email, price: '12.50', orderId: order.id },
      { name: 'Ada Lovelace', email: buyer.user.email, ticketTypeName: 'Free', price: '0.00' },
      { name: 'Řehoř Ţepeş', email: 'r@example.org', isTransferred: true, orderId: null, checkedInAt: null },
      { name: 'Ada Lovelace', email: 'giver@example.net', isTransferred: false, checkedInAt: expect.any(String) },
    ]);
    expect(JSON.stringify(body.data)).not.toMatch(/[A-Z2-7]{143}|nonce/);
  });

  it('pages', async () => {
    const { body } = await as(organizer).get(`/api/events/${event.id}/attendees?limit=2&page=3`).expect(200);
    expect(body).toMatchObject({ data: [{ email: 'giver@example.net' }], pagination: { pages: 3, total: 5 } });
  });

  it.each([
    ['ticketTypeId', () => `ticketTypeId=${seat}`, ['Zoë Ångström', '50% Müller_1']],
    ['checkedIn=true', () => 'checkedIn=true', ['Ada Lovelace']],
    ['checkedIn=false', () => `checkedIn=false&ticketTypeId=${free}`, ['Ada Lovelace', 'Řehoř Ţepeş']],
    ['status=void', () => 'status=void', ['Gone']],
    ['status=cancelled', () => 'status=cancelled', ['Gone']],
    ['status=confirmed', () => 'status=confirmed&checkedIn=true', ['Ada Lovelace']],
    ['status=transferred', () => 'status=transferred', ['Řehoř Ţepeş']],
    ['a type of another event', () => 'ticketTypeId=2000000000', []],
  ])('filters by %s', async (_what, query, expected) => {
    expect(await names(query())).toEqual(expected);
  });

  it.each(['status=gone', 'checkedIn=perhaps', 'ticketTypeId=x', `search=${'a'.repeat(201)}`])(
    '400: %s',
    async (query) => {
      await as(organizer).get(`/api/events/${event.id}/attendees?${query}`).expect(400);
    },
  );

  const search = (words: string) => names(`search=${encodeURIComponent(words)}`);

  it.each([
    ['zoe', ['Zoë Ångström']],
    ['ÅNGSTRÖM', ['Zoë Ångström']],
    ['angstrom zoë', ['Zoë Ångström']],
    ['REHOR tepes', ['Řehoř Ţepeş']],
    ['zoe@EXAMPLE', ['Zoë Ångström']],
    ['lovelace giver@', ['Ada Lovelace']],
    ['50%', ['50% Müller_1']],
    ['müller_', ['50% Müller_1']],
    ['%', ['50% Müller_1']],
    ['\\', []],
    ['zoe rehor', []],
    ['gone', []],
  ])('finds %j', async (words, expected) => {
    expect(await search(words)).toEqual(expected);
  });

  it('finds reference and order number in any notation; a transferred ticket no longer matches its booker', async () => {
    for (const words of [paid.reference, paid.reference.toLowerCase(), paid.reference.slice(0, 6)])
      expect(await search(words)).toHaveLength(3);
    const { orderNumber } = (paid as unknown as { order: { orderNumber: string } }).order;
    expect(await search(orderNumber)).toHaveLength(3);
    expect(await search('giver')).toEqual(['Ada Lovelace']);
    expect(await search('')).toHaveLength(5);
    expect(await names(`status=void&search=${gone.reference}`)).toEqual(['Gone']);
  });
});

describe('apostrophes and dashes', () => {
  let other: TestEvent;

  beforeAll(async () => {
    other = await anOpenEvent();
    await as(await registerUser())
      .post('/api/bookings')
      .send({ eventId: other.id, ticketsCount: 1, attendees: [{ name: 'Renée O’Dea–Łukasz' }] })
      .expect(201);
  });

  it.each(["o'dea", 'O’Dea', 'odea', 'oʼdea-lukasz', 'dea–lukasz', "renee o'dea"])(
    'find a name typed as %j',
    async (words) => {
      const found = await listed(`search=${encodeURIComponent(words)}`, other.id);
      expect(found.map(({ name }) => name)).toEqual(['Renée O’Dea–Łukasz']);
    },
  );
});

describe('exportAttendees', () => {
  const csvOf = async (id = event.id, query = ''): Promise<string> => {
    const answer = await as(organizer).get(`/api/events/${id}/attendees.csv?${query}`).expect(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="attendees-${id}.csv"`,
    });
    return answer.text;
  };

  it('has a byte order mark and a line for each ticket, filtered like the list', async () => {
    const [header, first, ...more] = (await csvOf()).split('\n');
    expect(header).toBe(
      '\uFEFFReference,Name,Email,Ticket type,Seat,Price,Currency,Status,Checked in at,Booked at,Order,Ticket',
    );
    const [line] = await listed();
    expect(first).toMatch(
      new RegExp(
        `^${paid.reference},Zoë Ångström,zoe@example.com,Seat,,12.50,USD,valid,,\\d{4}-.*Z,${line!.orderId},${line!.ticketId}$`,
      ),
    );
    expect(more).toHaveLength(5);
    const checkedIn = (await csvOf(event.id, 'checkedIn=true')).trim().split('\n');
    expect(checkedIn).toHaveLength(2);
    expect(checkedIn[1]).toMatch(/,giver@example.net,Free,,0.00,USD,valid,\d{4}-.*Z,\d{4}-.*Z,,\d+$/);
    expect(await csvOf(event.id, 'search=zoe')).not.toContain('giver@example.net');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('defuses the formula %j', async (name) => {
    await database('users').where({ id: buyer.user.id }).update({ first_name: name, last_name: null });
    expect(await csvOf()).toContain(`'${name}`);
  });

  it('quotes text with line breaks and separators', async () => {
    for (const [name, cell] of [
      ['A "B", C\nD', '"A ""B"", C\nD"'],
      ['A; B', '"A; B"'],
    ] as const) {
      await database('users').where({ id: buyer.user.id }).update({ first_name: name, last_name: null });
      expect(await csvOf()).toContain(cell);
    }
  });

  it('writes money in a currency without decimals as a number', async () => {
    const yen = await makeEvent(organizer, { basePrice: 1500, currency: 'JPY' });
    const { id } = await booked(await registerUser(), yen.id);
    await payBooking(id);
    expect(await csvOf(yen.id)).toContain(',1500,JPY,');
  });

  it('continues after the first thousand tickets, even within a booking', async () => {
    const big = await makeEvent(organizer);
    await database.raw(
      `WITH made AS (
         INSERT INTO bookings (reference, user_id, event_id, tickets_count, status, total_amount, currency, is_exclusive, request_id, confirmed_at)
         SELECT 'BIG' || n, ?, ?, 3, 'confirmed', 0, 'USD', false, gen_random_uuid(), now() FROM generate_series(1, 700) n RETURNING id),
       items AS (INSERT INTO booking_items (booking_id, ticket_type_id, quantity, unit_price) SELECT id, ?, 3, 0 FROM made)
       INSERT INTO outbox_messages (topic, payload) SELECT 'booking.confirmed', jsonb_build_object('bookingId', id) FROM made`,
      [buyer.user.id, big.id, big.ticketTypes[0]!.id],
    );
    const tickets = (await csvOf(big.id))
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1));
    expect(tickets).toHaveLength(2100);
    expect(new Set(tickets).size).toBe(2100);
  });
});

describe('checkIn by ticket id', () => {
  const scanning = (user: TestUser, eventId: number, body: object) =>
    as(user).post(`/api/events/${eventId}/check-in`).send(body);

  it('checks in a ticket once, for any holder, and undoes it', async () => {
    const [line] = await listed('search=rehor');
    const { ticketId } = line!;
    const { body } = await scanning(organizer, event.id, { ticketId }).expect(200);
    expect(body.data).toMatchObject({ id: ticketId, attendeeName: 'Řehoř Ţepeş', checkedInAt: expect.any(String) });
    const again = await scanning(organizer, event.id, { ticketId }).expect(409);
    expect(again.body.error).toMatchObject({ code: 'ALREADY_CHECKED_IN', details: [{ path: 'ticketId' }] });
    const undone = await as(organizer).delete(`/api/events/${event.id}/check-in`).send({ ticketId }).expect(200);
    expect(undone.body.data).toMatchObject({ id: ticketId, checkedInAt: null });
  });

  it('TICKET_VOID, WRONG_EVENT, NOT_FOUND, FORBIDDEN', async () => {
    const refusal = async (user: TestUser, eventId: number, ticketId: number) =>
      (await scanning(user, eventId, { ticketId })).body.error.code as string;
    const ticketId = gone.tickets[0]!.id;
    expect(await refusal(organizer, event.id, ticketId)).toBe('TICKET_VOID');
    expect(await refusal(organizer, (await anOpenEvent()).id, ticketId)).toBe('WRONG_EVENT');
    expect(await refusal(organizer, event.id, 2_000_000_000)).toBe('NOT_FOUND');
    const other = await registerUser({ role: 'organizer' });
    const own = await makeEvent(other);
    expect(await refusal(other, own.id, ticketId)).toBe('NOT_FOUND');
    expect(await refusal(other, event.id, ticketId)).toBe('FORBIDDEN');
    expect(await refusal(await registerUser({ role: 'admin' }), own.id, ticketId)).toBe('WRONG_EVENT');
  });

  it.each([[{}], [{ code: 'A', ticketId: 1 }], [{ ticketId: 'x' }], [{ ticketId: 0 }], [{ id: 1 }]])(
    '400: %p',
    async (body) => {
      await scanning(organizer, event.id, body).expect(400);
      await as(organizer).delete(`/api/events/${event.id}/check-in`).send(body).expect(400);
    },
  );
});

import { database } from '../../../src/database';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  codeOf,
  entryOf,
  inventoryOf,
  joined,
  joining,
  messagesAbout,
  moveEvent,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestEntry,
  type TestUser,
} from '../../helpers/bookings';
import { anonymous, as } from '../../helpers/client';

async function entriesOf(user: TestUser): Promise<TestEntry[]> {
  const { body } = await as(user).get('/api/waitlist').expect(200);
  return body.data as TestEntry[];
}

const leaving = (user: TestUser, eventId: number) => as(user).delete(`/api/waitlist/${eventId}`);

describe('joinWaitlist', () => {
  it('201: at the end of the waitlist', async () => {
    const { event } = await aFullEvent();
    const [a, b] = await registerUsers(2);
    const { body } = await joining(a!, event.id).expect(201);
    expect(body.data).toMatchObject({
      eventId: event.id,
      event: { id: event.id, title: event.title, startDate: event.startDate },
      ticketTypeId: null,
      ticketsCount: 1,
      acceptFewer: false,
      status: 'waiting',
      position: 1,
      offeredCount: null,
      offerExpiresAt: null,
    });
    expect(
      await joined(b!, event.id, { ticketsCount: 4, acceptFewer: true, ticketTypeId: event.ticketTypes[0]!.id }),
    ).toMatchObject({
      position: 2,
      ticketsCount: 4,
      acceptFewer: true,
      ticketTypeId: event.ticketTypes[0]!.id,
    });
    expect(await inventoryOf(event.id)).toMatchObject({ waiting: 2, held: 0 });
    expect(await messagesAbout({ entryId: (body.data as TestEntry).id })).toEqual([]);
  });

  it('201: with an immediate offer for an entry that accepts fewer', async () => {
    const event = await anOpenEvent({ totalTickets: 2 });
    const entry = await joined(await registerUser(), event.id, { ticketsCount: 3, acceptFewer: true });
    expect(entry).toMatchObject({ status: 'offered', position: null, offeredCount: 2 });
    expect(await messagesAbout({ entryId: entry.id })).toMatchObject([{ topic: 'waitlist.offered' }]);
  });

  it.each([
    ['no ticket', { ticketsCount: 0 }],
    ['a fraction of a ticket', { ticketsCount: 0.5 }],
    ['more than ten', { ticketsCount: 11 }],
    ['a word', { acceptFewer: 'maybe' }],
    ['an invalid type', { ticketTypeId: 2_000_000_000 }],
    ['an unknown field', { position: 1 }],
    ['an id of the wrong type', { eventId: {} }],
  ])('400: %s', async (_what, fields) => {
    const { event } = await aFullEvent();
    expect(codeOf(await joining(await registerUser(), event.id, fields).expect(400))).toBe('VALIDATION_ERROR');
    expect(await inventoryOf(event.id)).toMatchObject({ waiting: 0 });
  });

  it('400: a quantity that the type never sells', async () => {
    const { event } = await aFullEvent(4, { ticketTypes: [{ name: 'A', minPerBooking: 2, maxPerBooking: 4 }] });
    const user = await registerUser();
    for (const ticketsCount of [1, 5]) await joining(user, event.id, { ticketsCount }).expect(400);
    await joined(user, event.id, { ticketsCount: 2 });
  });

  it('401 and 404', async () => {
    await anonymous.post('/api/waitlist/join').send({ eventId: 1 }).expect(401);
    await joining(await registerUser(), 2_000_000_000).expect(404);
  });

  it('409: TICKETS_AVAILABLE, ALREADY_ON_WAITLIST, DUPLICATE_BOOKING, EVENT_NOT_BOOKABLE', async () => {
    const { event, owner } = await aFullEvent();
    const [user, other] = await registerUsers(2);
    const open = await anOpenEvent({ totalTickets: 2 });
    expect(codeOf(await joining(user!, open.id, { ticketsCount: 2, acceptFewer: true }).expect(409))).toBe(
      'TICKETS_AVAILABLE',
    );
    await joined(user!, open.id, { ticketsCount: 3 });
    await joined(user!, event.id);
    expect(codeOf(await joining(user!, event.id).expect(409))).toBe('ALREADY_ON_WAITLIST');
    const { body } = await joining(owner, event.id).expect(409);
    expect(body.error).toMatchObject({
      code: 'DUPLICATE_BOOKING',
      details: [{ bookingId: expect.any(Number) as unknown }],
    });
    await moveEvent(event.id, -3);
    expect(codeOf(await joining(other!, event.id).expect(409))).toBe('EVENT_NOT_BOOKABLE');
    await moveEvent(event.id, 100);
  });

  it('creates one entry for twenty concurrent requests of one user', async () => {
    const { event } = await aFullEvent();
    const user = await registerUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => joining(user, event.id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter((answer) => codeOf(answer) === 'ALREADY_ON_WAITLIST')).toHaveLength(19);
  });
});

describe('listWaitlistEntries', () => {
  it('lists the caller’s entries, newest first, with their positions', async () => {
    const [one, two] = [await aFullEvent(), await aFullEvent()];
    const [ahead, user] = await registerUsers(2);
    await joined(ahead!, one.event.id);
    const first = await joined(user!, one.event.id, { ticketsCount: 2 });
    const second = await joined(user!, two.event.id);
    expect([first.position, second.position]).toEqual([2, 1]);
    expect(await entriesOf(user!)).toEqual([second, first]);
    await leaving(ahead!, one.event.id).expect(204);
    expect((await entriesOf(user!)).map(({ position }) => position)).toEqual([1, 1]);
    const { body } = await as(user!).get('/api/waitlist?limit=1&page=2').expect(200);
    expect(body).toMatchObject({ data: [{ id: first.id }], pagination: { page: 2, limit: 1, total: 2, pages: 2 } });
  });

  it('shows a position only while waiting', async () => {
    const { event, owner, held } = await aFullEvent();
    const user = await registerUser();
    await joined(user, event.id);
    await cancelling(owner, held.id).expect(200);
    expect(await entriesOf(user)).toMatchObject([{ status: 'offered', position: null, offeredCount: 1 }]);
    await booked(user, event.id);
    expect(await entriesOf(user)).toMatchObject([{ status: 'claimed', position: null, offerExpiresAt: null }]);
    await anonymous.get('/api/waitlist').expect(401);
    const statuses = async (query: string) => {
      const { body } = await as(user).get(`/api/waitlist?${query}`).expect(200);
      return [(body.data as { status: string }[]).map(({ status }) => status), body.pagination.total];
    };
    expect(await statuses('status=claimed')).toEqual([['claimed'], 1]);
    expect(await statuses('status=waiting')).toEqual([[], 0]);
    await as(user).get('/api/waitlist?status=lost').expect(400);
    const unread = async () => (await as(user).get('/api/waitlist/notifications?unread=true').expect(200)).body.data;
    const told = { user_id: user.user.id, kind: 'waitlist.offered', title: 'T', body: 'B', message_id: 0 };
    await database('notifications').insert(told);
    expect(await unread()).toHaveLength(1);
    await as(user).put('/api/notifications/read-all').expect(200);
    expect(await unread()).toEqual([]);
  });
});

describe('leaveWaitlist', () => {
  it('204, then 404; 404 for an event without an entry; 400 and 401', async () => {
    const { event } = await aFullEvent();
    const user = await registerUser();
    await joined(user, event.id);
    await leaving(user, event.id).expect(204);
    expect(await inventoryOf(event.id)).toMatchObject({ waiting: 0 });
    expect(await entryOf(user, event.id)).toMatchObject({ status: 'left' });
    for (const id of [event.id, 2_000_000_000]) expect(codeOf(await leaving(user, id).expect(404))).toBe('NOT_FOUND');
    for (const id of ['x', '0', '2147483648']) await as(user).delete(`/api/waitlist/${id}`).expect(400);
    await anonymous.delete(`/api/waitlist/${event.id}`).expect(401);
  });

  it('allows joining again, at the end', async () => {
    const { event } = await aFullEvent();
    const [a, b] = await registerUsers(2);
    for (const user of [a!, b!]) await joined(user, event.id);
    await leaving(a!, event.id).expect(204);
    expect(await joined(a!, event.id)).toMatchObject({ position: 2 });
  });
});

describe('a ticket type that is withdrawn', () => {
  it('closes its entries; entries for any type stay', async () => {
    const event = await anOpenEvent({
      ticketTypes: [
        { name: 'Balcony', quantity: 0 },
        { name: 'Hall', quantity: 0 },
      ],
    });
    const [balcony] = event.ticketTypes;
    const [a, b] = await registerUsers(2);
    await joined(a!, event.id, { ticketTypeId: balcony!.id });
    await joined(b!, event.id);
    const organizer = await theOrganizer();
    await as(organizer).delete(`/api/events/${event.id}/ticket-types/${balcony!.id}`).expect(204);
    expect((await entryOf(a!, event.id)).status).toBe('left');
    expect((await entriesOf(b!))[0]).toMatchObject({ status: 'waiting', position: 1 });
    expect(await inventoryOf(event.id)).toMatchObject({ waiting: 1 });
  });
});

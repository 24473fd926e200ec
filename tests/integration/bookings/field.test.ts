import { database } from '../../../src/database';
import { connectAll, startApi, wire, type Connection, type RawAnswer } from '../../helpers/servers/api';
import {
  aFullEvent,
  anOpenEvent,
  booking,
  bookCommand,
  booked,
  cancelling,
  inOneBatch,
  inventoryOf,
  joined,
  registerUser,
  registerUsers,
  theOrganizer,
  type TestBooking,
} from '../../helpers/bookings';
import { as } from '../../helpers/client';
import { startInstance } from '../../helpers/instance';

// Failures that booking backends have had in production. Some more of them are tested in bookings.test.ts and cancel.test.ts.

describe('an organizer who edits an event while it sells', () => {
  it('does not oversell and loses no ticket', async () => {
    const event = await anOpenEvent({ totalTickets: 60 });
    const organizer = await theOrganizer();
    const users = await registerUsers(120);
    const edits = async () => {
      for (let i = 0; i < 15; i += 1) {
        await as(organizer)
          .put(`/api/events/${event.id}`)
          .send({ description: `Edition ${i}`, totalTickets: i % 2 ? 60 : 100 });
        await as(organizer)
          .put(`/api/events/${event.id}`)
          .send({ maxPerUser: 5 + i });
      }
      await as(organizer).put(`/api/events/${event.id}`).send({ totalTickets: 100 }).expect(200);
    };
    const answers = await Promise.all([...users.map((user) => booking(user, event.id)), edits()]);
    const sold = answers.filter((answer) => answer?.status === 201).length;
    expect(sold).toBeGreaterThanOrEqual(60);
    expect(sold).toBeLessThanOrEqual(100);
    expect(await inventoryOf(event.id)).toEqual({ capacity: 100, sold, held: 0, waiting: 0 });
    expect(answers.filter((answer) => answer && ![201, 409].includes(answer.status))).toEqual([]);
  });

  it('voids no ticket that is sold during a reduction of the capacity', async () => {
    const event = await anOpenEvent({ totalTickets: 100 });
    const organizer = await theOrganizer();
    const users = await registerUsers(100);
    const shrinking = [90, 70, 50, 40, 30, 20].map((totalTickets) =>
      as(organizer).put(`/api/events/${event.id}`).send({ totalTickets }),
    );
    const [answers] = await Promise.all([
      Promise.all(users.map((user) => booking(user, event.id))),
      Promise.all(shrinking),
    ]);
    const { capacity, sold } = await inventoryOf(event.id);
    expect(sold).toBe(answers.filter(({ status }) => status === 201).length);
    expect(sold).toBeLessThanOrEqual(capacity!);
  });
});

describe('the number of free tickets', () => {
  it('is never overwritten with a stale value', async () => {
    const event = await anOpenEvent({ totalTickets: 100 });
    const users = await registerUsers(200);
    const other = startInstance();
    const answers = await Promise.all(
      users.map(({ token }, index) =>
        (index % 2 ? other.as(token) : as(token)).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }),
      ),
    );
    await other.close();
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(100);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 100 });
  });

  it('is complete again after everybody cancels at once', async () => {
    const event = await anOpenEvent({ totalTickets: 50 });
    const users = await registerUsers(50);
    const made = await Promise.all(users.map((user) => booked(user, event.id)));
    await Promise.all([...made, ...made].map(({ id }, index) => cancelling(users[index % 50]!, id)));
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 0 });
  });
});

describe('a message', () => {
  it('is not sent for a booking that was rolled back', async () => {
    const event = await anOpenEvent();
    const [a, b] = await registerUsers(2);
    await booked(a!, event.id);
    const before = await database('outbox_messages').pluck<number[]>('id');
    const command = bookCommand(b!, event.id);
    const actor = { ...command.actor, userId: 2_000_000_000 };
    await expect(inOneBatch({ ...command, actor })).rejects.toMatchObject({ code: '23503' });
    expect(await database('outbox_messages').whereNotIn('id', before)).toEqual([]);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 1 });
  });
});

describe('without Redis', () => {
  it('bookings, cancellations and waitlist entries continue', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    const [a, b] = await registerUsers(2);
    // Nothing listens on this port. Rate limits are on, because Redis would count them.
    const alone = startInstance({ REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_MAX_REQUESTS: '1000' });
    const { body } = await alone
      .as(a!.token)
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 1 })
      .expect(201);
    await alone.as(b!.token).post('/api/waitlist/join').send({ eventId: event.id }).expect(201);
    await alone
      .as(a!.token)
      .put(`/api/bookings/${(body.data as TestBooking).id}/cancel`)
      .expect(200);
    await alone.close();
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 0, held: 1, waiting: 0 });
  });
});

describe('SIGTERM during a sale', () => {
  it('responds to every booking that it commits', async () => {
    const event = await anOpenEvent({ totalTickets: null, allowMultipleBookings: true });
    const users = await registerUsers(40);
    const api = await startApi();
    const connections = await connectAll([api], users.length);
    const answers: RawAnswer[] = [];
    let isOver = false;
    const sell = async (connection: Connection, token: string) => {
      const request = wire({ path: '/api/bookings', token, body: { eventId: event.id, ticketsCount: 1 } });
      while (!isOver) answers.push(await connection.send(request));
    };
    const selling = connections.map((connection, index) =>
      sell(connection, users[index]!.token).catch(() => undefined),
    );
    while (answers.length < 400) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await api.stop()).toBe(0);
    isOver = true;
    await Promise.all(selling);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const references = answers.map(({ body }) => (JSON.parse(body) as { data: TestBooking }).data.reference);
    const rows = (await database('bookings').where('event_id', event.id).pluck('reference')) as string[];
    expect(rows.sort()).toEqual(references.sort());
  });
});

describe('a long waitlist', () => {
  it('is served in order while two processes release tickets', async () => {
    const { event, owner, held } = await aFullEvent(10);
    const line = await registerUsers(60);
    for (const user of line) await joined(user, event.id);
    const other = startInstance();
    await cancelling(owner, held.id).expect(200);
    const clients = [(token: string) => as(token), (token: string) => other.as(token)];
    // Each offer is given up, so the waitlist moves on until everybody has had one.
    for (let served = 0; served < line.length;) {
      const offered = (await database('waitlist_entries')
        .where({ event_id: event.id, status: 'offered' })
        .orderBy('id')
        .pluck('user_id')) as number[];
      expect(offered).toEqual(line.slice(served, served + offered.length).map(({ user }) => user.id));
      await Promise.all(
        offered.map((userId, index) => {
          const client = clients[index % 2]!(line.find(({ user }) => user.id === userId)!.token);
          return client.delete(`/api/waitlist/${event.id}`).expect(204);
        }),
      );
      served += offered.length;
    }
    await other.close();
    expect(await inventoryOf(event.id)).toEqual({ capacity: 10, sold: 0, held: 0, waiting: 0 });
    await booked(await registerUser(), event.id, 10);
  });
});

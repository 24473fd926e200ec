import { database } from '../../../src/database';
import type { Command } from '../../../src/services/inventory/rules/commands';
import {
  aFullEvent,
  anOpenEvent,
  bookCommand,
  booked,
  booking,
  codeOf,
  entryOf,
  inOneBatch,
  inventoryOf,
  joined,
  messagesAbout,
  outcomeOf,
  registerUser,
  registerUsers,
  type TestBooking,
  type TestEntry,
} from '../../helpers/bookings';
import { startInstance, type Instance } from '../../helpers/instance';
import { startProxy, type Proxy } from '../../helpers/servers/proxy';
import { startWithFaults } from '../../helpers/fault-injection';

describe('an event whose row is held', () => {
  it('delays no other event; its own bookings continue after the release, or are refused with 503', async () => {
    const [stuck, ...others] = await Promise.all([anOpenEvent(), anOpenEvent(), anOpenEvent()]);
    const users = await registerUsers(22);
    const trx = await database.transaction();
    await trx('event_inventory').where('event_id', stuck.id).forUpdate();

    const early = booking(users[0]!, stuck.id).then((answer) => answer);
    for (const user of users.slice(2, 12)) for (const other of others) await booked(user, other.id);
    const tired = await early;
    expect(tired.status).toBe(503);
    expect(tired.headers['retry-after']).toBe('1');
    expect(codeOf(tired)).toBe('UNAVAILABLE');

    const late = booking(users[1]!, stuck.id).then((answer) => answer);
    for (const user of users.slice(12)) for (const other of others) await booked(user, other.id);
    await trx.rollback();
    expect((await late).status).toBe(201);
    expect(await inventoryOf(stuck.id)).toMatchObject({ sold: 1 });
    await booked(users[0]!, stuck.id);
  });
});

describe('a reference that is already taken', () => {
  it('is replaced, for this booking and for the others in its batch', async () => {
    const [event, priced] = await Promise.all([anOpenEvent(), anOpenEvent({ basePrice: 10 })]);
    const users = await registerUsers(5);
    const first = await booked(users[0]!, event.id);
    const taken = { reference: first.reference };
    const outcomes = await inOneBatch(
      { ...bookCommand(users[1]!, event.id), ...taken },
      bookCommand(users[2]!, event.id),
    );
    outcomes.push(await outcomeOf({ ...bookCommand(users[3]!, priced.id), ...taken } as Command));
    outcomes.push(await outcomeOf({ ...bookCommand(users[4]!, event.id), ...taken } as Command));
    const references = (outcomes as TestBooking[]).map(({ reference }) => reference);
    expect(new Set([first.reference, ...references]).size).toBe(5);
    expect(await inventoryOf(event.id)).toMatchObject({ sold: 4 });
  });
});

describe('a commit', () => {
  let proxy: Proxy;
  let instance: Instance;

  beforeEach(async () => {
    proxy = await startProxy(process.env.DATABASE_URL ?? '');
    instance = startInstance({ DATABASE_URL: proxy.url });
  });
  afterEach(async () => {
    await instance.close();
    await proxy.close();
  });

  const bookings = async (eventId: number) =>
    (await database('bookings').where('event_id', eventId).orderBy('id')) as { id: number; reference: string }[];

  describe('whose reply is lost', () => {
    it('is found, and the response is the booking that it made', async () => {
      const event = await anOpenEvent({ allowMultipleBookings: true });
      const user = await registerUser();
      const dropped = proxy.dropNextCommitReply();
      const { body, headers } = await instance
        .as(user.token)
        .post('/api/bookings')
        .set('Idempotency-Key', 'k')
        .send({ eventId: event.id, ticketsCount: 2 })
        .expect(201);
      await dropped;
      const rows = await bookings(event.id);
      expect(rows).toHaveLength(1);
      expect(body.data).toMatchObject({
        id: rows[0]!.id,
        reference: rows[0]!.reference,
        status: 'confirmed',
        ticketsCount: 2,
      });
      expect(headers['idempotent-replayed']).toBeUndefined();
      expect(await messagesAbout({ bookingId: rows[0]!.id })).toHaveLength(1);
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 2 });
      const again = await instance
        .as(user.token)
        .post('/api/bookings')
        .set('Idempotency-Key', 'k')
        .send({ eventId: event.id, ticketsCount: 2 })
        .expect(201);
      expect(again.headers['idempotent-replayed']).toBe('true');
      expect(again.body.data).toMatchObject({ id: rows[0]!.id });
    });

    it('is found for every command of its batch, and each gets its own result', async () => {
      const event = await anOpenEvent({ totalTickets: 5 });
      const full = await aFullEvent(2);
      const users = await registerUsers(10);
      await joined(users[9]!, full.event.id, { ticketsCount: 2 });
      await instance.as(users[8]!.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }).expect(201);
      const dropped = proxy.dropNextCommitReply();
      const [made, cancelled, entry] = await Promise.all([
        Promise.all(
          users
            .slice(0, 6)
            .map(({ token }) => instance.as(token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 })),
        ),
        instance.as(full.owner.token).put(`/api/bookings/${full.held.id}/cancel`),
        instance.as(users[7]!.token).post('/api/waitlist/join').send({ eventId: full.event.id }),
      ]);
      await dropped;
      expect(made.map(({ status }) => status).sort()).toEqual([201, 201, 201, 201, 409, 409]);
      expect(
        new Set(made.filter(({ status }) => status === 201).map(({ body }) => (body.data as TestBooking).id)).size,
      ).toBe(4);
      expect(await inventoryOf(event.id)).toMatchObject({ sold: 5, held: 0 });
      expect(cancelled.status).toBe(200);
      expect(entry.status).toBe(201);
      expect((await entryOf(users[7]!, full.event.id)).id).toBe((entry.body.data as TestEntry).id);
      expect(await inventoryOf(full.event.id)).toEqual({ capacity: 2, sold: 0, held: 2, waiting: 1 });
    });

    it('would be retried if the engine did not look for its result, and fail because its own reference is taken', async () => {
      const forgetful = startWithFaults(
        {
          'models/inventory/read-state': ({ readInventoryState }) => ({
            async readInventoryState(...request) {
              const state = await readInventoryState(...request);
              for (const made of state.bookings.values()) made.requestId = 'forgotten';
              return state;
            },
          }),
        },
        { DATABASE_URL: proxy.url },
      );
      const event = await anOpenEvent({ allowMultipleBookings: true });
      const user = await registerUser();
      const dropped = proxy.dropNextCommitReply();
      await forgetful.as(user.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }).expect(500);
      await dropped;
      await forgetful.close();
      expect(await bookings(event.id)).toHaveLength(1);
    });
  });

  it('that the server receives late is awaited, and found when it arrives', async () => {
    const event = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const { held, release } = proxy.holdNextCommit();
    const answer = instance
      .as(user.token)
      .post('/api/bookings')
      .send({ eventId: event.id, ticketsCount: 1 })
      .then((response) => response);
    await held;
    // Its transaction still holds the row, so the engine treats the event as stuck and defers the command.
    await new Promise((resolve) => setTimeout(resolve, 800));
    release();
    const { status, body } = await answer;
    const rows = await bookings(event.id);
    expect(rows).toHaveLength(1);
    expect(status).toBe(201);
    expect((body.data as TestBooking).reference).toBe(rows[0]!.reference);
  });

  it('that cannot start returns 503, and everything works again when PostgreSQL is back', async () => {
    const event = await anOpenEvent();
    const user = await registerUser();
    const request = () => instance.as(user.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 });
    await instance.as(user.token).get('/api/bookings').expect(200);
    proxy.down();
    const refused = await request();
    expect([refused.status, codeOf(refused), refused.headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '1']);
    proxy.up();
    expect(await bookings(event.id)).toEqual([]);
    await request().expect(201);
  });
});

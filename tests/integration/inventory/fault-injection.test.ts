import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { createKnex, database } from '../../../src/database';
import {
  aFullEvent,
  anOpenEvent,
  booked,
  cancelling,
  inventoryOf,
  joined,
  registerUser,
  registerUsers,
  type TestUser,
} from '../../helpers/bookings';
import type { Instance } from '../../helpers/instance';
import { violations } from '../../helpers/invariants';
import {
  createBarrier,
  readAtTheSameTime,
  startWithFaults,
  withoutLock,
  type Faults,
} from '../../helpers/fault-injection';

let owner: Knex;
const running: Instance[] = [];

beforeAll(() => {
  // Each instance has its own logger, which listens for the end of the process.
  process.setMaxListeners(100);
  owner = createKnex(process.env.DATABASE_OWNER_URL ?? '', { max: 1, applicationName: 'saboteur' });
});
afterEach(async () => {
  for (const instance of running.splice(0)) await instance.close();
});
afterAll(async () => {
  for (const instance of Object.values(pairs).flat()) await instance.close();
  await owner.destroy();
});

function sabotaged(faults: Faults): Instance {
  const instance = startWithFaults(faults);
  running.push(instance);
  return instance;
}

const names = async (): Promise<string[]> => (await violations(database)).map(({ name }) => name);

const book = (instance: Instance, user: TestUser, eventId: number, key?: string) => {
  const request = instance.as(user.token).post('/api/bookings');
  return (key === undefined ? request : request.set('Idempotency-Key', key)).send({ eventId, ticketsCount: 1 });
};

let meet: () => Promise<void>;
const pairs: Partial<Record<'lock' | 'no lock', Instance[]>> = {};

/** Returns two processes, with or without the lock, that both try to read before either writes. */
function twoProcesses(lock: 'lock' | 'no lock'): Instance[] {
  meet = createBarrier(2);
  const together = readAtTheSameTime(() => meet());
  pairs[lock] ??= [1, 2].map(() =>
    startWithFaults({
      'models/inventory/read-state': (actual) => ({
        ...(lock === 'lock' ? {} : withoutLock(actual)),
        ...together(actual),
      }),
    }),
  );
  return pairs[lock];
}

/** Runs `work` while the database lacks a guard, then repairs the rows with `mend` and puts the guard back. */
async function lacking(
  take: string,
  giveBack: string,
  work: () => Promise<void>,
  mend: () => Promise<unknown>,
): Promise<void> {
  await owner.raw(take);
  try {
    await work();
  } finally {
    await mend();
    await owner.raw(giveBack);
  }
}

describe('the last ticket, requested in two processes at once', () => {
  async function race(lock: 'lock' | 'no lock'): Promise<{ statuses: number[]; eventId: number }> {
    const { id: eventId } = await anOpenEvent({ totalTickets: 1 });
    const users = await registerUsers(2);
    const answers = await Promise.all(
      twoProcesses(lock).map((instance, index) => book(instance, users[index]!, eventId)),
    );
    return { statuses: answers.map(({ status }) => status).sort(), eventId };
  }

  it('is sold once and refused once with the lock', async () => {
    const { statuses, eventId } = await race('lock');
    expect(statuses).toEqual([201, 409]);
    expect(await inventoryOf(eventId)).toMatchObject({ sold: 1 });
  });

  it('is decided twice without the lock, and sold once because of the CHECK', async () => {
    const { statuses, eventId } = await race('no lock');
    expect(statuses).toEqual([201, 500]);
    expect(await inventoryOf(eventId)).toMatchObject({ sold: 1 });
  });

  it('is sold twice without lock and CHECK, which the invariants detect', async () => {
    let eventId = 0;
    await lacking(
      'ALTER TABLE event_inventory DROP CONSTRAINT event_inventory_not_oversold',
      'ALTER TABLE event_inventory ADD CONSTRAINT event_inventory_not_oversold CHECK (capacity IS NULL OR sold + held <= capacity)',
      async () => {
        const outcome = await race('no lock');
        eventId = outcome.eventId;
        expect(outcome.statuses).toEqual([201, 201]);
        expect(await names()).toContain('no event is oversold, counted by rows');
      },
      () => owner('event_inventory').where('event_id', eventId).update({ capacity: 2 }),
    );
  });
});

describe('one user, in two processes at once', () => {
  const DROP = 'DROP INDEX bookings_active_key';
  const CREATE = `CREATE UNIQUE INDEX bookings_active_key ON bookings (user_id, event_id, (CASE WHEN is_exclusive THEN 0 ELSE id END))
    WHERE status IN ('pending', 'confirmed')`;

  async function race(lock: 'lock' | 'no lock'): Promise<{ statuses: number[]; eventId: number }> {
    const { id: eventId } = await anOpenEvent();
    const user = await registerUser();
    const answers = await Promise.all(twoProcesses(lock).map((instance) => book(instance, user, eventId)));
    return { statuses: answers.map(({ status }) => status).sort(), eventId };
  }

  it('books once by the unique index alone', async () => {
    expect((await race('no lock')).statuses).toEqual([201, 409]);
  });

  it('books once by the lock alone', async () => {
    await lacking(
      DROP,
      CREATE,
      async () => expect((await race('lock')).statuses).toEqual([201, 409]),
      async () => undefined,
    );
  });

  it('books twice without either, which the invariants detect', async () => {
    let eventId = 0;
    await lacking(
      DROP,
      CREATE,
      async () => {
        const outcome = await race('no lock');
        eventId = outcome.eventId;
        expect(outcome.statuses).toEqual([201, 201]);
        expect(await names()).toEqual(['no user has two active bookings for an event that allows one']);
      },
      () => database('bookings').where('event_id', eventId).update({ is_exclusive: false }),
    );
  });
});

describe('what the invariants detect', () => {
  it('counters without their trigger', async () => {
    const { id: eventId } = await anOpenEvent();
    await lacking(
      'ALTER TABLE bookings DISABLE TRIGGER bookings_count_inserted',
      'ALTER TABLE bookings ENABLE TRIGGER bookings_count_inserted',
      async () => {
        await booked(await registerUser(), eventId);
        expect(await names()).toContain('an event’s sold counter equals the tickets of its confirmed bookings');
      },
      () => database('event_inventory').where('event_id', eventId).update({ sold: 1 }),
    );
  });

  it('a booking without a message', async () => {
    const { id: eventId } = await anOpenEvent();
    const silent = sabotaged({
      'models/inventory/write-changes': ({ writeChanges }) => ({
        writeChanges: (trx, now, changes) => writeChanges(trx, now, { ...changes, messages: [] }),
      }),
    });
    const { body } = await book(silent, await registerUser(), eventId).expect(201);
    expect(await names()).toEqual([
      'every booking that was confirmed has one confirmation message, and no other has one',
    ]);
    await database('outbox_messages').insert({
      topic: 'booking.confirmed',
      payload: { bookingId: (body.data as { id: number }).id },
    });
  });

  it('freed tickets that skip the waitlist', async () => {
    const { event, owner: holder, held } = await aFullEvent();
    await joined(await registerUser(), event.id);
    const unfair = sabotaged({
      'services/inventory/rules/decide': ({ decide }) => ({
        decide: (state, commands) => {
          for (const [id, entry] of state.waitlistEntries)
            if (entry.status === 'waiting') state.waitlistEntries.delete(id);
          return decide(state, commands);
        },
      }),
    });
    await unfair.as(holder.token).put(`/api/bookings/${held.id}/cancel`).expect(200);
    expect(await names()).toEqual(['no tickets are available that would suffice for a waiting entry']);
    await booked(await registerUser(), event.id);
  });

  it('bookings that are written before releases, through the CHECK', async () => {
    const { event, owner: holder, held } = await aFullEvent();
    await joined(await registerUser(), event.id);
    const hasty = sabotaged({
      'models/inventory/write-changes': ({ writeChanges }) => ({
        async writeChanges(trx, now, changes) {
          await writeChanges(trx, now, { ...changes, updatedBookings: new Set() });
          await writeChanges(trx, now, { ...changes, updatedEntries: new Set(), messages: [] });
        },
      }),
    });
    await hasty.as(holder.token).put(`/api/bookings/${held.id}/cancel`).expect(500);
    await cancelling(holder, held.id).expect(200);
  });
});

describe('a repeated key', () => {
  it('has two effects only if its response is not stored', async () => {
    const { id: eventId } = await anOpenEvent({ allowMultipleBookings: true });
    const user = await registerUser();
    const forgetful = sabotaged({
      'models/inventory/write-changes': ({ writeChanges }) => ({
        writeChanges: (trx, now, changes) => writeChanges(trx, now, { ...changes, idempotentResults: [] }),
      }),
    });
    for (let i = 0; i < 2; i += 1) await book(forgetful, user, eventId, 'k').expect(201);
    expect(await inventoryOf(eventId)).toMatchObject({ sold: 2 });
    const sound = sabotaged({});
    for (let i = 0; i < 2; i += 1) await book(sound, user, eventId, 'k').expect(201);
    expect(await inventoryOf(eventId)).toMatchObject({ sold: 3 });
  });
});

describe('a response', () => {
  const killEngines = () =>
    database.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'bilten-inventory' AND datname = current_database()`,
    );

  /** Books, ends the engine's connections as soon as the response arrives, and returns the number of bookings that remain. */
  async function bookAndKill(instance: Instance): Promise<number> {
    const { id: eventId } = await anOpenEvent();
    await book(instance, await registerUser(), eventId).expect(201);
    await killEngines();
    await sleep(50);
    return (await database('bookings').where('event_id', eventId)).length;
  }

  it('stays true, whatever happens afterwards', async () => {
    const sound = sabotaged({});
    for (let i = 0; i < 5; i += 1) expect(await bookAndKill(sound)).toBe(1);
  });

  it('would be false if it were sent before the commit', async () => {
    const hasty = sabotaged({
      database: (actual) => ({
        createKnex(url, options) {
          const knex = actual.createKnex(url, options);
          if (options.applicationName !== 'bilten-inventory') return knex;
          const transaction = (work: (trx: Knex.Transaction) => Promise<unknown>) =>
            new Promise((resolve, reject) => {
              const committed = knex.transaction(async (trx) => {
                resolve(await work(trx));
                await sleep(200);
              });
              committed.catch(reject);
            });
          return { transaction, destroy: () => knex.destroy() } as unknown as Knex;
        },
      }),
    });
    expect(await bookAndKill(hasty)).toBe(0);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'supertest';
import { allowSilence, createKnex, database, runInTransaction, type Trx } from '../../../src/database';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { makeEvent, type TestEvent } from '../../helpers/events';
import { startInstance, type Instance } from '../../helpers/instance';
import { eventually } from '../../helpers/servers/processes';
import { startProxy, type Proxy } from '../../helpers/servers/proxy';
import { startTestWorker } from '../../helpers/servers/worker';

jest.setTimeout(120_000);

const ANSWERED_WITHIN_MS = 10_000;
const BACK_WITHIN_MS = 5000;
// A worker gives up a statement after 8 s, even if that was sent just before the network was back, and asks again a second later.
const WORKER_BACK_WITHIN_MS = 10_000;

let proxy: Proxy;
let instance: Instance;
let user: TestUser;
let organizer: TestUser;
let event: TestEvent;
let asked = 0;

/** One request of each kind. Each differs from earlier ones, so that no response comes from a cache. */
const requests: Record<string, () => Test> = {
  'a list': () => instance.anonymous.get(`/api/events?limit=${1 + (asked++ % 100)}`),
  'an event': () => instance.anonymous.get(`/api/events/${event.id}`),
  'my bookings': () => instance.as(user.token).get('/api/bookings'),
  'a booking': () => instance.as(user.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }),
  'a change': () =>
    instance
      .as(organizer.token)
      .put(`/api/events/${event.id}`)
      .send({ venueName: `There ${asked++}` }),
  'a sign-in': () => instance.anonymous.post('/api/auth/login').send({ email: user.user.email, password: PASSWORD }),
};

async function answers(): Promise<{ what: string; status: number; ms: number }[]> {
  return Promise.all(
    Object.entries(requests).map(async ([what, send]) => {
      const since = performance.now();
      const { status } = await send();
      return { what, status, ms: performance.now() - since };
    }),
  );
}

/** Waits until every kind of request succeeds, and returns how long that took in milliseconds. */
async function untilServed(): Promise<number> {
  const since = performance.now();
  let last: unknown;
  await eventually(
    async () => (last = await answers()) && (last as { status: number }[]).every(({ status }) => status < 300),
    () => JSON.stringify(last),
  );
  return performance.now() - since;
}

const readiness = async () => (await instance.anonymous.get('/health/ready')).status;

beforeAll(async () => {
  [user, organizer] = await Promise.all([registerUser(), registerUser({ role: 'organizer' })]);
  event = await makeEvent(organizer, { totalTickets: 10_000, allowMultipleBookings: true });
});
beforeEach(async () => {
  proxy = await startProxy(process.env.DATABASE_URL!);
  instance = startInstance({ DATABASE_URL: proxy.url });
  instance.startRevocationPolling();
  await untilServed();
  await answers();
});
afterEach(async () => {
  proxy.up();
  await instance.close();
  await proxy.close();
});

describe('a network that loses every packet', () => {
  afterEach(async () => {
    await database('outbox_messages').where({ topic: 'event.cancelled' }).delete();
  });

  it('makes every request return 503 within 10 s, reports not ready, and recovers within 5 s', async () => {
    proxy.blackhole();
    const during = answers();
    await eventually(async () => (await readiness()) === 503);
    await sleep(3000);
    for (const { what, status, ms } of [...(await answers()), ...(await during)]) {
      expect({ what, status }).toEqual({ what, status: 503 });
      expect(ms).toBeLessThan(ANSWERED_WITHIN_MS);
    }
    proxy.up();
    expect(await untilServed()).toBeLessThan(BACK_WITHIN_MS);
    expect(await eventually(async () => (await readiness()) === 200)).toBe(true);
  });

  it('delays schedules and messages of a worker by a few seconds only', async () => {
    const worker = await startTestWorker({ DATABASE_URL: proxy.url });
    const lastRun = async () =>
      (await database('schedules').where({ name: 'expire holds' }).first('last_run_at'))?.last_run_at as Date;
    await eventually(lastRun);
    proxy.blackhole();
    await sleep(10_000);
    proxy.up();
    const upSince = performance.now();
    const before = await lastRun();
    const [message] = await database('outbox_messages')
      .insert({ topic: 'event.cancelled', payload: { eventId: 0 } })
      .returning<{ id: number }[]>('id');
    await eventually(async () => (await lastRun()) > before);
    await eventually(async () => {
      const row = await database('outbox_messages').where({ id: message!.id }).first('status', 'attempts');
      return row?.attempts > 0;
    });
    expect(performance.now() - upSince).toBeLessThan(WORKER_BACK_WITHIN_MS);
    await worker.stop();
  });
});

describe('dead connections, while new ones work', () => {
  it('are detected and replaced; no request waits longer than 10 s, and the process reports not ready', async () => {
    proxy.forgetConnections();
    const during = answers();
    await eventually(async () => (await readiness()) === 503);
    for (const { ms } of await during) expect(ms).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(await untilServed()).toBeLessThan(ANSWERED_WITHIN_MS);
    await eventually(async () => (await readiness()) === 200);
  });
});

describe('a transaction that may take long', () => {
  const LIMIT_MS = 500;
  let slow: ReturnType<typeof createKnex>;

  beforeEach(() => {
    slow = createKnex(proxy.url, { max: 1, applicationName: 'slow', silenceMs: LIMIT_MS });
  });
  afterEach(() => slow.destroy());

  it('is not interrupted while PostgreSQL works on it', async () => {
    const sleeping = (trx: Trx) => trx.raw(`SELECT pg_sleep(${(3 * LIMIT_MS) / 1000})`);
    await expect(runInTransaction(sleeping, slow)).rejects.toThrow('not queryable');
    await runInTransaction(async (trx) => {
      await allowSilence(trx);
      await sleeping(trx);
    }, slow);
  });

  it('fails within seconds if its connection is dead', async () => {
    const since = performance.now();
    const work = runInTransaction(async (trx) => {
      await allowSilence(trx);
      proxy.forgetConnections();
      await trx.raw('SELECT 1');
    }, slow);
    await expect(work).rejects.toThrow('not queryable');
    expect(performance.now() - since).toBeLessThan(BACK_WITHIN_MS);
  });
});

import path from 'node:path';
import { database } from '../../src/database';
import { registerUser, type TestUser } from '../helpers/accounts';
import { anOpenEvent, booked } from '../helpers/bookings';
import type { TestEvent } from '../helpers/events';
import { startInstance, type Instance } from '../helpers/instance';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { allDone } from '../helpers/messages';
import { eventually, start, type Started } from '../helpers/servers/processes';
import { startProxy, type Proxy } from '../helpers/servers/proxy';
import { describeWithRedis, testRedisUrl } from '../helpers/servers/redis';

jest.setTimeout(120_000);

const WORKER = path.join(__dirname, '..', '..', 'dist', 'worker.js');
// The time until the first request notices, and some slack for a busy machine.
const FIRST_MS = 2000;

let proxy: Proxy;

beforeEach(async () => {
  proxy = await startProxy(testRedisUrl!);
});
afterEach(async () => {
  await proxy.close();
});

describeWithRedis('an API whose Redis falls silent', () => {
  let instance: Instance;
  let user: TestUser;
  let event: TestEvent;

  const isCounted = async () => 'ratelimit' in (await instance.anonymous.get(`/api/events/${event.id}`)).headers;

  async function timed(count: number): Promise<number[]> {
    const took: number[] = [];
    for (let n = 0; n < count; n += 1) {
      const since = performance.now();
      await instance.as(user.token).get('/api/notifications').expect(200);
      await instance.as(user.token).post('/api/bookings').send({ eventId: event.id, ticketsCount: 1 }).expect(201);
      took.push(performance.now() - since);
    }
    return took;
  }

  beforeEach(async () => {
    user = await registerUser();
    event = await anOpenEvent({ allowMultipleBookings: true });
    instance = startInstance({ REDIS_URL: proxy.url, RATE_LIMIT_MAX_REQUESTS: '100000' });
    await eventually(isCounted);
  });
  afterEach(async () => {
    await instance.close();
  });

  it.each([
    ['for good', () => proxy.blackhole()],
    ['on existing connections', () => proxy.forgetConnections()],
    ['and hangs', () => proxy.hang()],
  ])('%s: delays only the first request, and limits work again when Redis is back', async (_how, silence) => {
    await timed(3);
    silence();
    const [first, ...others] = await timed(12);
    expect(first).toBeLessThan(FIRST_MS);
    // If each request asked Redis, each would take a second.
    expect(others.filter((ms) => ms > 700).length).toBeLessThanOrEqual(2);
    proxy.up();
    await eventually(isCounted);
  });
});

describeWithRedis('a worker whose Redis is silent', () => {
  let mail: MailServer;
  let worker: Started | undefined;
  let bookingId: number;

  function startWorker(): Started {
    const { DATABASE_URL, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH } = process.env;
    const ours = { DATABASE_URL, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH, SMTP_URL: mail.url, REDIS_URL: proxy.url };
    return start(process.execPath, [WORKER], { ...(ours as Record<string, string>), NODE_ENV: 'development' });
  }
  const remind = (count: number) =>
    database.raw(
      `INSERT INTO outbox_messages (topic, payload) SELECT 'booking.reminder', jsonb_build_object('bookingId', ?::int) FROM generate_series(1, ?)`,
      [bookingId, count],
    );

  beforeAll(async () => {
    mail = await startMailServer();
    bookingId = (await booked(await registerUser(), (await anOpenEvent()).id)).id;
  });
  afterEach(async () => {
    worker?.child.kill('SIGTERM');
    expect(await worker?.exited).toEqual({ code: 0, signal: null });
  });
  afterAll(async () => {
    await mail.close();
  });

  it('resumes when Redis is back, and loses or repeats nothing', async () => {
    worker = startWorker();
    await allDone();
    mail.mails.length = 0;
    proxy.blackhole();
    await remind(40);
    await eventually(() => worker!.output().includes('cannot be relayed'), worker.output);
    proxy.up();
    await allDone();
    proxy.forgetConnections();
    await remind(40);
    await allDone();
    expect(mail.mails).toHaveLength(80);
    expect(new Set(mail.mails.map(({ messageId }) => messageId)).size).toBe(80);
  });

  it('waits for Redis if it starts meanwhile, and runs its schedules', async () => {
    proxy.blackhole();
    await remind(5);
    await database('schedules').delete();
    worker = startWorker();
    await eventually(() => worker!.output().includes('The queues reported an error'), worker.output);
    await eventually(async () => database('schedules').where({ name: 'expire holds' }).first(), worker.output);
    expect(worker.child.exitCode).toBeNull();
    proxy.up();
    await allDone();
  });
});

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import Redis from 'ioredis';
import { database } from '../../src/database';
import { freePort } from '../../src/embedded/ports';
import { booked, anOpenEvent, registerUser, type TestBooking } from '../helpers/bookings';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { allDone, messagesOf } from '../helpers/messages';
import { execute } from '../helpers/servers/postgres';
import { eventually, start, type Started } from '../helpers/servers/processes';
import { describeWithRedis } from '../helpers/servers/redis';
import { findRedis, startRedis } from '../helpers/servers/redis-server';

const WORKER = path.join(__dirname, '..', '..', 'dist', 'worker.js');

let mail: MailServer;
const children: Started[] = [];

function settings(more: Record<string, string> = {}): Record<string, string> {
  const { DATABASE_URL, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH } = process.env;
  const ours = { DATABASE_URL, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH, NODE_ENV: 'test', SMTP_URL: mail.url };
  return { ...(ours as Record<string, string>), ...more };
}

function startWorkerProcess(more: Record<string, string> = {}): Started {
  const worker = start(process.execPath, [WORKER], settings(more));
  children.push(worker);
  return worker;
}

async function end(worker: Started): Promise<void> {
  worker.child.kill('SIGTERM');
  expect(await worker.exited).toEqual({ code: 0, signal: null });
}

async function remind(bookingId: number, count: number): Promise<void> {
  await database.raw(
    `INSERT INTO outbox_messages (topic, payload) SELECT 'booking.reminder', jsonb_build_object('bookingId', ?::int) FROM generate_series(1, ?)`,
    [bookingId, count],
  );
}

function messageIds(): Set<string | undefined> {
  return new Set(mail.mails.map(({ messageId }) => messageId));
}

let booking: TestBooking;

beforeAll(async () => {
  mail = await startMailServer();
  booking = await booked(await registerUser(), (await anOpenEvent()).id);
  const worker = startWorkerProcess();
  await allDone();
  await end(worker);
});
beforeEach(() => {
  mail.mails.length = 0;
  mail.takeMs(0);
});
afterAll(async () => {
  for (const { child } of children) child.kill('SIGKILL');
  await Promise.all(children.map(({ exited }) => exited));
  await mail.close();
});

describe('the worker process', () => {
  it('finishes its current jobs on SIGTERM, and the next worker continues', async () => {
    mail.takeMs(50);
    await remind(booking.id, 150);
    const first = startWorkerProcess();
    await eventually(() => mail.mails.length > 10, first.output);
    await end(first);
    expect(mail.mails.length).toBeLessThan(150);
    const left = (await messagesOf('booking.reminder')).filter(({ status }) => status !== 'done');
    expect(left).toHaveLength(150 - mail.mails.length);
    mail.takeMs(0);
    const second = startWorkerProcess();
    await allDone();
    await end(second);
    expect(mail.mails).toHaveLength(150);
    expect(messageIds().size).toBe(150);
  });

  it('loses nothing when it is killed, and repeats at most its current jobs', async () => {
    mail.takeMs(50);
    await remind(booking.id, 150);
    const first = startWorkerProcess();
    await eventually(() => mail.mails.length > 10, first.output);
    first.child.kill('SIGKILL');
    await first.exited;
    mail.takeMs(0);
    const second = startWorkerProcess();
    await allDone();
    await end(second);
    expect(messageIds().size).toBe(150);
    // As many as it has connections to the mail server were on their way, and no more than that were being recorded.
    expect(mail.mails.length).toBeLessThanOrEqual(150 + 2 * 20);
    const ids = (await messagesOf('booking.reminder')).map(({ id }) => id);
    const counted = [{ count: ids.length }];
    expect(await database('notifications').whereIn('message_id', ids).count()).toEqual(counted);
    expect(await database('message_effects').whereIn('message_id', ids).count()).toEqual(counted);
  });

  it('ends when the connection to its parent process closes', async () => {
    const child = fork(WORKER, { env: settings(), silent: true });
    await eventually(async () =>
      database('schedules').where('last_run_at', '>', database.raw("now() - interval '2 seconds'")).first(),
    );
    child.disconnect();
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });

  it('survives the loss of its connections to PostgreSQL', async () => {
    const name = new URL(process.env.DATABASE_URL!).pathname.slice(1);
    const pids = (): Promise<number[]> => database('pg_stat_activity').where({ datname: name }).pluck('pid');
    const ours = await pids();
    const worker = startWorkerProcess();
    await remind(booking.id, 1);
    await allDone();
    const its = (await pids()).filter((pid) => !ours.includes(pid));
    expect(its.length).toBeGreaterThan(5);
    await execute(process.env.TEST_SUPERUSER_URL!, ...its.map((pid) => `SELECT pg_terminate_backend(${pid})`));
    await remind(booking.id, 1);
    await allDone();
    expect(mail.mails).toHaveLength(2);
    await end(worker);
  });

  it('names missing settings when it starts', async () => {
    const worker = start(process.execPath, [WORKER], { NODE_ENV: 'test', DOTENV_CONFIG_PATH: '/nowhere/.env' });
    expect((await worker.exited).code).toBe(1);
    expect(worker.output()).toContain('DATABASE_URL');
  });
});

describeWithRedis('a worker whose Redis is down or full', () => {
  it('waits for Redis, runs its schedules meanwhile, and then sends the queued mail', async () => {
    const program = (await findRedis())!;
    const port = await freePort();
    const folder = process.env.TEST_FOLDER!;
    await database('schedules').delete();
    const worker = startWorkerProcess({ REDIS_URL: `redis://127.0.0.1:${port}` });
    await remind(booking.id, 5);
    await eventually(async () => database('schedules').where({ name: 'expire holds' }).first(), worker.output);
    expect(mail.mails).toHaveLength(0);

    let redis = await startRedis(program, folder, port);
    await allDone();
    expect(mail.mails).toHaveLength(5);

    await redis.stop();
    await remind(booking.id, 5);
    redis = await startRedis(program, folder, port);
    await allDone();
    expect(mail.mails).toHaveLength(10);
    expect(messageIds().size).toBe(10);

    await redis.stop();
    await end(worker);
  });

  it('keeps messages while Redis is full and sends them afterwards', async () => {
    const redis = await startRedis((await findRedis())!, process.env.TEST_FOLDER!);
    const control = new Redis(redis.url);
    const worker = startWorkerProcess({ REDIS_URL: redis.url, NODE_ENV: 'development' });
    await remind(booking.id, 3);
    await allDone();
    await control.config('SET', 'maxmemory', '1');
    await remind(booking.id, 5);
    await eventually(() => worker.output().includes('cannot be relayed'), worker.output);
    expect(mail.mails).toHaveLength(3);
    await control.config('SET', 'maxmemory', '0');
    await allDone();
    expect(mail.mails).toHaveLength(8);
    expect(messageIds().size).toBe(8);
    await end(worker);
    await control.quit();
    await redis.stop();
  });
});

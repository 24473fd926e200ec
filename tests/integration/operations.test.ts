import path from 'node:path';
import pg from 'pg';
import { database } from '../../src/database';
import { freePort } from '../../src/embedded/ports';
import { anOpenEvent, registerUser, type TestUser } from '../helpers/bookings';
import { startInstance } from '../helpers/instance';
import { startMailServer, type MailServer } from '../helpers/servers/mail-server';
import { execute } from '../helpers/servers/postgres';
import { eventually, linesOf, start, type Started } from '../helpers/servers/processes';
import { startProxy, type Proxy } from '../helpers/servers/proxy';
import { describeWithRedis, testRedisUrl } from '../helpers/servers/redis';

jest.setTimeout(120_000);

const program = (name: string): string => path.join(__dirname, '..', '..', 'dist', `${name}.js`);
const ownerUrl = process.env.DATABASE_OWNER_URL!;
// One check per second, the time that a check may take, and some slack for a busy machine.
const TRUTHFUL_MS = 5000;
const METRICS_TOKEN = 'a token of the scraper';

interface Answer {
  status: number;
  text: string;
  headers: Headers;
  body: { success: boolean; data?: Record<string, unknown>; error?: { code: string; details: unknown } };
}

let proxy: Proxy;
let mail: MailServer;
let port: number;
let workerPort: number;
let api: Started;
let worker: Started;

const settings = (more: Record<string, string>): Record<string, string> => {
  const { JWT_SECRET = '', DATA_DIR = '', DOTENV_CONFIG_PATH = '' } = process.env;
  const ours = { DATABASE_URL: proxy.url, JWT_SECRET, DATA_DIR, DOTENV_CONFIG_PATH, SMTP_URL: mail.url };
  return { ...ours, NODE_ENV: 'development', DATABASE_POOL_SIZE: '2', ...more };
};

async function ask(place: string, init: RequestInit & { port?: number } = {}): Promise<Answer> {
  const answer = await fetch(`http://127.0.0.1:${init.port ?? port}${place}`, init);
  const text = await answer.text();
  const isJson = text.startsWith('{');
  return { status: answer.status, text, headers: answer.headers, body: isJson ? JSON.parse(text) : {} };
}

const readiness = (of = port) => ask('/health/ready', { port: of });

/** Waits until /health/ready reports this, and returns how long that took in milliseconds. */
async function untilReady(isReady: boolean): Promise<number> {
  const since = performance.now();
  await eventually(async () => ((await readiness()).status === 200) === isReady);
  return performance.now() - since;
}

async function figures(of = port): Promise<Map<string, number>> {
  const { text } = await ask('/metrics', {
    port: of,
    headers: of === workerPort ? { Authorization: `Bearer ${METRICS_TOKEN}` } : {},
  });
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

function book(user: TestUser, eventId: number, requestId: string): Promise<Answer> {
  const headers = {
    Authorization: `Bearer ${user.token}`,
    'Content-Type': 'application/json',
    'X-Request-Id': requestId,
  };
  return ask('/api/bookings', { method: 'POST', headers, body: JSON.stringify({ eventId, ticketsCount: 1 }) });
}

beforeAll(async () => {
  proxy = await startProxy(process.env.DATABASE_URL!);
  mail = await startMailServer();
  [port, workerPort] = [await freePort(), await freePort()];
  api = start(
    process.execPath,
    [program('server')],
    settings({ PORT: `${port}`, RATE_LIMIT_MAX_REQUESTS: '40', STOP_DELAY_MS: '500' }),
  );
  worker = start(process.execPath, [program('worker')], settings({ WORKER_PORT: `${workerPort}`, METRICS_TOKEN }));
  await eventually(async () => (await readiness().catch(() => undefined))?.status === 200, api.output);
  await eventually(async () => (await readiness(workerPort).catch(() => undefined))?.status === 200, worker.output);
});
afterAll(async () => {
  for (const { child } of [api, worker]) child.kill('SIGKILL');
  await Promise.all([api.exited, worker.exited]);
  await proxy.close();
  await mail.close();
});

describe('/health', () => {
  it('reports live and ready, with security headers, and without rate limits or log lines', async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => readiness()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(answers[0]!.body).toEqual({ success: true, data: { status: 'ready', database: 'up', redis: 'not used' } });
    const live = await ask('/health/live');
    expect(live.body).toEqual({ success: true, data: { status: 'live', uptimeSeconds: expect.any(Number) } });
    expect(live.headers.get('x-content-type-options')).toBe('nosniff');
    expect(live.headers.get('cache-control')).toBe('no-store');
    expect(linesOf(api).filter(({ path }) => String(path).startsWith('/health'))).toEqual([]);
  });

  it('asks PostgreSQL once a second, however often it is polled', async () => {
    const asked = async () => {
      const { rows } = await database.raw<{ rows: { count: number }[] }>(
        `SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bilten health' AND datname = current_database()`,
      );
      return rows[0]!.count;
    };
    await Promise.all(Array.from({ length: 100 }, () => readiness()));
    // One connection of the API and one of the worker.
    expect(await asked()).toBe(2);
  });

  it('accepts HEAD, and refuses other methods as documented', async () => {
    const head = await ask('/health/ready', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    const { status, body, headers } = await ask('/health/live', { method: 'POST' });
    expect([status, body.error?.code, headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'GET, HEAD']);
  });

  it.each([
    ['is down', () => proxy.down()],
    ['hangs', () => proxy.hang()],
  ])(
    'reports not ready when PostgreSQL %s, and ready when it is back; the process stays live',
    async (_how, breakIt) => {
      breakIt();
      expect(await untilReady(false)).toBeLessThan(TRUTHFUL_MS);
      const { status, body, headers } = await readiness();
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(body.error).toMatchObject({
        code: 'UNAVAILABLE',
        details: [{ path: 'database', message: 'PostgreSQL does not respond.' }],
      });
      expect((await ask('/health/live')).status).toBe(200);
      expect((await figures()).get('bilten_up{server="postgresql"}')).toBe(0);
      proxy.up();
      expect(await untilReady(true)).toBeLessThan(TRUTHFUL_MS);
    },
  );

  it('reports not ready if a lock blocks requests, even if the server is up', async () => {
    const owner = new pg.Client({ connectionString: ownerUrl });
    await owner.connect();
    await owner.query('BEGIN; LOCK TABLE events');
    const waiting = Array.from({ length: 6 }, (_, n) => ask(`/api/events?page=${n + 1}`));
    const connections = (now: Map<string, number>, state: string) =>
      now.get(`bilten_database_connections{pool="requests",state="${state}"}`) ?? 0;
    await eventually(async () => {
      const now = await figures();
      return connections(now, 'used') === 2 && connections(now, 'waiting') > 0;
    });
    const { body } = await eventually(async () => {
      const answer = await readiness();
      return answer.status === 503 ? answer : undefined;
    });
    expect(body.error?.details).toEqual([{ path: 'requests', message: 'PostgreSQL does not respond to requests.' }]);
    await owner.end();
    await untilReady(true);
    await Promise.all(waiting);
  });

  it('is not ready if the schema is older than the program', async () => {
    const { rows } = await database.raw<{ rows: { name: string }[] }>(
      'SELECT name FROM knex_migrations ORDER BY id DESC LIMIT 1',
    );
    const name = rows[0]!.name;
    await execute(ownerUrl, `UPDATE knex_migrations SET name = 'another' WHERE name = '${name}'`);
    await untilReady(false);
    expect((await readiness()).body.error?.details).toEqual([
      { path: 'database', message: 'The schema is outdated: run the migrations.' },
    ]);
    await execute(ownerUrl, `UPDATE knex_migrations SET name = '${name}' WHERE name = 'another'`);
    await untilReady(true);
  });
});

describeWithRedis('/health/ready with Redis', () => {
  it('reports whether Redis is up, and is ready without it', async () => {
    const [here, gone] = [testRedisUrl!, 'redis://127.0.0.1:9'].map((url) => startInstance({ REDIS_URL: url }));
    const states = async (instance: ReturnType<typeof startInstance>, state: string) =>
      eventually(async () => {
        const { status, body } = await instance.anonymous.get('/health/ready');
        expect(status).toBe(200);
        return body.data.redis === state;
      });
    await states(here!, 'up');
    await states(gone!, 'down');
    await Promise.all([here!.close(), gone!.close()]);
  });
});

describe('/metrics', () => {
  it('counts requests by declared route and status, and never contains raw paths', async () => {
    await ask('/api/events/987654321');
    await ask('/api/events/987654321');
    await ask('/no/such/page-123');
    const now = await figures();
    const of = (route: string, status: number) =>
      now.get(`http_request_duration_seconds_count{method="GET",route="${route}",status="${status}"}`);
    expect(of('/api/events/:id', 404)).toBe(2);
    expect(of('other', 404)).toBe(1);
    const text = [...now.keys()].join('\n');
    expect(text).not.toMatch(/987654321|page-123|route="\/(health|metrics)/);
    expect(text).toMatch(/nodejs_eventloop_lag_p99_seconds/);
    expect(text).toMatch(/process_resident_memory_bytes/);
    for (const name of ['bilten_http_connections', 'bilten_inventory_waiting', 'bilten_ready'])
      expect(now.get(name)).toEqual(expect.any(Number));
  });

  it('counts bookings, refusals by code, jobs and mails; the worker logs the request id', async () => {
    const event = await anOpenEvent({ totalTickets: 1 });
    const [buyer, late] = [await registerUser(), await registerUser()];
    expect((await book(buyer, event.id, 'abc-of-the-buyer')).status).toBe(201);
    expect((await book(late, event.id, 'abc-of-the-late')).status).toBe(409);
    const now = await figures();
    const commands = (outcome: string) =>
      now.get(`bilten_inventory_commands_total{command="book",outcome="${outcome}"}`);
    expect([commands('done'), commands('SOLD_OUT')]).toEqual([1, 1]);

    await eventually(() => mail.mailsTo(buyer.user.email).length > 0, worker.output);
    const done = await eventually(() => linesOf(worker).find(({ requestId }) => requestId === 'abc-of-the-buyer'));
    expect(done).toMatchObject({ job: 'booking.confirmed', messageId: expect.any(Number), msg: 'job' });
    const jobs = await figures(workerPort);
    expect(jobs.get('bilten_job_duration_seconds_count{job="booking.confirmed",outcome="done"}')).toBe(1);
    expect(jobs.get('bilten_mails_total{outcome="sent"}')).toBe(1);
    expect(jobs.get('bilten_schedule_duration_seconds_count{schedule="expire holds",outcome="done"}')).toBeGreaterThan(
      0,
    );
  });

  it('counts waiting messages, and every log line of a failing job has the request id', async () => {
    mail.refuseWith({ responseCode: 451, message: 'not now' });
    const buyer = await registerUser();
    await book(buyer, (await anOpenEvent()).id, 'abc-that-fails');
    const failed = await eventually(() =>
      linesOf(worker).find(({ requestId, level }) => requestId === 'abc-that-fails' && level === 40),
    );
    expect(failed).toMatchObject({
      job: 'booking.confirmed',
      attempts: 1,
      msg: 'A message failed and will be retried',
    });
    for (const one of [port, workerPort]) {
      const shown = await eventually(async () => {
        const now = await figures(one);
        return (now.get('bilten_messages{queue="email",status="delayed"}') ?? 0) > 0 ? now : undefined;
      });
      expect(shown.get('bilten_message_age_seconds{queue="email",status="delayed"}')).toBeGreaterThan(0);
      expect(shown.get('bilten_messages{queue="payments",status="parked"}')).toBe(0);
      expect(shown.get('bilten_schedule_age_seconds{schedule="expire holds"}')).toBeLessThan(30);
    }
    mail.refuseWith(undefined);
    await eventually(() => mail.mailsTo(buyer.user.email).length > 0, worker.output);
  });

  it.each([
    ['X-Forwarded-For', '10.0.0.1'],
    ['Forwarded', 'for=10.0.0.1'],
    ['Via', '1.1 proxy'],
  ])('is not served through a proxy: %s', async (name, value) => {
    const { status, body } = await ask('/metrics', { headers: { [name]: value } });
    expect([status, body.error?.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('requires its token from everybody if one is set', async () => {
    for (const headers of [{}, { Authorization: 'Bearer a token of another' }]) {
      const { status, body } = await ask('/metrics', { port: workerPort, headers: headers as Record<string, string> });
      expect([status, body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
    }
    const headers = { Authorization: `Bearer ${METRICS_TOKEN}`, 'X-Forwarded-For': '203.0.113.7' };
    expect((await ask('/metrics', { port: workerPort, headers })).status).toBe(200);
  });
});

describe('the worker', () => {
  it('reports not ready while PostgreSQL is down, and serves nothing else', async () => {
    proxy.down();
    await eventually(async () => (await readiness(workerPort)).status === 503);
    expect((await ask('/health/live', { port: workerPort })).status).toBe(200);
    proxy.up();
    await eventually(async () => (await readiness(workerPort)).status === 200);
    const { status, body } = await ask('/api/events', { port: workerPort });
    expect([status, body.error?.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('SIGTERM', () => {
  it('is reported by /health/ready at once, while requests are still served', async () => {
    api.child.kill('SIGTERM');
    const { body } = await eventually(async () => {
      const answer = await readiness();
      return answer.status === 503 ? answer : undefined;
    });
    expect(body.error?.details).toEqual([{ path: 'process', message: 'The process is stopping.' }]);
    expect((await ask('/api/events')).status).toBe(200);
    expect(await api.exited).toEqual({ code: 0, signal: null });
  });
});

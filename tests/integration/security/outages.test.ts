import path from 'node:path';
import type { Response } from 'supertest';
import { openCluster } from '../../../src/embedded/cluster';
import { freePort } from '../../../src/embedded/ports';
import { startPostmaster, type Postmaster } from '../../../src/embedded/postmaster';
import { ensureRoles, OWNER, PROGRAM, getUrl } from '../../../src/embedded/roles';
import { migrate } from '../../../src/migrate';
import { inHours } from '../../helpers/events';
import { startInstance, type Instance } from '../../helpers/instance';
import { eventually } from '../../helpers/servers/processes';
import { describeWithRedis } from '../../helpers/servers/redis';
import { findRedis, startRedis, type RedisServer } from '../../helpers/servers/redis-server';

jest.setTimeout(120_000);

const password = 'a long enough pass phrase';

async function register(instance: Instance, email: string, role = 'customer'): Promise<string> {
  const { body } = await instance.anonymous.post('/api/auth/register').send({ email, password, role }).expect(201);
  return (body as { data: { token: string } }).data.token;
}

async function publish(instance: Instance, token: string): Promise<number> {
  const event = { title: 'Through thick and thin', startDate: inHours(500), totalTickets: 1 };
  const { body } = await instance.as(token).post('/api/events').send(event).expect(201);
  return (body as { data: { id: number } }).data.id;
}

/** Does everything that users do, from signing up to signing out. @throws Error if any of it fails */
async function useEverything(instance: Instance, name: string): Promise<void> {
  const organizer = await register(instance, `organizer-${name}@example.com`, 'organizer');
  const eventId = await publish(instance, organizer);
  const [ada, bob] = [
    await register(instance, `ada-${name}@example.com`),
    await register(instance, `bob-${name}@example.com`),
  ];
  const login = { email: `ada-${name}@example.com`, password };
  await instance.anonymous.post('/api/auth/login').send(login).expect(200);
  const { body } = await instance.as(ada).post('/api/bookings').send({ eventId, ticketsCount: 1 }).expect(201);
  const { id } = (body as { data: { id: number } }).data;
  await instance.as(bob).post('/api/bookings').send({ eventId, ticketsCount: 1 }).expect(409);
  await instance.as(bob).post('/api/waitlist/join').send({ eventId }).expect(201);
  await instance.as(ada).put(`/api/bookings/${id}/cancel`).send({}).expect(200);
  await instance.as(bob).post('/api/bookings').send({ eventId, ticketsCount: 1 }).expect(201);
  await instance.as(organizer).put(`/api/events/${eventId}`).send({ venueName: 'Elsewhere' }).expect(200);
  await instance.as(organizer).post(`/api/events/${eventId}/cancel`).send({ confirm: true }).expect(202);
  await instance.anonymous.get('/api/events').expect(200);
  await instance.as(bob).get('/api/notifications').expect(200);
  await instance.anonymous.post('/api/auth/forgot-password').send({ email: login.email }).expect(202);
  await instance.as(ada).post('/api/auth/logout').expect(204);
}

describe('with PostgreSQL stopped', () => {
  const home = path.join(process.env.DATA_DIR!, 'outage');
  let port: number;
  let server: Postmaster | undefined;
  let instance: Instance;

  const start = async (): Promise<void> => {
    server = await startPostmaster(await openCluster(home, false), port, false);
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = undefined;
  };

  beforeAll(async () => {
    port = await freePort();
    const { passwords } = await openCluster(home, false);
    await start();
    await ensureRoles(passwords, port);
    const [owner, program] = [getUrl(OWNER, passwords.owner, { port }), getUrl(PROGRAM, passwords.program, { port })];
    await migrate(owner, PROGRAM);
    instance = startInstance({ DATABASE_URL: program, DATABASE_OWNER_URL: owner });
    instance.startRevocationPolling();
  });
  afterAll(async () => {
    await instance?.close();
    await stop();
  });

  it('returns 503 with Retry-After, keeps running, and recovers by itself', async () => {
    const token = await register(instance, 'before@example.com', 'organizer');
    const eventId = await publish(instance, token);
    const asks: Record<string, () => PromiseLike<Response>> = {
      'a list': () => instance.anonymous.get(`/api/events?limit=${1 + Math.floor(Math.random() * 100)}`),
      'an event': () => instance.anonymous.get(`/api/events/${eventId}`),
      'a sign-in': () => instance.anonymous.post('/api/auth/login').send({ email: 'before@example.com', password }),
      'a registration': () => instance.anonymous.post('/api/auth/register').send({ email: 'x@example.com', password }),
      'a booking': () => instance.as(token).post('/api/bookings').send({ eventId, ticketsCount: 1 }),
      'my bookings': () => instance.as(token).get('/api/bookings'),
      'a change': () => instance.as(token).put(`/api/events/${eventId}`).send({ venueName: 'There' }),
      'joining the waitlist': () => instance.as(token).post('/api/waitlist/join').send({ eventId }),
    };
    for (let outage = 1; outage <= 2; outage += 1) {
      await stop();
      for (const [what, ask] of Object.entries(asks)) {
        const { status, body, headers } = await ask();
        expect({ what, status, code: body.error?.code }).toEqual({ what, status: 503, code: 'UNAVAILABLE' });
        expect(Number(headers['retry-after'])).toBeGreaterThan(0);
        expect(body.error.message).not.toMatch(/ECONN|127\.0\.0\.1|postgres/i);
      }
      // Requests that need no database still work.
      await instance.anonymous.get('/api/openapi.json').expect(200);
      await instance.anonymous.get('/api/nothing').expect(404);

      await start();
      await eventually(async () => (await instance.as(token).get('/api/bookings')).status === 200);
      await useEverything(instance, `after-${outage}`);
    }
  });
});

describeWithRedis('with Redis stopped', () => {
  const limits = { RATE_LIMIT_MAX_REQUESTS: '100000' };
  const folder = process.env.TEST_FOLDER!;
  const instances: Instance[] = [];
  let redis: RedisServer | undefined;

  async function startOwn(port?: number): Promise<RedisServer> {
    const program = await findRedis();
    if (!program) throw new Error('This test starts and stops its own Redis. Install redis-server or valkey-server.');
    return startRedis(program, folder, port);
  }
  const open = (redisUrl: string): Instance => {
    const instance = startInstance({ ...limits, REDIS_URL: redisUrl });
    instances.push(instance);
    return instance;
  };
  const counts = async (instance: Instance) => 'ratelimit' in (await instance.anonymous.get('/api/events')).headers;

  afterEach(async () => {
    for (const instance of instances.splice(0)) await instance.close();
    await redis?.stop();
    redis = undefined;
  });

  it('serves every request, and shares limits again when Redis is back', async () => {
    redis = await startOwn();
    const { port } = redis;
    const instance = open(redis.url);
    await eventually(() => counts(instance));
    await redis.stop();
    await useEverything(instance, 'redis-gone');
    // Meanwhile the process counts by itself.
    expect(await counts(instance)).toBe(true);
    redis = await startOwn(port);
    await eventually(() => counts(instance));
  });

  it('starts and works, and counts as soon as Redis is up', async () => {
    const port = await freePort();
    const instance = open(`redis://127.0.0.1:${port}`);
    await useEverything(instance, 'redis-absent');
    redis = await startOwn(port);
    await eventually(() => counts(instance));
  });
});

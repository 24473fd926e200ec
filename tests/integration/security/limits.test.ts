import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Response } from 'supertest';
import { registerUser } from '../../helpers/accounts';
import { startInstance, type Instance } from '../../helpers/instance';
import { describeWithRedis, testRedisUrl } from '../../helpers/servers/redis';

const running: Instance[] = [];

function limited(environment: Record<string, string>): Instance {
  const instance = startInstance({ RATE_LIMIT_MAX_REQUESTS: '1000', ...environment });
  running.push(instance);
  return instance;
}

afterEach(async () => {
  for (const instance of running.splice(0)) await instance.close();
});

const list = (instance: Instance) => instance.anonymous.get('/api/events');
const forwarded = (instance: Instance, addresses: string) => list(instance).set('X-Forwarded-For', addresses);

function remaining({ headers }: Response): number {
  return Number(/remaining=(\d+)/.exec(headers.ratelimit ?? '')?.[1]);
}

function expectLimited({ status, body, headers }: Response): void {
  expect({ status, code: body.error?.code }).toEqual({ status: 429, code: 'RATE_LIMITED' });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(900);
}

describe('RATE_LIMIT_MAX_REQUESTS', () => {
  it('limits the requests of an address, and is reported in headers', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '3' });
    for (const left of [2, 1, 0]) {
      const answer = await list(instance).expect(200);
      expect(answer.headers.ratelimit).toMatch(new RegExp(`^limit=3, remaining=${left}, reset=\\d+$`));
      expect(answer.headers['ratelimit-policy']).toBe('3;w=900');
    }
    expectLimited(await list(instance));
    expectLimited(await instance.anonymous.get('/api/nothing'));
  });

  it('counts /api/v1 together with /api, in every tier', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '3', RATE_LIMIT_SIGN_UP: '1' });
    await list(instance).expect(200);
    const versioned = await instance.anonymous.get('/api/v1/events').expect(200);
    expect(remaining(versioned)).toBe(1);
    await instance.anonymous.post('/api/v1/auth/register').send({}).expect(400);
    expectLimited(await list(instance));
    const strict = limited({ RATE_LIMIT_SIGN_UP: '1' });
    await strict.anonymous.post('/api/v1/auth/register').send({}).expect(400);
    expectLimited(await strict.anonymous.post('/api/auth/register').send({}));
  });

  it('counts each user separately, and not their address', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '2' });
    const [ada, bob] = [await registerUser(), await registerUser()];
    for (const { token } of [ada, bob, ada, bob]) await instance.as(token).get('/api/auth/profile').expect(200);
    expectLimited(await instance.as(ada.token).get('/api/auth/profile'));
    await list(instance).expect(200);
    // A request with an invalid token counts for its address.
    await instance.as(`${ada.token}x`).get('/api/events');
    expectLimited(await instance.as('nonsense').get('/api/events'));
  });

  it('turns every tier off at 0', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '0', RATE_LIMIT_SIGN_IN: '1' });
    for (let i = 0; i < 3; i += 1) {
      const answer = await instance.anonymous
        .post('/api/auth/login')
        .send({ email: `a${i}@example.com`, password: 'x' });
      expect(answer.status).toBe(401);
      expect(answer.headers).not.toHaveProperty('ratelimit');
    }
  });
});

describe('RATE_LIMIT_WINDOW_MS', () => {
  it('sets the time after which the count restarts', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '1', RATE_LIMIT_WINDOW_MS: '1000' });
    await list(instance).expect(200);
    const refused = await list(instance);
    expect(refused.headers['retry-after']).toBe('1');
    await sleep(1100);
    await list(instance).expect(200);
  });
});

describe('X-Forwarded-For', () => {
  it('has no effect without TRUST_PROXY', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '2' });
    await forwarded(instance, '198.51.100.1').expect(200);
    await forwarded(instance, '198.51.100.2').expect(200);
    expectLimited(await forwarded(instance, '198.51.100.3'));
    expectLimited(await list(instance).set({ Forwarded: 'for=198.51.100.4', 'X-Real-IP': '198.51.100.4' }));
  });

  it('separates clients behind a proxy that TRUST_PROXY names, and trusts only that proxy', async () => {
    const instance = limited({ RATE_LIMIT_MAX_REQUESTS: '1', TRUST_PROXY: '1' });
    await forwarded(instance, '198.51.100.1').expect(200);
    await forwarded(instance, '198.51.100.2').expect(200);
    expectLimited(await forwarded(instance, '198.51.100.1'));
    // Addresses that the client sends come before the one that the proxy adds.
    expectLimited(await forwarded(instance, '203.0.113.9, 198.51.100.1'));
  });
});

describe('each tier', () => {
  const loginOf = (email: string) => ({ email, password: 'not the one' });
  const account = (email: string) => ({ email, password: 'a long enough pass phrase' });
  const tiers: [name: string, path: string, bodies: (n: number) => object, first: number][] = [
    ['RATE_LIMIT_SIGN_IN', '/api/auth/login', (n) => loginOf(`sign-in-${n}@example.com`), 401],
    ['RATE_LIMIT_SIGN_UP', '/api/auth/register', (n) => account(`sign-up-${n}@example.com`), 201],
    ['RATE_LIMIT_PASSWORD_RESET', '/api/auth/forgot-password', (n) => ({ email: `forgot-${n}@example.com` }), 202],
  ];

  it.each(tiers)('%s counts per address, for any account', async (name, path, bodyOf, first) => {
    const instance = limited({ [name]: '2' });
    const send = (n: number) => instance.anonymous.post(path).send(bodyOf(n)).set('X-Forwarded-For', `198.51.100.${n}`);
    expect((await send(1)).status).toBe(first);
    const second = await send(2);
    expect(second.status).toBe(first);
    expect(remaining(second)).toBe(0);
    expectLimited(await send(3));
    // Other routes are not affected.
    await list(instance).expect(200);
  });

  it('RATE_LIMIT_BOOKINGS counts per user', async () => {
    const instance = limited({ RATE_LIMIT_BOOKINGS: '1' });
    const [ada, bob] = [await registerUser(), await registerUser()];
    const book = (token: string) =>
      instance.as(token).post('/api/bookings').send({ eventId: 2_000_000_000, ticketsCount: 1 });
    expect((await book(ada.token)).status).toBe(404);
    expectLimited(await book(ada.token));
    expect((await book(bob.token)).status).toBe(404);
  });

  it('RATE_LIMIT_UPLOADS counts uploads per user', async () => {
    const instance = limited({ RATE_LIMIT_UPLOADS: '1' });
    const [ada, bob] = [await registerUser(), await registerUser()];
    const upload = (token: string) => instance.as(token).post('/api/files');
    expect((await upload(ada.token)).status).toBe(400);
    expectLimited(await upload(ada.token));
    expect((await upload(bob.token)).status).toBe(400);
    await instance.as(ada.token).get('/api/files').expect(200);
  });
});

describeWithRedis('with Redis', () => {
  it('processes count together', async () => {
    const redis = new Redis(testRedisUrl!);
    await redis.flushdb();
    await redis.quit();
    const environment = { RATE_LIMIT_MAX_REQUESTS: '4', REDIS_URL: testRedisUrl! };
    const [one, other] = [limited(environment), limited(environment)];
    const { token } = await registerUser();
    const ask = async (instance: Instance) => instance.as(token).get('/api/auth/profile');
    // Requests are not counted until Redis is connected.
    while (Number.isNaN(remaining(await ask(one)))) await sleep(20);
    while (Number.isNaN(remaining(await ask(other)))) await sleep(20);
    for (let tries = 0; tries < 4; tries += 1) await ask(tries % 2 ? one : other);
    expectLimited(await ask(one));
    expectLimited(await ask(other));
  });
});

import { database } from '../../../src/database';
import { PASSWORD, registerUser } from '../../helpers/accounts';
import { startInstance, type Instance } from '../../helpers/instance';

const WRONG = 'not the password';
const FREE_ELSEWHERE = 25;
const HOME = '203.0.113.9';

let behindProxy: Instance;
beforeAll(() => {
  behindProxy = startInstance({ TRUST_PROXY: 'true' });
});
afterAll(() => behindProxy.close());

const login = (email: string, password: string, ip: string) =>
  behindProxy.anonymous.post('/api/auth/login').set('X-Forwarded-For', ip).send({ email, password });
/** Returns an address whose /56 differs for each `n`, within one /48. */
const network = (n: number): string => `2001:db8:77:${(n * 256).toString(16)}::1`;

async function statusesOf(requests: PromiseLike<{ status: number }>[]): Promise<Map<number, number>> {
  const counts = new Map<number, number>();
  for (const { status } of await Promise.all(requests)) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

describe('guesses of one password from many networks', () => {
  it('share one limit, in sequence and concurrently', async () => {
    for (const size of [1, 40]) {
      const { user } = await registerUser();
      let guessed = 0;
      for (let n = 0; n < 80; n += size) {
        const counts = await statusesOf(
          Array.from({ length: size }, (_, i) => login(user.email, WRONG, network(n + i))),
        );
        guessed += counts.get(401) ?? 0;
      }
      expect([size, guessed]).toEqual([size, FREE_ELSEWHERE]);
      const right = await login(user.email, PASSWORD, network(200));
      expect([right.status, right.body.error.code]).toEqual([429, 'RATE_LIMITED']);
    }
  });

  it('never lock the owner out of a network they have used, even after logout', async () => {
    const { user } = await registerUser();
    const { body } = await login(user.email, PASSWORD, HOME).expect(200);
    await behindProxy.as(body.data.token).post('/api/auth/logout').expect(204);
    await database('sessions').where({ user_id: user.id }).delete();
    for (let n = 0; n < FREE_ELSEWHERE + 5; n += 1) await login(user.email, WRONG, network(n));
    expect((await login(user.email, PASSWORD, network(99))).status).toBe(429);
    expect((await login(user.email, PASSWORD, HOME)).status).toBe(200);
    expect((await login(user.email, WRONG, HOME)).status).toBe(401);
    expect((await login(user.email, PASSWORD, HOME)).status).toBe(200);
  });

  it('count the same for an address without an account', async () => {
    const email = 'nobody-at-all@example.com';
    const counts = await statusesOf(Array.from({ length: 60 }, (_, n) => login(email, WRONG, network(n))));
    expect(counts.get(401)).toBe(FREE_ELSEWHERE);
  });

  it('do not affect other accounts, and are forgotten after the wait', async () => {
    const [{ user }, other] = [await registerUser(), await registerUser()];
    await Promise.all(Array.from({ length: 60 }, (_, n) => login(user.email, WRONG, network(n))));
    expect((await login(other.user.email, PASSWORD, network(1))).status).toBe(200);
    await database('sign_in_failures').update({ blocked_until: database.raw('now()') });
    expect((await login(user.email, PASSWORD, network(210))).status).toBe(200);
  });
});

describe('limits while Redis is down', () => {
  it.each([
    ['RATE_LIMIT_SIGN_IN', '/api/auth/login', { email: 'someone@example.com', password: WRONG }],
    ['RATE_LIMIT_SIGN_UP', '/api/auth/register', { email: 'x', password: PASSWORD }],
    ['RATE_LIMIT_PASSWORD_RESET', '/api/auth/forgot-password', { email: 'nobody@example.com' }],
    ['RATE_LIMIT_MAX_REQUESTS', '/api/auth/verify-email', { token: 'none' }],
  ])('apply within the process: %s', async (name, path, body) => {
    const instance = startInstance({ REDIS_URL: 'redis://127.0.0.1:1', RATE_LIMIT_MAX_REQUESTS: '1000', [name]: '4' });
    const statuses: number[] = [];
    for (let i = 0; i < 6; i += 1) statuses.push((await instance.anonymous.post(path).send(body)).status);
    await instance.close();
    expect(statuses.slice(0, 4)).not.toContain(429);
    expect(statuses.slice(4)).toEqual([429, 429]);
  });
});

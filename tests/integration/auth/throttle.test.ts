import { database } from '../../../src/database';
import { PASSWORD, registerUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { holdHashes } from '../../helpers/hashes';
import { startInstance, type Instance } from '../../helpers/instance';

const WRONG = 'not the password';
const FREE = 5;

let behindProxy: Instance;
beforeAll(() => {
  behindProxy = startInstance({ TRUST_PROXY: 'true' });
});
afterAll(() => behindProxy.close());

const login = (email: string, password: string, ip = '203.0.113.1') =>
  behindProxy.anonymous.post('/api/auth/login').set('X-Forwarded-For', ip).send({ email, password });

async function fail(email: string, times: number, ip?: string): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < times; i += 1) statuses.push((await login(email, WRONG, ip)).status);
  return statuses;
}

async function waitIsOver(): Promise<void> {
  await database('sign_in_failures').update({ blocked_until: database.raw('now()') });
}

describe('provePassword', () => {
  it('returns 429 with a growing Retry-After after five failures, even for the right password', async () => {
    const { user } = await registerUser();
    expect(await fail(user.email, FREE)).toEqual([401, 401, 401, 401, 401]);
    const refused = await login(user.email, PASSWORD);
    expect([refused.status, refused.body.error.code]).toEqual([429, 'RATE_LIMITED']);
    const waits = [Number(refused.headers['retry-after'])];
    for (let i = 0; i < 7; i += 1) {
      await waitIsOver();
      expect(await fail(user.email, 1)).toEqual([401]);
      waits.push(Number((await login(user.email, WRONG)).headers['retry-after']));
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900]);
  });

  it('accepts the owner from another network, and resets only that network’s count', async () => {
    const { user } = await registerUser();
    await fail(user.email, FREE, '198.51.100.7');
    expect((await login(user.email, PASSWORD, '198.51.100.7')).status).toBe(429);
    expect((await login(user.email, PASSWORD, '203.0.113.9')).status).toBe(200);
    expect((await login(user.email, PASSWORD, '198.51.100.7')).status).toBe(429);
  });

  it('counts an IPv6 network as one address', async () => {
    const { user } = await registerUser();
    for (let i = 0; i < FREE; i += 1) await login(user.email, WRONG, `2001:db8:1:2::${i + 1}`);
    expect((await login(user.email, PASSWORD, '2001:db8:1:2:ffff::1')).status).toBe(429);
    expect((await login(user.email, PASSWORD, '2001:db8:2:2::1')).status).toBe(200);
  });

  it('counts the same for accounts that do not exist', async () => {
    const answers = await fail('nobody@example.com', FREE + 1);
    expect(answers).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('stores no address', async () => {
    await fail('nobody-else@example.com', 1);
    const { rows } = await database.raw(`SELECT string_agg(f::text, ' ') AS all FROM sign_in_failures f`);
    expect(rows[0].all).not.toContain('nobody');
  });

  it('resets after a success', async () => {
    const { user } = await registerUser();
    await fail(user.email, FREE - 1);
    expect((await login(user.email, PASSWORD)).status).toBe(200);
    expect(await fail(user.email, FREE)).toEqual([401, 401, 401, 401, 401]);
  });

  it('resets a day later', async () => {
    const { user } = await registerUser();
    await fail(user.email, FREE);
    await waitIsOver();
    await database('sign_in_failures').update({ last_failed_at: database.raw(`now() - interval '25 hours'`) });
    expect(await fail(user.email, FREE + 1)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('allows five concurrent guesses at most, even with the right password', async () => {
    const { user } = await registerUser();
    const wrong = await Promise.all(Array.from({ length: 30 }, () => login(user.email, WRONG)));
    expect(wrong.filter(({ status }) => status === 401)).toHaveLength(FREE);
    expect(wrong.filter(({ status }) => status === 429)).toHaveLength(25);
    expect((await login(user.email, PASSWORD)).status).toBe(429);
  });

  it('refuses the right password if guesses fail while it is checked', async () => {
    const { user } = await registerUser();
    const hashes = holdHashes((answer) => answer === true);
    // This application shares the modules of the test, and so the spy; an instance would not.
    const send = (password: string) => anonymous.post('/api/auth/login').send({ email: user.email, password });
    const right = send(PASSWORD).then((answer) => answer);
    await hashes.arrival(1);
    for (let i = 0; i < FREE; i += 1) expect((await send(WRONG)).status).toBe(401);
    hashes.release();
    expect((await right).status).toBe(429);
  });

  it('does not count successful logins, even many at once', async () => {
    const { user } = await registerUser();
    const answers = await Promise.all(Array.from({ length: 20 }, () => login(user.email, PASSWORD)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('ignores X-Forwarded-For unless configured to trust it', async () => {
    const { user } = await registerUser();
    const statuses: number[] = [];
    for (let i = 0; i <= FREE; i += 1) {
      const { status } = await anonymous
        .post('/api/auth/login')
        .set('X-Forwarded-For', `203.0.113.${i}`)
        .send({ email: user.email, password: WRONG });
      statuses.push(status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('also protects the current password of a signed-in user', async () => {
    const user = await registerUser();
    const change = (currentPassword: string) =>
      as(user).put('/api/auth/change-password').send({ currentPassword, newPassword: 'another long pass phrase' });
    for (let i = 0; i < FREE; i += 1) expect((await change(WRONG)).status).toBe(400);
    expect((await change(PASSWORD)).status).toBe(429);
  });
});

describe('rate limits', () => {
  it.each([
    ['RATE_LIMIT_SIGN_IN', '/api/auth/login', { email: 'nobody@example.com', password: WRONG }],
    ['RATE_LIMIT_SIGN_UP', '/api/auth/register', { email: 'new@example.com', password: PASSWORD }],
    ['RATE_LIMIT_PASSWORD_RESET', '/api/auth/forgot-password', { email: 'nobody@example.com' }],
  ])('%s limits POST %s per address', async (name, path, body) => {
    const instance = startInstance({ RATE_LIMIT_MAX_REQUESTS: '1000', [name]: '2' });
    const statuses: number[] = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await instance.anonymous.post(path).send(body)).status);
    await instance.close();
    expect(statuses.map((status) => status === 429)).toEqual([false, false, true]);
  });
});

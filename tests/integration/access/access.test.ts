import { createHmac, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import jwt from 'jsonwebtoken';
import { database } from '../../../src/database';
import { routes } from '../../../src/routes';
import { getAccessTokenKey } from '../../../src/services/secrets.service';
import { changeAccess } from '../../../src/services/users/change-access';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { startInstance, type Instance } from '../../helpers/instance';

const secret = getAccessTokenKey();
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const profile = (token: string, client = as) => client(token).get('/api/auth/profile');

describe('actorOf', () => {
  let user: TestUser;
  let claims: Record<string, unknown>;
  beforeAll(async () => {
    user = await registerUser();
    claims = { ...(jwt.decode(user.token) as object) };
  });

  const sign = (changed: object, options: jwt.SignOptions = {}, key: jwt.Secret = secret) =>
    jwt.sign({ ...claims, ...changed }, key as never, { algorithm: 'HS256', ...options });
  const without = (name: string) => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const by = (header: object, payload: object, signature: (text: string) => string) => {
    const text = `${encode(header)}.${encode(payload)}`;
    return `${text}.${signature(text)}`;
  };
  const hs256 = (key: string | Buffer | KeyObject) => (text: string) =>
    createHmac('sha256', key).update(text).digest('base64url');
  const [header, payload, signature] = [
    () => user.token.split('.')[0]!,
    () => user.token.split('.')[1]!,
    () => user.token.split('.')[2]!,
  ];

  const forged: [string, () => string][] = [
    ['alg none', () => by({ alg: 'none', typ: 'JWT' }, claims, () => '')],
    ['alg None', () => by({ alg: 'None', typ: 'JWT' }, claims, () => '')],
    ['alg NONE with the old signature', () => by({ alg: 'NONE' }, claims, () => signature())],
    ['no alg', () => by({ typ: 'JWT' }, claims, hs256(secret))],
    ['alg of another kind', () => by({ alg: ['HS256'] }, claims, hs256(secret))],
    ['another key', () => sign({}, {}, 'another key that is long enough for it')],
    ['JWT_SECRET itself, which only derives keys', () => sign({}, {}, process.env.JWT_SECRET!)],
    ['an empty key', () => by({ alg: 'HS256' }, claims, hs256(''))],
    ['a random key', () => by({ alg: 'HS256' }, claims, hs256(randomBytes(32)))],
    ['HS384 with our key', () => sign({}, { algorithm: 'HS384' })],
    ['HS512 with our key', () => sign({}, { algorithm: 'HS512' })],
    ['RS256', () => sign({}, { algorithm: 'RS256' }, rsa.privateKey)],
    ['PS256', () => sign({}, { algorithm: 'PS256' }, rsa.privateKey)],
    ['ES256', () => sign({}, { algorithm: 'ES256' }, ec.privateKey)],
    [
      'HS256 with a public key',
      () => by({ alg: 'HS256' }, claims, hs256(rsa.publicKey.export({ type: 'spki', format: 'pem' }))),
    ],
    [
      'RS256 with its key in the header',
      () =>
        by({ alg: 'RS256', jwk: rsa.publicKey.export({ format: 'jwk' }) }, claims, (text) =>
          createSign('sha256').update(text).sign(rsa.privateKey, 'base64url'),
        ),
    ],
    ['no signature', () => `${header()}.${payload()}.`],
    ['two parts', () => `${header()}.${payload()}`],
    ['four parts', () => `${user.token}.${signature()}`],
    ['a cut signature', () => user.token.slice(0, -4)],
    [
      'a changed signature',
      () =>
        `${header()}.${payload()}.${Buffer.from(Buffer.from(signature(), 'base64url').map((byte) => byte ^ 1)).toString('base64url')}`,
    ],
    ['changed claims', () => `${header()}.${encode({ ...claims, role: 'admin' })}.${signature()}`],
    [
      'another user under the same signature',
      () => `${header()}.${encode({ ...claims, sub: String(user.user.id + 1) })}.${signature()}`,
    ],
    ['no type', () => jwt.sign(without('typ'), secret)],
    ['the type refresh', () => sign({ typ: 'refresh' })],
    ['a list of types', () => sign({ typ: ['access'] })],
    ['no issuer', () => jwt.sign(without('iss'), secret)],
    ['another issuer', () => sign({ iss: 'other' })],
    ['no subject', () => jwt.sign(without('sub'), secret)],
    ['a subject that is no number', () => sign({ sub: 'me' })],
    ['the subject 0', () => sign({ sub: '0' })],
    ['an empty subject', () => sign({ sub: '' })],
    ['no session', () => jwt.sign(without('sid'), secret)],
    ['a session as text', () => sign({ sid: String(claims.sid) })],
    ['an unknown role', () => sign({ role: 'root' })],
    ['a list of roles', () => sign({ role: ['admin'] })],
    ['no role', () => jwt.sign(without('role'), secret)],
    ['no expiry', () => jwt.sign(without('exp'), secret)],
    ['not yet valid', () => sign({ nbf: Math.floor(Date.now() / 1000) + 3600 })],
    ['claims that are no object', () => by({ alg: 'HS256' }, 'admin' as never, hs256(secret))],
    ['no JSON', () => `${Buffer.from('{').toString('base64url')}.${payload()}.${signature()}`],
    ['a word', () => 'token'],
    ['dots', () => '..'],
    ['something long', () => 'a'.repeat(8000)],
    ['__proto__', () => '__proto__'],
  ];

  it.each(forged)('401 UNAUTHORIZED for a forged token: %s', async (_what, forge) => {
    const { status, body } = await profile(forge());
    expect([status, body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
  });

  it('401 for a refresh token used as an access token', async () => {
    const { body } = await anonymous.post('/api/auth/login').send({ email: user.user.email, password: PASSWORD });
    expect((await profile(body.data.refreshToken)).body.error.code).toBe('UNAUTHORIZED');
  });

  it('401 TOKEN_EXPIRED for an expired token, even if it was cached', async () => {
    const token = sign({ exp: Math.floor(Date.now() / 1000) + 60 });
    expect((await profile(token)).status).toBe(200);
    const real = Date.now;
    jest.spyOn(Date, 'now').mockImplementation(() => real() + 61_000);
    const { status, body } = await profile(token);
    jest.restoreAllMocks();
    expect([status, body.error.code]).toEqual([401, 'TOKEN_EXPIRED']);
  });

  it.each([['Basic YTpi'], ['Bearer'], ['Bearer '], ['Token x'], [''], ['Bearer\tx']])(
    '401 for the header %j',
    async (value) => {
      expect((await anonymous.get('/api/auth/profile').set('Authorization', value)).status).toBe(401);
    },
  );

  it('accepts the scheme in any letter case', async () => {
    expect((await anonymous.get('/api/auth/profile').set('Authorization', `bearer ${user.token}`)).status).toBe(200);
  });

  it('verifies a token once and limits the number of cached tokens', async () => {
    const verify = jest.spyOn(jwt, 'verify');
    const { token } = await registerUser();
    for (let i = 0; i < 3; i += 1) expect((await profile(token)).status).toBe(200);
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });
});

describe('every route that requires a login', () => {
  const closed = routes
    .filter(({ access }) => access !== 'public')
    .map((route) => [route.method, route.path, route] as const);
  const path = (template: string) => `/api${template.replace(/:\w+/g, '1')}`;

  it.each(closed)('%s %s: 401 without a token, 403 for a suspended user', async (method, template) => {
    const nobody = await anonymous[method](path(template));
    expect([nobody.status, nobody.body.error.code]).toEqual([401, 'UNAUTHORIZED']);
    const suspended = await registerUser({ role: 'admin' });
    await changeAccess(suspended.user.id, { status: 'suspended' });
    const answer = await as(suspended)[method](path(template));
    expect([answer.status, answer.body.error.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
  });
});

async function eventually(what: string, check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Timed out waiting for the effect of ${what}.`);
}

describe('on another process', () => {
  let watching: Instance;
  let lazy: Instance;
  beforeAll(() => {
    watching = startInstance();
    watching.startRevocationPolling();
    lazy = startInstance();
  });
  afterAll(async () => {
    await watching.close();
    await lazy.close();
  });

  const statusAt = async (instance: Instance, token: string) =>
    (await profile(token, (bearer) => instance.as(bearer as string))).status;

  const acts: Record<string, (user: TestUser) => PromiseLike<unknown>> = {
    'a logout': (user) => as(user).post('/api/auth/logout').expect(204),
    'a logout everywhere': (user) => as(user).post('/api/auth/logout-all').expect(204),
    'a suspension': (user) => changeAccess(user.user.id, { status: 'suspended' }),
    'a suspension by SQL': (user) => database('users').where({ id: user.user.id }).update({ status: 'suspended' }),
  };

  it.each(['watches', 'looks when asked'])('%s: a logout or suspension revokes tokens', async (how) => {
    const instance = how === 'watches' ? watching : lazy;
    const bites = Object.entries(acts).map(async ([what, act]) => {
      const user = await registerUser();
      expect([what, await statusAt(instance, user.token)]).toEqual([what, 200]);
      await act(user);
      await eventually(what, async () => [401, 403].includes(await statusAt(instance, user.token)));
      expect([what, await statusAt(instance, user.token)]).toEqual([what, what.includes('suspension') ? 403 : 401]);
    });
    await Promise.all(bites);
  });

  it('applies revocations from before it started', async () => {
    const [user, suspended] = [await registerUser(), await registerUser()];
    await as(user).post('/api/auth/logout');
    await changeAccess(suspended.user.id, { status: 'suspended' });
    const late = startInstance();
    expect(await statusAt(late, user.token)).toBe(401);
    expect(await statusAt(late, suspended.token)).toBe(403);
    await late.close();
  });

  it('applies a new role to existing tokens', async () => {
    const user = await registerUser({ role: 'customer' });
    const create = (instance?: Instance) =>
      (instance ? instance.as(user.token) : as(user)).post('/api/events').send({});
    expect((await create()).status).toBe(403);
    expect((await create(watching)).status).toBe(403);
    await changeAccess(user.user.id, { role: 'organizer' });
    expect((await create()).status).toBe(400);
    await eventually('promoted', async () => (await create(watching)).status === 400);
    await changeAccess(user.user.id, { role: 'customer' });
    expect((await create()).status).toBe(403);
    await eventually('demoted', async () => (await create(watching)).status === 403);
  });
});

describe('while the database is down', () => {
  it('503 with Retry-After, and recovers when it is back', async () => {
    const there = new URL(process.env.DATABASE_URL!);
    const sockets = new Set<Socket>();
    let isAway = false;
    const proxy = createServer((client) => {
      if (isAway) return void client.destroy();
      const server = connect(Number(there.port), there.hostname);
      for (const socket of [client, server])
        sockets.add(
          socket.on('error', () => undefined).on('close', () => [client, server].forEach((end) => end.destroy())),
        );
      client.pipe(server).pipe(client);
    });
    await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
    const here = Object.assign(new URL(there.href), { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}` });
    const instance = startInstance({ DATABASE_URL: here.href });
    instance.startRevocationPolling();
    const user = await registerUser();
    const ask = () => instance.as(user.token).get('/api/auth/profile');
    await eventually('up', async () => (await ask()).status === 200);

    isAway = true;
    for (const socket of sockets) socket.destroy();
    const refused = await ask();
    expect([refused.status, refused.body.error.code]).toEqual([503, 'UNAVAILABLE']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await as(user).post('/api/auth/logout').expect(204);

    isAway = false;
    await eventually('back', async () => (await ask()).status === 401);
    await instance.close();
    proxy.close();
  });
});

import bcrypt from 'bcryptjs';
import { Piscina } from 'piscina';
import { config } from '../../../src/config';
import { database } from '../../../src/database';
import { changeAccess } from '../../../src/services/users/change-access';
import { PASSWORD, registerUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';
import { holdHashes } from '../../helpers/hashes';

let count = 0;
const freshEmail = () => `person-${(count += 1)}@example.com`;
const register = (body: object) =>
  anonymous.post('/api/auth/register').send({ email: freshEmail(), password: PASSWORD, ...body });
const login = (email: string, password = PASSWORD) => anonymous.post('/api/auth/login').send({ email, password });

afterEach(() => jest.restoreAllMocks());

describe('register', () => {
  it('creates an account and signs in: 201', async () => {
    const email = freshEmail();
    const { status, body } = await register({ email, firstName: 'Ada', lastName: 'Lovelace', phone: '+43 1 234567' });
    expect(status).toBe(201);
    expect(body.data.user).toEqual({
      id: expect.any(Number),
      email,
      firstName: 'Ada',
      lastName: 'Lovelace',
      phone: '+43 1 234567',
      role: 'customer',
      emailVerified: false,
      locale: 'en',
      timezone: 'UTC',
      lastLoginAt: expect.any(String),
      createdAt: expect.any(String),
    });
    expect((await as(body.data.token).get('/api/auth/profile')).body.data.email).toBe(email);
    expect((await anonymous.post('/api/auth/refresh').send({ refreshToken: body.data.refreshToken })).status).toBe(200);
  });

  it('stores the language and the time zone, in which the first mail is written', async () => {
    const email = freshEmail();
    const { body } = await register({ email, locale: 'de-AT', timezone: 'Europe/Vienna' });
    expect(body.data.user).toMatchObject({ locale: 'de-AT', timezone: 'Europe/Vienna' });
    expect((await register({ locale: 'not a language' })).status).toBe(400);
    expect((await register({ timezone: 'Vienna' })).status).toBe(400);
  });

  it('stores neither password nor refresh token in plain text', async () => {
    const { body } = await register({});
    const user = await database('users').where({ id: body.data.user.id }).first();
    expect(user.password_hash).toMatch(new RegExp(`^\\$2b\\$0${config.bcryptCost}\\$`));
    expect(await bcrypt.compare(PASSWORD, user.password_hash)).toBe(true);
    const { rows } = await database.raw(`SELECT string_agg(t::text, ' ') AS all FROM refresh_tokens t`);
    expect(rows[0].all).not.toContain(body.data.refreshToken);
  });

  it('adds the verification mail in the same transaction', async () => {
    const { body } = await register({});
    const token = await database('user_tokens').where({ user_id: body.data.user.id }).first();
    expect(token).toMatchObject({ purpose: 'verify_email', used_at: null });
    const messages = await database('outbox_messages')
      .where({ topic: 'user.verification' })
      .whereRaw(`payload = ?`, [{ userTokenId: token.id }]);
    expect(messages).toHaveLength(1);
  });

  it.each(['ORGANIZER', 'Organizer', 'organizer'])('accepts the role %s', async (role) => {
    expect((await register({ role })).body.data.user.role).toBe('organizer');
  });

  it.each([
    ['Ada', 'Ada', null],
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['  Ada   King  Lovelace ', 'Ada', 'King Lovelace'],
  ])('splits the name %j', async (name, firstName, lastName) => {
    expect((await register({ name })).body.data.user).toMatchObject({ firstName, lastName });
  });

  it('accepts forms', async () => {
    const { status } = await anonymous
      .post('/api/auth/register')
      .type('form')
      .send({ email: freshEmail(), password: PASSWORD });
    expect(status).toBe(201);
  });

  it.each([
    ['no email', { email: undefined }, 'email'],
    ['an email that is not an address', { email: 'ada' }, 'email'],
    ['a list', { email: ['ada@example.com'] }, 'email'],
    ['a short password', { password: 'short' }, 'password'],
    ['a password over 72 bytes', { password: 'ü'.repeat(37) }, 'password'],
    ['a common password', { password: 'password123' }, 'password'],
    ['a common password in capitals', { password: 'PASSWORD123' }, 'password'],
    ['NUL', { password: 'long enough\0but' }, 'password'],
    ['the role admin', { role: 'admin' }, 'role'],
    ['the role ADMIN', { role: 'ADMIN' }, 'role'],
    ['an unknown field', { emailVerified: true }, 'emailVerified'],
    ['an id', { id: 1 }, 'id'],
    ['a bad phone', { phone: 'call me' }, 'phone'],
  ])('400 for %s', async (_what, body, field) => {
    const before = await database('users').count();
    const { status, body: answer } = await register(body);
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({
      code: 'VALIDATION_ERROR',
      details: expect.arrayContaining([expect.objectContaining({ path: field })]),
    });
    expect(await database('users').count()).toEqual(before);
  });

  it('uses all 72 bytes of a password', async () => {
    const email = freshEmail();
    const password = 'üöäéàçñøå'.repeat(4);
    expect((await register({ email, password })).status).toBe(201);
    expect((await login(email, `${password.slice(0, -1)}x`)).status).toBe(401);
    expect((await login(email, `${password}x`)).status).toBe(401);
    expect((await login(email, password)).status).toBe(200);
  });

  it('409 USER_EXISTS, whatever the case of the letters', async () => {
    const { user } = await registerUser({ email: freshEmail() });
    const { status, body } = await register({ email: user.email.toUpperCase() });
    expect([status, body.error.code]).toEqual([409, 'USER_EXISTS']);
  });

  it('creates one account for many concurrent requests, and sends one mail', async () => {
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 8 }, () => register({ email })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
    const users = await database('users').where({ email });
    expect(users).toHaveLength(1);
    expect(await database('user_tokens').where({ user_id: users[0].id })).toHaveLength(1);
  });
});

describe('login', () => {
  it('200, with a new session', async () => {
    const { user } = await registerUser();
    const { status, body } = await login(user.email.toUpperCase());
    expect(status).toBe(200);
    expect(body.data.user).toMatchObject({ id: user.id, email: user.email, lastLoginAt: expect.any(String) });
    expect(await database('sessions').where({ user_id: user.id })).toHaveLength(2);
  });

  it('401 INVALID_CREDENTIALS, for a wrong password as for an unknown account', async () => {
    const { user } = await registerUser();
    const wrong = await login(user.email, 'not the password');
    const unknown = await login(freshEmail(), 'not the password');
    expect([wrong.status, wrong.body.error.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    const { requestId: _one, ...wrongError } = wrong.body.error;
    const { requestId: _other, ...unknownError } = unknown.body.error;
    expect(unknownError).toEqual(wrongError);
    expect(Object.keys(unknown.headers).sort()).toEqual(Object.keys(wrong.headers).sort());
  });

  it('does the same work for an unknown account: one hash of the same cost and the same statements', async () => {
    const { user } = await registerUser();
    const run = jest.spyOn(Piscina.prototype, 'run');
    async function workOf(email: string) {
      run.mockClear();
      const statements: string[] = [];
      const note = ({ sql }: { sql: string }) => statements.push(sql);
      database.on('query', note);
      await login(email, 'not the password');
      database.off('query', note);
      return {
        statements,
        hashes: run.mock.calls.map(([{ hash }, options]) => [options?.name, bcrypt.getRounds(hash as string)]),
      };
    }
    const known = await workOf(user.email);
    expect(known.hashes).toEqual([['compare', config.bcryptCost]]);
    expect(await workOf(freshEmail())).toEqual(known);
  });

  it('403 ACCOUNT_SUSPENDED, but only after the right password', async () => {
    const { user } = await registerUser();
    await changeAccess(user.id, { status: 'suspended' });
    expect((await login(user.email, 'not the password')).status).toBe(401);
    const { status, body } = await login(user.email);
    expect([status, body.error.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
    expect(await database('sessions').where({ user_id: user.id })).toHaveLength(1);
  });

  it('updates a hash whose cost is outdated', async () => {
    const { user } = await registerUser();
    await database('users')
      .where({ id: user.id })
      .update({ password_hash: await bcrypt.hash(PASSWORD, 5) });
    expect((await login(user.email)).status).toBe(200);
    const { password_hash: hash } = await database('users').where({ id: user.id }).first();
    expect(bcrypt.getRounds(hash)).toBe(config.bcryptCost);
    expect((await login(user.email)).status).toBe(200);
  });

  it('updates the hash during concurrent logins, which all succeed', async () => {
    const { user } = await registerUser();
    await database('users')
      .where({ id: user.id })
      .update({ password_hash: await bcrypt.hash(PASSWORD, 5) });
    const answers = await Promise.all(Array.from({ length: 8 }, () => login(user.email)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200, 200]);
  });

  it('starts no session if the password changes during the check', async () => {
    const { user } = await registerUser();
    const hashes = holdHashes();
    const answer = login(user.email).then((response) => response);
    await hashes.arrival(1);
    await database('users')
      .where({ id: user.id })
      .update({ password_hash: await bcrypt.hash('another long pass phrase', config.bcryptCost) });
    hashes.release();
    expect((await answer).status).toBe(401);
    // Only the session that the test user was created with.
    expect(await database('sessions').where({ user_id: user.id })).toHaveLength(1);
  });

  it('503 with Retry-After when too many logins wait for a hash', async () => {
    const { user } = await registerUser();
    jest.spyOn(Piscina.prototype, 'queueSize', 'get').mockReturnValue(1_000_000);
    const { status, body, headers } = await login(user.email);
    expect([status, body.error.code, headers['retry-after']]).toEqual([503, 'UNAVAILABLE', '5']);
  });
});

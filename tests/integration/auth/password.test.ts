import { database } from '../../../src/database';
import { findMailedToken } from '../../../src/services/auth/mailed-tokens';
import { PASSWORD, registerUser, type TestUser } from '../../helpers/accounts';
import { anonymous, as } from '../../helpers/client';

const NEW = 'another long pass phrase';

const login = (email: string, password: string) => anonymous.post('/api/auth/login').send({ email, password });
const forgot = (email: string) => anonymous.post('/api/auth/forgot-password').send({ email });
const reset = (token: unknown, password = NEW) => anonymous.post('/api/auth/reset-password').send({ token, password });

interface MessageRow {
  topic: string;
  payload: { userTokenId: number };
  priority: number;
  request_id: string | null;
}

const messages = (topic: string): Promise<MessageRow[]> =>
  database('outbox_messages').where({ topic }).orderBy('id', 'desc');

/** Returns the link and token in the latest mail of a topic. */
async function mailed(topic: string) {
  const [message] = await messages(topic);
  return findMailedToken(database, message!.payload.userTokenId);
}

async function forgetAndReceive({ user }: TestUser): Promise<string> {
  await forgot(user.email).expect(202);
  return (await mailed('user.password_reset'))!.token;
}

describe('mail for one account', () => {
  const mailable = async (topic: string) => {
    const posted = await messages(topic);
    const found = await Promise.all(posted.map(({ payload }) => findMailedToken(database, payload.userTokenId)));
    return found.filter(Boolean).length;
  };

  it('is limited, even for concurrent requests, and the link in each mail works', async () => {
    const user = await registerUser();
    const answers = await Promise.all(Array.from({ length: 8 }, () => forgot(user.user.email)));
    expect(answers.map(({ status }) => status)).toEqual(Array<number>(8).fill(202));
    expect(await database('user_tokens').where({ user_id: user.user.id })).toHaveLength(3);
    expect(await mailable('user.password_reset')).toBe(3);
    await forgot((await registerUser()).user.email).expect(202);
    expect(await mailable('user.password_reset')).toBe(4);
    await database('user_tokens')
      .where({ user_id: user.user.id })
      .update({ created_at: database.raw("now() - interval '61 minutes'") });
    expect((await reset(await forgetAndReceive(user))).status).toBe(200);
  });

  it('contains a code short enough for a phone, accepted in any notation', async () => {
    const user = await registerUser({ isVerified: false });
    for (let index = 0; index < 8; index += 1) await as(user).post('/api/auth/resend-verification').expect(202);
    expect(await database('user_tokens').where({ user_id: user.user.id })).toHaveLength(5);
    const tokens = await database('user_tokens').where({ user_id: user.user.id }).orderBy('id').pluck('id');
    const { token } = (await findMailedToken(database, tokens[0] as number))!;
    expect(token).toMatch(/^[34679CDFGHJKMNPQRTVWXY]{16}$/);
    const typed = ` ${token.toLowerCase().replace(/.{4}(?=.)/g, '$&-')}`;
    await anonymous.post('/api/auth/verify-email').send({ token: typed }).expect(200);
  });
});

describe('changePassword', () => {
  it('changes the password and ends every other session: 200', async () => {
    const user = await registerUser();
    const { body: elsewhere } = await login(user.user.email, PASSWORD);
    const { status, body } = await as(user)
      .put('/api/auth/change-password')
      .send({ currentPassword: PASSWORD, newPassword: NEW });
    expect([status, body.success, body.data]).toEqual([200, true, null]);
    expect((await as(user).get('/api/auth/profile')).status).toBe(200);
    expect((await as(elsewhere.data.token as string).get('/api/auth/profile')).status).toBe(401);
    expect((await anonymous.post('/api/auth/refresh').send({ refreshToken: elsewhere.data.refreshToken })).status).toBe(
      401,
    );
    expect((await login(user.user.email, PASSWORD)).status).toBe(401);
    expect((await login(user.user.email, NEW)).status).toBe(200);
  });

  it('invalidates a pending reset', async () => {
    const user = await registerUser();
    const token = await forgetAndReceive(user);
    await as(user).put('/api/auth/change-password').send({ currentPassword: PASSWORD, newPassword: NEW }).expect(200);
    expect((await reset(token)).status).toBe(400);
  });

  it.each([
    ['a wrong current password', { currentPassword: 'not the password', newPassword: NEW }, 'currentPassword'],
    ['a weak new password', { currentPassword: PASSWORD, newPassword: '12345678' }, 'newPassword'],
    ['a short new password', { currentPassword: PASSWORD, newPassword: 'short' }, 'newPassword'],
    ['no current password', { newPassword: NEW }, 'currentPassword'],
  ])('400 for %s, and changes nothing', async (_what, input, field) => {
    const user = await registerUser();
    const { status, body } = await as(user).put('/api/auth/change-password').send(input);
    expect([status, body.error.code, body.error.details[0].path]).toEqual([400, 'VALIDATION_ERROR', field]);
    expect((await login(user.user.email, PASSWORD)).status).toBe(200);
  });
});

describe('forgetPassword', () => {
  it('sends an urgent mail: 202', async () => {
    const { user } = await registerUser();
    const { status, body } = await forgot(user.email.toUpperCase()).set('X-Request-Id', 'forgetful');
    expect([status, body.success]).toEqual([202, true]);
    const [message] = await messages('user.password_reset');
    expect(message).toMatchObject({
      priority: 1,
      request_id: 'forgetful',
      payload: { userTokenId: expect.any(Number) },
    });
    expect(await mailed('user.password_reset')).toMatchObject({
      user: { id: user.id, email: user.email, firstName: 'Ada' },
    });
  });

  it('stores the token neither in its row nor in its message', async () => {
    const token = await forgetAndReceive(await registerUser());
    const { rows } = await database.raw(
      `SELECT (SELECT string_agg(t::text, ' ') FROM user_tokens t) || (SELECT string_agg(m::text, ' ') FROM outbox_messages m) AS all`,
    );
    expect(rows[0].all).not.toContain(token);
    expect(rows[0].all).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
  });

  it('returns the same response and does the same work for an unknown account, but sends nothing', async () => {
    const { user } = await registerUser();
    async function workOf(email: string) {
      const statements: string[] = [];
      const note = ({ sql }: { sql: string }) => statements.push(sql);
      database.on('query', note);
      const { status, body } = await forgot(email);
      database.off('query', note);
      return { status, body, statements: statements.filter((sql) => !sql.startsWith('NOTIFY')) };
    }
    const known = await workOf(user.email);
    expect(known.statements.length).toBeGreaterThan(3);
    expect(await mailed('user.password_reset')).toBeDefined();
    expect(await workOf('nobody@example.com')).toEqual(known);
    expect(await mailed('user.password_reset')).toBeUndefined();
    expect(await database('user_tokens').where({ purpose: 'reset_password', user_id: user.id })).toHaveLength(1);
  });
});

describe('resetPassword', () => {
  it('sets the password, ends every session, verifies the address: 200', async () => {
    const user = await registerUser({ isVerified: false });
    const token = await forgetAndReceive(user);
    expect((await reset(token)).status).toBe(200);
    expect((await as(user).get('/api/auth/profile')).status).toBe(401);
    expect((await login(user.user.email, PASSWORD)).status).toBe(401);
    expect((await login(user.user.email, NEW)).body.data.user.emailVerified).toBe(true);
  });

  it('works once, even for concurrent requests, and invalidates the other tokens', async () => {
    const user = await registerUser();
    const [older, newer] = [await forgetAndReceive(user), await forgetAndReceive(user)];
    const answers = await Promise.all(Array.from({ length: 5 }, () => reset(newer)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
    expect((await reset(older)).status).toBe(400);
    expect(await mailed('user.password_reset')).toBeUndefined();
  });

  it('unlocks an account that was locked by wrong guesses', async () => {
    const user = await registerUser();
    for (let i = 0; i < 6; i += 1) await login(user.user.email, 'not the password');
    expect((await login(user.user.email, PASSWORD)).status).toBe(429);
    await reset(await forgetAndReceive(user)).expect(200);
    expect((await login(user.user.email, NEW)).status).toBe(200);
  });

  it('400 for an expired token, a token for another purpose, and no token', async () => {
    const user = await registerUser({ isVerified: false });
    const expired = await forgetAndReceive(user);
    await database('user_tokens')
      .where({ user_id: user.user.id })
      .update({ expires_at: database.raw('now()') });
    await as(user).post('/api/auth/resend-verification').expect(202);
    const other = (await mailed('user.verification'))!.token;
    for (const token of [expired, other, user.token.slice(0, 200), 'x', '', null, 1, ['x'], undefined]) {
      const { status, body } = await reset(token);
      expect([token, status, body.error.code, body.error.details[0].path]).toEqual([
        token,
        400,
        'VALIDATION_ERROR',
        'token',
      ]);
    }
    expect((await login(user.user.email, PASSWORD)).status).toBe(200);
  });

  it('400 for a weak password, and the token stays valid', async () => {
    const token = await forgetAndReceive(await registerUser());
    expect((await reset(token, 'password123')).status).toBe(400);
    expect((await reset(token)).status).toBe(200);
  });
});

describe('verifyEmail', () => {
  const verify = (token: unknown) => anonymous.post('/api/auth/verify-email').send({ token });

  it('verifies the address, even if a mail program has opened the link before: 200', async () => {
    const { body } = await anonymous
      .post('/api/auth/register')
      .send({ email: 'to-verify@example.com', password: PASSWORD });
    const { token } = (await mailed('user.verification'))!;
    expect((await verify(token)).status).toBe(200);
    expect((await as(body.data.token as string).get('/api/auth/profile')).body.data.emailVerified).toBe(true);
    expect((await verify(token)).status).toBe(200);
    expect((await Promise.all([1, 2, 3].map(() => verify(token)))).map(({ status }) => status)).toEqual([
      200, 200, 200,
    ]);
  });

  it('verifies once for several concurrent requests', async () => {
    await anonymous.post('/api/auth/register').send({ email: 'many-tabs@example.com', password: PASSWORD });
    const { token } = (await mailed('user.verification'))!;
    const answers = await Promise.all([1, 2, 3, 4].map(() => verify(token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it.each(['no-such-token', 'x'.repeat(201), ''])('400 for an invalid token: %j', async (token) => {
    const { status, body } = await verify(token);
    expect([status, body.error.details[0].path]).toEqual([400, 'token']);
  });

  it('refuses a token for another purpose', async () => {
    expect((await verify(await forgetAndReceive(await registerUser()))).status).toBe(400);
  });
});

describe('resendVerification', () => {
  it('sends another mail, and both links work: 202', async () => {
    const user = await registerUser({ isVerified: false });
    const before = (await messages('user.verification')).length;
    expect((await as(user).post('/api/auth/resend-verification')).status).toBe(202);
    expect(await messages('user.verification')).toHaveLength(before + 1);
    expect((await mailed('user.verification'))!.user.id).toBe(user.user.id);
  });

  it('sends nothing to a verified address: 202', async () => {
    const user = await registerUser();
    const before = (await messages('user.verification')).length;
    expect((await as(user).post('/api/auth/resend-verification')).status).toBe(202);
    expect(await messages('user.verification')).toHaveLength(before);
  });
});

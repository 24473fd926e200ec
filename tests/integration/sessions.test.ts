import { database } from '../../src/database';
import { cleanUpAuth } from '../../src/services/auth/clean-up-auth';
import { changeAccess } from '../../src/services/users/change-access';
import { PASSWORD, registerUser, type TestUser } from '../helpers/accounts';
import { anonymous, as } from '../helpers/client';
import { openConnections } from '../helpers/connections';

interface Pair {
  token: string;
  refreshToken: string;
}

const refresh = (refreshToken: string) => anonymous.post('/api/auth/refresh').send({ refreshToken });

async function signIn({ user }: TestUser): Promise<Pair> {
  const { body } = await anonymous
    .post('/api/auth/login')
    .set('User-Agent', 'a test')
    .send({ email: user.email, password: PASSWORD });
  return body.data as Pair;
}

async function expectEnded({ token, refreshToken }: Pair): Promise<void> {
  const access = await as(token).get('/api/auth/profile');
  expect([access.status, access.body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
  const again = await refresh(refreshToken);
  expect([again.status, again.body.error?.code]).toEqual([401, 'UNAUTHORIZED']);
}

async function expectOpen({ token, refreshToken }: Pair): Promise<Pair> {
  expect((await as(token).get('/api/auth/profile')).status).toBe(200);
  const { status, body } = await refresh(refreshToken);
  expect(status).toBe(200);
  return body.data as Pair;
}

async function spendLongAgo(user: TestUser): Promise<void> {
  const sessions = database('sessions').where({ user_id: user.user.id }).select('id');
  await database('refresh_tokens')
    .whereIn('session_id', sessions)
    .whereNotNull('spent_at')
    .update({ spent_at: database.raw(`now() - interval '11 seconds'`) });
}

describe('refreshSession', () => {
  it('returns a new pair, and extends the session', async () => {
    const user = await registerUser();
    const first = await signIn(user);
    await database('sessions')
      .where({ user_id: user.user.id })
      .update({ expires_at: database.raw(`now() + interval '1 minute'`) });
    const second = await expectOpen(first);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.token).not.toBe(first.token);
    await expectOpen(second);
    const { rows } = await database.raw(
      `SELECT max(expires_at) > now() + interval '6 days' AS lives FROM sessions WHERE user_id = ?`,
      [user.user.id],
    );
    expect(rows[0].lives).toBe(true);
  });

  it('returns the same new token to two tabs, and it works for both', async () => {
    const user = await registerUser();
    const { refreshToken } = await signIn(user);
    await openConnections();
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 200, 200]);
    const successors = new Set(answers.map(({ body }) => body.data.refreshToken as string));
    expect(successors.size).toBe(1);
    const [successor] = successors;
    const [next, late] = [await refresh(successor!), await refresh(refreshToken)];
    expect(next.status).toBe(200);
    expect(late.body.data.refreshToken).toBe(successor);
    expect(
      await database('refresh_tokens').join('sessions', 'sessions.id', 'session_id').where({ user_id: user.user.id }),
    ).toHaveLength(3);
  });

  it('ends the session when a spent token is used again later', async () => {
    const user = await registerUser();
    const first = await signIn(user);
    const second = await expectOpen(first);
    await spendLongAgo(user);
    const { status, body } = await refresh(first.refreshToken);
    expect([status, body.error.code]).toEqual([401, 'UNAUTHORIZED']);
    await expectEnded(second);
    expect((await as(first.token).get('/api/auth/profile')).status).toBe(401);
    // Other sessions are not affected.
    expect((await as(user).get('/api/auth/profile')).status).toBe(200);
  });

  it('returns the current role, and refuses suspended users', async () => {
    const user = await registerUser({ role: 'customer' });
    const pair = await signIn(user);
    await changeAccess(user.user.id, { status: 'suspended' });
    const refused = await refresh(pair.refreshToken);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
    await changeAccess(user.user.id, { status: 'active', role: 'organizer' });
    const { token } = await expectOpen(pair);
    expect(JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).role).toBe('organizer');
  });

  it('refuses an invalid refresh token', async () => {
    const user = await registerUser();
    const pair = await signIn(user);
    for (const text of [pair.token.slice(0, 200), 'a', `${pair.refreshToken}x`, pair.refreshToken.toUpperCase()]) {
      const { status, body } = await refresh(text);
      expect([status, body.error.code]).toEqual([401, 'UNAUTHORIZED']);
    }
    for (const body of [
      {},
      { refreshToken: 1 },
      { refreshToken: [pair.refreshToken] },
      { refreshToken: 'x'.repeat(10_000) },
    ]) {
      expect((await anonymous.post('/api/auth/refresh').send(body)).status).toBe(400);
    }
    await expectOpen(pair);
  });

  it('refuses a session that has not been used for too long', async () => {
    const user = await registerUser();
    const { refreshToken } = await signIn(user);
    await database('sessions')
      .where({ user_id: user.user.id })
      .update({ expires_at: database.raw('now()') });
    expect((await refresh(refreshToken)).status).toBe(401);
  });
});

describe('logOut', () => {
  it('ends only this session, at once: 204', async () => {
    const user = await registerUser();
    const [here, elsewhere] = [await signIn(user), await signIn(user)];
    const { status, text } = await as(here).post('/api/auth/logout');
    expect([status, text]).toEqual([204, '']);
    await expectEnded(here);
    await expectOpen(elsewhere);
  });

  it('ends all sessions: 204', async () => {
    const [user, other] = [await registerUser(), await registerUser()];
    const pairs = [await signIn(user), await signIn(user)];
    expect((await as(pairs[0]!).post('/api/auth/logout-all')).status).toBe(204);
    for (const pair of pairs) await expectEnded(pair);
    expect((await as(user).get('/api/auth/profile')).status).toBe(401);
    expect((await as(other).get('/api/auth/profile')).status).toBe(200);
  });
});

describe('listSessions', () => {
  it('lists the caller’s sessions, most recently used first', async () => {
    const user = await registerUser();
    const [older, newer] = [await signIn(user), await signIn(user)];
    await expectOpen(older);
    const { body } = await as(newer).get('/api/auth/sessions');
    expect(body.pagination).toMatchObject({ total: 3 });
    expect(body.data).toEqual([
      {
        id: expect.any(Number),
        ip: '127.0.0.1',
        userAgent: null,
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
        isCurrent: false,
      },
      expect.objectContaining({ userAgent: 'a test', isCurrent: true }),
      expect.objectContaining({ id: user.actor.sessionId, isCurrent: false }),
    ]);
    await as(older).post('/api/auth/logout');
    expect((await as(newer).get('/api/auth/sessions?limit=1')).body).toMatchObject({
      data: [{ isCurrent: true }],
      pagination: { total: 2, pages: 2 },
    });
  });
});

describe('endSession', () => {
  it('ends one of the caller’s sessions: 204, then 404', async () => {
    const user = await registerUser();
    const [lost, here] = [await signIn(user), await signIn(user)];
    const { body } = await as(lost).get('/api/auth/sessions');
    const { id } = body.data.find(({ isCurrent }: { isCurrent: boolean }) => isCurrent);
    expect((await as(here).delete(`/api/auth/sessions/${id}`)).status).toBe(204);
    await expectEnded(lost);
    await expectOpen(here);
    expect((await as(here).delete(`/api/auth/sessions/${id}`)).status).toBe(404);
  });

  it('does not list or end a session of another user: 404', async () => {
    const [user, other] = [await registerUser(), await registerUser()];
    const answer = await as(user).delete(`/api/auth/sessions/${other.actor.sessionId}`);
    expect([answer.status, answer.body.error.code]).toEqual([404, 'NOT_FOUND']);
    expect((await as(other).get('/api/auth/profile')).status).toBe(200);
  });

  it.each(['0', '-1', '1.5', 'x', '2147483648', '99999999999999999999'])('400 for the id %s', async (id) => {
    expect((await as(await registerUser()).delete(`/api/auth/sessions/${id}`)).status).toBe(400);
  });
});

describe('cleanUpAuth', () => {
  it('deletes only ended sessions, once none of their access tokens can be valid', async () => {
    const user = await registerUser();
    const sessions = await database('sessions')
      .insert(
        [
          { expires_at: database.raw(`now() - interval '2 hours'`) },
          { expires_at: database.raw(`now() - interval '1 minute'`) },
          {
            expires_at: database.raw(`now() + interval '1 day'`),
            revoked_at: database.raw(`now() - interval '2 hours'`),
          },
          {
            expires_at: database.raw(`now() + interval '1 day'`),
            revoked_at: database.raw(`now() - interval '1 minute'`),
          },
        ].map((row) => ({ user_id: user.user.id, ip: '127.0.0.1', ...row })),
      )
      .returning('id');
    await cleanUpAuth();
    const left = await database('sessions').where({ user_id: user.user.id }).orderBy('id').pluck('id');
    expect(left).toEqual([user.actor.sessionId, sessions[1].id, sessions[3].id]);
  });
});

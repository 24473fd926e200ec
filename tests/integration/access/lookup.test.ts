import jwt from 'jsonwebtoken';
import { database } from '../../../src/database';
import { signAccessToken, type Bearer } from '../../../src/services/access/access-tokens';
import { getAccessTokenKey } from '../../../src/services/secrets.service';
import { changeAccess } from '../../../src/services/users/change-access';
import { registerUser, registerUsers, type TestUser } from '../../helpers/accounts';
import { as } from '../../helpers/client';
import { startInstance } from '../../helpers/instance';

// A signature is not enough: anybody who learns the secret could sign tokens.

const bearerOf = ({ actor }: TestUser): Bearer => actor;
const asking = (token: string) => as(token).get('/api/auth/profile');
const codeOf = async (token: string) => {
  const { status, body } = await asking(token);
  return [status, (body as { error?: { code: string } }).error?.code];
};
const UNAUTHORIZED = [401, 'UNAUTHORIZED'];

describe('a token on its first use', () => {
  it.each([
    ['that does not exist', () => ({ sessionId: 999_999_999 })],
    ['whose id is out of range', () => ({ sessionId: 2 ** 40 })],
    ['of another user', (other: TestUser) => ({ sessionId: other.actor.sessionId })],
    ['of its own user, but with the id of another user', (other: TestUser) => ({ userId: other.user.id })],
  ])('is refused with a session %s', async (_what, change) => {
    const [user, other] = (await registerUsers(2)) as [TestUser, TestUser];
    const forged = signAccessToken({ ...bearerOf(user), ...change(other), role: 'admin' });
    expect(await codeOf(forged)).toEqual(UNAUTHORIZED);
    expect(await codeOf(user.token)).toEqual([200, undefined]);
  });

  it('has the current role of its user, whatever role it contains', async () => {
    const user = await registerUser();
    const forged = signAccessToken({ ...bearerOf(user), role: 'admin' });
    const { status, body } = await as(forged).get('/api/admin/users');
    expect([status, body.error.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('is refused even if its session ended so long ago that no process remembers it', async () => {
    const [revoked, unused, deleted] = (await registerUsers(3)) as [TestUser, TestUser, TestUser];
    const before = database.raw("now() - interval '40 days'");
    await database('sessions').where({ id: revoked.actor.sessionId }).update({ revoked_at: before });
    await database('sessions').where({ id: unused.actor.sessionId }).update({ expires_at: before });
    await database('sessions').where({ id: deleted.actor.sessionId }).delete();
    for (const user of [revoked, unused, deleted]) expect(await codeOf(user.token)).toEqual(UNAUTHORIZED);
  });

  it('is refused if its user was suspended long ago', async () => {
    const user = await registerUser();
    await changeAccess(user.user.id, { status: 'suspended' });
    const late = startInstance();
    await database('users')
      .where({ id: user.user.id })
      .update({ access_changed_at: database.raw("now() - interval '40 days'") });
    const { status, body } = await late.as(user.token).get('/api/auth/profile');
    await late.close();
    expect([status, body.error.code]).toEqual([403, 'ACCOUNT_SUSPENDED']);
  });

  it('takes one query, and many tokens at once share a few', async () => {
    const users = await registerUsers(50);
    const looks: string[] = [];
    const note = ({ sql }: { sql: string }) => {
      if (/FROM sessions s\s+JOIN users/.test(sql)) looks.push(sql);
    };
    database.on('query', note);
    for (let i = 0; i < 3; i += 1)
      expect((await Promise.all(users.map(({ token }) => asking(token)))).map(({ status }) => status)).toEqual(
        users.map(() => 200),
      );
    database.removeListener('query', note);
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.length).toBeLessThan(users.length);
    const afterFirst = looks.length;
    await asking(users[0]!.token);
    expect(looks).toHaveLength(afterFirst);
  });
});

describe('signing keys', () => {
  it('differ by purpose: the key for access tokens cannot sign a cookie for the queue board', async () => {
    const admin = await registerUser({ role: 'admin' });
    const { userId, role, sessionId } = bearerOf(admin);
    const pass = jwt.sign({ sub: String(userId), role, sid: sessionId, typ: 'board' }, getAccessTokenKey(), {
      issuer: 'bilten',
      expiresIn: 60,
    });
    const board = (cookie: string) => as('').get('/admin/queues').set('Cookie', `bilten_queues=${cookie}`);
    expect((await board(pass)).status).toBe(303);
    const opened = await as(admin).post('/admin/queues/session').expect(204);
    const [, own] = /bilten_queues=([^;]+)/.exec(String(opened.headers['set-cookie'])) ?? [];
    expect((await board(own!)).status).toBe(200);
  });
});

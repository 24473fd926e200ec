import { randomUUID } from 'node:crypto';
import { database } from '../../src/database';
import type { Actor, Role } from '../../src/lib/actor';
import { signAccessToken } from '../../src/services/access/access-tokens';

/** The password of every account created here. */
export const PASSWORD = 'a long enough pass phrase';
// The hash of PASSWORD at the lowest cost: a hash per test user would take most of a test's time.
const PASSWORD_HASH = '$2b$04$4YYfR8lDMSFFQ8LPADDyDeQx.Xh0tvfJoKpUDbw39chvr/02BnxDy';

export interface TestUser {
  user: { id: number; email: string; role: Role; firstName: string; lastName: string };
  /** A valid access token of the session `actor.sessionId`. */
  token: string;
  /** For calling services directly. */
  actor: Actor;
}

export interface TestUserOptions {
  role?: Role;
  email?: string;
  isVerified?: boolean;
}

/** Inserts signed-in users directly into the database, in two statements for any number. */
export async function registerUsers(
  count: number,
  { role = 'customer', email, isVerified = true }: TestUserOptions = {},
): Promise<TestUser[]> {
  const rows = Array.from({ length: count }, () => ({
    email: email ?? `${role}-${randomUUID()}@example.com`,
    password_hash: PASSWORD_HASH,
    first_name: 'Ada',
    last_name: 'Lovelace',
    role,
    email_verified_at: isVerified ? new Date() : null,
  }));
  const users: { id: number; email: string }[] = await database
    .batchInsert<{ id: number; email: string }>('users', rows as never[], 1000)
    .returning(['id', 'email']);
  const expiresAt = new Date(Date.now() + 86_400_000);
  const sessionRows = users.map(({ id }) => ({
    user_id: id,
    ip: '127.0.0.1',
    user_agent: 'test',
    expires_at: expiresAt,
  }));
  const sessions: { id: number; user_id: number }[] = await database
    .batchInsert<{ id: number; user_id: number }>('sessions', sessionRows as never[], 1000)
    .returning(['id', 'user_id']);
  const sessionOf = new Map(sessions.map((session) => [session.user_id, session.id]));
  return users.map(({ id, email: address }) => {
    const bearer = { userId: id, role, sessionId: sessionOf.get(id)! };
    return {
      user: { id, email: address, role, firstName: 'Ada', lastName: 'Lovelace' },
      token: signAccessToken(bearer),
      actor: { ...bearer, requestId: 'test' },
    };
  });
}

/** Inserts a signed-in user directly into the database. */
export async function registerUser(options: TestUserOptions = {}): Promise<TestUser> {
  const [user] = await registerUsers(1, options);
  return user!;
}

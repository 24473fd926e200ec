import type { Db } from '../database';
import type { Role } from '../lib/actor';
import { toNumberArray } from '../lib/pg-array';
import { MAX_SESSION_DAYS } from './sessions.model';
import { bool, int4, int4Array, ms, orNull, query, statement, text, timestamptz, type ResultOf } from './statement';

export type AccountStatus = 'active' | 'suspended';

export interface AccessChanges {
  endedSessions: number[];
  users: { id: number; role: Role; status: AccountStatus; changedAt: Date }[];
}

// The second condition leaves out new accounts, which have changed nothing, in case of a rush of registrations.
const CHANGES = statement({
  name: 'access-changes',
  columns: {
    kind: text<'session' | 'user'>('c.kind'),
    id: int4('c.id'),
    // Null for sessions.
    role: text<Role>('c.role'),
    status: text<AccountStatus>('c.status'),
    changedAt: timestamptz('c.changed_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT
      'session' AS kind,
      id,
      NULL AS role,
      NULL AS status,
      NULL::timestamptz AS changed_at
    FROM sessions
    WHERE revoked_at > now() - make_interval(secs => :withinSeconds)
    UNION ALL
    SELECT
      'user',
      id,
      role,
      status,
      access_changed_at
    FROM users
    WHERE access_changed_at > now() - make_interval(secs => :withinSeconds) AND access_changed_at > created_at
  ) c`,
});

/** Lists sessions ended and access changed in the last seconds, in one round trip. */
export async function listAccessChanges(db: Db, withinSeconds: number): Promise<AccessChanges> {
  const rows = await query(db, CHANGES, { withinSeconds });
  return {
    endedSessions: rows.filter(({ kind }) => kind === 'session').map(({ id }) => id),
    users: rows
      .filter(({ kind }) => kind === 'user')
      .map(({ id, role, status, changedAt }) => ({ id, role, status, changedAt })),
  };
}

const SESSIONS = statement({
  name: 'access-sessions',
  // Planning takes longer than running, and in a rush every other request is a new caller's.
  isPrepared: true,
  columns: {
    sessionId: int4('s.id'),
    userId: int4('u.id'),
    role: text<Role>('u.role'),
    status: text<AccountStatus>('u.status'),
    isVerified: bool('u.email_verified_at IS NOT NULL'),
    /** Other accounts whose verified address reaches the same mailbox. */
    alikeUserIds: orNull(
      int4Array(`CASE WHEN u.email_verified_at IS NOT NULL THEN (
      SELECT array_agg(a.id)
      FROM users a
      WHERE a.mailbox = u.mailbox AND a.id <> u.id AND a.email_verified_at IS NOT NULL AND a.erased_at IS NULL
    ) END`),
    ),
    /** Revoked or expired. */
    isOver: bool(`s.revoked_at IS NOT NULL
      OR s.expires_at <= now()
      OR s.created_at <= now() - make_interval(days => :maxDays)`),
    /** When the session ends at the latest (ms since the epoch). */
    lastAt: ms('(s.created_at + make_interval(days => :maxDays))'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM sessions s
  JOIN users u ON u.id = s.user_id
  WHERE s.id = ANY (:sessionIds::int[])`,
});

export type SessionAccess = ResultOf<typeof SESSIONS>;

/** Returns those of these sessions that exist, with the current access of their users. */
export async function listSessionAccess(db: Db, sessionIds: number[]): Promise<SessionAccess[]> {
  return query(db, SESSIONS, { sessionIds: toNumberArray(sessionIds), maxDays: MAX_SESSION_DAYS });
}

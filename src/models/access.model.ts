import { getPreparedName, type Db } from '../database';
import type { Role } from '../lib/actor';
import { toNumberArray } from '../lib/pg-array';
import { MAX_SESSION_DAYS } from './sessions.model';
import { toMs } from './sql';

export type AccountStatus = 'active' | 'suspended';

export interface AccessChanges {
  endedSessions: number[];
  users: { id: number; role: Role; status: AccountStatus; changedAt: Date }[];
}

interface Row {
  kind: 'session' | 'user';
  id: number;
  role: Role;
  status: AccountStatus;
  changedAt: Date;
}

/** Lists sessions ended and access changed in the last seconds, in one round trip. */
export async function listAccessChanges(db: Db, withinSeconds: number): Promise<AccessChanges> {
  // The second condition leaves out new accounts, which have changed nothing, in case of a rush of registrations.
  const { rows } = await db.raw<{ rows: Row[] }>(
    `SELECT 'session' AS kind, id, NULL AS role, NULL AS status, NULL::timestamptz AS "changedAt"
     FROM sessions WHERE revoked_at > now() - make_interval(secs => :withinSeconds)
     UNION ALL
     SELECT 'user', id, role, status, access_changed_at
     FROM users WHERE access_changed_at > now() - make_interval(secs => :withinSeconds) AND access_changed_at > created_at`,
    { withinSeconds },
  );
  return {
    endedSessions: rows.filter(({ kind }) => kind === 'session').map(({ id }) => id),
    users: rows
      .filter(({ kind }) => kind === 'user')
      .map(({ id, role, status, changedAt }) => ({ id, role, status, changedAt })),
  };
}

export interface SessionAccess {
  sessionId: number;
  userId: number;
  role: Role;
  status: AccountStatus;
  isVerified: boolean;
  /** Other accounts whose verified address reaches the same mailbox. */
  alikeUserIds: number[] | null;
  /** Revoked or expired. */
  isOver: boolean;
  /** When the session ends at the latest (ms since the epoch). */
  lastAt: number;
}

/** Returns those of these sessions that exist, with the current access of their users. */
export async function listSessionAccess(db: Db, sessionIds: number[]): Promise<SessionAccess[]> {
  const raw = db.raw<{ rows: SessionAccess[] }>(
    `SELECT s.id AS "sessionId", u.id AS "userId", u.role, u.status, u.email_verified_at IS NOT NULL AS "isVerified",
            CASE WHEN u.email_verified_at IS NOT NULL THEN (
              SELECT array_agg(a.id) FROM users a
              WHERE a.mailbox = u.mailbox AND a.id <> u.id AND a.email_verified_at IS NOT NULL AND a.erased_at IS NULL) END AS "alikeUserIds",
            s.revoked_at IS NOT NULL OR s.expires_at <= now() OR s.created_at <= now() - make_interval(days => :maxDays) AS "isOver",
            ${toMs('s.created_at + make_interval(days => :maxDays)')} AS "lastAt"
     FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.id = ANY (:sessionIds::int[])`,
    { sessionIds: toNumberArray(sessionIds), maxDays: MAX_SESSION_DAYS },
  );
  // Planning takes longer than running, and in a rush every other request is a new caller's.
  const { rows } = await raw.options(getPreparedName('access-sessions'));
  return rows;
}

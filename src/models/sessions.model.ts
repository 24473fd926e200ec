import type { Db, Trx } from '../database';
import { bool, execute, int4, query, queryOne, statement } from './statement';

export interface SessionRow {
  id: number;
  ip: string;
  userAgent: string | null;
  createdAt: Date;
  lastUsedAt: Date;
}

/** A session ends this long after its sign-in, even if it is used. */
export const MAX_SESSION_DAYS = 30;

interface Device {
  ip: string;
  userAgent: string | null;
  /** How long the session lasts without being used. */
  lifeSeconds: number;
}

const INSERT = statement({
  name: 'sessions-insert',
  columns: { sessionId: int4('session_id') },
  sql: (list) => `
  WITH session AS (
    INSERT INTO sessions (user_id, ip, user_agent, expires_at)
    VALUES (
      :userId,
      :ip,
      :userAgent,
      now() + least(make_interval(secs => :lifeSeconds), make_interval(days => :maxDays))
    )
    RETURNING id
  )
  INSERT INTO refresh_tokens (session_id, token_hash)
  SELECT id, :tokenHash FROM session
  RETURNING ${list}`,
});

/** Inserts a session with its first refresh token. */
export async function insertSession(
  trx: Trx,
  session: Device & { userId: number; tokenHash: Buffer },
): Promise<number> {
  const { sessionId } = await queryOne(trx, INSERT, { ...session, maxDays: MAX_SESSION_DAYS });
  return sessionId;
}

export interface RefreshTokenRow {
  id: number;
  sessionId: number;
  userId: number;
  isSpent: boolean;
  /** Spent within the grace period given by the caller. */
  isJustSpent: boolean;
  isSessionOver: boolean;
}

const LOCK_TOKEN = statement({
  name: 'sessions-lock-refresh-token',
  columns: {
    id: int4('t.id'),
    sessionId: int4('t.session_id'),
    userId: int4('s.user_id'),
    isSpent: bool('t.spent_at IS NOT NULL'),
    isJustSpent: bool('coalesce(t.spent_at > clock_timestamp() - make_interval(secs => :graceSeconds), false)'),
    isSessionOver: bool('s.revoked_at IS NOT NULL OR s.expires_at <= now()'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM refresh_tokens t
  JOIN sessions s ON s.id = t.session_id
  WHERE t.token_hash = :tokenHash
  FOR UPDATE`,
});

/** Returns a refresh token, locked together with its session. */
export async function lockRefreshToken(
  trx: Trx,
  { tokenHash, graceSeconds }: { tokenHash: Buffer; graceSeconds: number },
): Promise<RefreshTokenRow | undefined> {
  return (await query(trx, LOCK_TOKEN, { tokenHash, graceSeconds }))[0];
}

const ROTATE = statement({
  name: 'sessions-rotate-refresh-token',
  columns: {},
  sql: () => `
  WITH spent AS (
    UPDATE refresh_tokens SET spent_at = clock_timestamp() WHERE id = :id
  ), used AS (
    UPDATE sessions
    SET
      last_used_at = now(),
      expires_at = least(now() + make_interval(secs => :lifeSeconds), created_at + make_interval(days => :maxDays)),
      ip = :ip,
      user_agent = :userAgent
    WHERE id = :sessionId
  )
  INSERT INTO refresh_tokens (session_id, token_hash)
  VALUES (:sessionId, :successorHash)`,
});

/** Spends a refresh token and stores its successor. This extends the session, but not beyond its maximum age. */
export async function updateRefreshToken(
  trx: Trx,
  rotation: Device & { id: number; sessionId: number; successorHash: Buffer },
): Promise<void> {
  await execute(trx, ROTATE, { ...rotation, maxDays: MAX_SESSION_DAYS });
}

function openSessions(db: Db, userId: number) {
  return db('sessions').where({ user_id: userId }).whereNull('revoked_at').where('expires_at', '>', db.fn.now());
}

/** Lists a user's open sessions, last used first. */
export async function listOpenSessions(
  db: Db,
  { userId, limit, offset }: { userId: number; limit: number; offset: number },
): Promise<{ rows: SessionRow[]; total: number }> {
  const [rows, [counted]] = await Promise.all([
    openSessions(db, userId).orderBy('last_used_at', 'desc').orderBy('id', 'desc').limit(limit).offset(offset).select({
      id: 'id',
      ip: 'ip',
      userAgent: 'user_agent',
      createdAt: 'created_at',
      lastUsedAt: 'last_used_at',
    }),
    openSessions(db, userId).count('* as count'),
  ]);
  return { rows, total: counted!.count };
}

/** Ends a user's sessions: all, `only` one, or all `except` one. Returns the ids of those that were open. */
export async function updateRevoked(
  trx: Trx,
  { userId, only, except }: { userId: number; only?: number; except?: number },
): Promise<number[]> {
  const open = trx('sessions').where({ user_id: userId }).whereNull('revoked_at');
  if (only !== undefined) void open.where({ id: only });
  if (except !== undefined) void open.whereNot({ id: except });
  const rows = await open.update({ revoked_at: trx.raw('clock_timestamp()') }).returning('id');
  return rows.map(({ id }) => id);
}

const DELETE_OLD = statement({
  name: 'sessions-delete-old',
  columns: {},
  sql: () => `
  DELETE FROM sessions
  WHERE id IN (
    SELECT id
    FROM sessions
    WHERE expires_at < now() - make_interval(secs => :accessSeconds)
      OR revoked_at < now() - make_interval(secs => :accessSeconds)
    LIMIT :limit
  )`,
});

/** Deletes at most `limit` sessions that ended so long ago that their tokens have expired. Returns how many. */
export async function deleteOldSessions(db: Db, accessSeconds: number, limit: number): Promise<number> {
  return execute(db, DELETE_OLD, { accessSeconds, limit });
}

const DELETE_SPENT = statement({
  name: 'sessions-delete-spent-tokens',
  columns: {},
  sql: () => `
  DELETE FROM refresh_tokens
  WHERE id IN (
    SELECT id FROM refresh_tokens WHERE spent_at < now() - make_interval(secs => :refreshSeconds) LIMIT :limit
  )`,
});

/** Deletes at most `limit` refresh tokens spent so long ago that their reuse need not be detected. Returns how many. */
export async function deleteSpentTokens(db: Db, refreshSeconds: number, limit: number): Promise<number> {
  return execute(db, DELETE_SPENT, { refreshSeconds, limit });
}

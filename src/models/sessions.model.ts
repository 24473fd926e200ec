import type { Db, Trx } from '../database';

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

/** Inserts a session with its first refresh token. */
export async function insertSession(
  trx: Trx,
  session: Device & { userId: number; tokenHash: Buffer },
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { session_id: number }[] }>(
    `WITH session AS (
       INSERT INTO sessions (user_id, ip, user_agent, expires_at)
       VALUES (:userId, :ip, :userAgent, now() + least(make_interval(secs => :lifeSeconds), make_interval(days => :maxDays))) RETURNING id)
     INSERT INTO refresh_tokens (session_id, token_hash) SELECT id, :tokenHash FROM session RETURNING session_id`,
    { ...session, maxDays: MAX_SESSION_DAYS },
  );
  return rows[0]!.session_id;
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

/** Returns a refresh token, locked together with its session. */
export async function lockRefreshToken(
  trx: Trx,
  { tokenHash, graceSeconds }: { tokenHash: Buffer; graceSeconds: number },
): Promise<RefreshTokenRow | undefined> {
  const { rows } = await trx.raw<{ rows: RefreshTokenRow[] }>(
    `SELECT t.id, t.session_id AS "sessionId", s.user_id AS "userId", t.spent_at IS NOT NULL AS "isSpent",
       coalesce(t.spent_at > clock_timestamp() - make_interval(secs => :graceSeconds), false) AS "isJustSpent",
       s.revoked_at IS NOT NULL OR s.expires_at <= now() AS "isSessionOver"
     FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
     WHERE t.token_hash = :tokenHash FOR UPDATE`,
    { tokenHash, graceSeconds },
  );
  return rows[0];
}

/** Spends a refresh token and stores its successor. This extends the session, but not beyond its maximum age. */
export async function updateRefreshToken(
  trx: Trx,
  rotation: Device & { id: number; sessionId: number; successorHash: Buffer },
): Promise<void> {
  await trx.raw(
    `WITH spent AS (UPDATE refresh_tokens SET spent_at = clock_timestamp() WHERE id = :id),
       used AS (UPDATE sessions SET last_used_at = now(), expires_at = least(now() + make_interval(secs => :lifeSeconds), created_at + make_interval(days => :maxDays)), ip = :ip, user_agent = :userAgent WHERE id = :sessionId)
     INSERT INTO refresh_tokens (session_id, token_hash) VALUES (:sessionId, :successorHash)`,
    { ...rotation, maxDays: MAX_SESSION_DAYS },
  );
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
  const rows = (await open.update({ revoked_at: trx.raw('clock_timestamp()') }).returning('id')) as { id: number }[];
  return rows.map(({ id }) => id);
}

/** Deletes at most `limit` sessions that ended so long ago that their tokens have expired. Returns how many. */
export async function deleteOldSessions(db: Db, accessSeconds: number, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM sessions WHERE id IN (
       SELECT id FROM sessions
       WHERE expires_at < now() - make_interval(secs => :accessSeconds) OR revoked_at < now() - make_interval(secs => :accessSeconds)
       LIMIT :limit)`,
    { accessSeconds, limit },
  );
  return rowCount;
}

/** Deletes at most `limit` refresh tokens spent so long ago that their reuse need not be detected. Returns how many. */
export async function deleteSpentTokens(db: Db, refreshSeconds: number, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM refresh_tokens WHERE id IN (
       SELECT id FROM refresh_tokens WHERE spent_at < now() - make_interval(secs => :refreshSeconds) LIMIT :limit)`,
    { refreshSeconds, limit },
  );
  return rowCount;
}

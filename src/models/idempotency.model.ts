import type { Db } from '../database';

export interface IdempotencyAnswer {
  status: number;
  body: unknown;
}

export interface IdempotencyHolder {
  fingerprint: string;
  answer: IdempotencyAnswer | null;
}

interface Claim {
  userId: number;
  key: string;
  fingerprint: string;
}

// A request that has run this long has died with its process: its key may be taken over.
const ABANDONED_AFTER = '1 minute';

/** Takes a key that is free, expired or abandoned; returns its holder where it is none of these. */
export async function claimIdempotencyKey(
  db: Db,
  { userId, key, fingerprint }: Claim,
): Promise<IdempotencyHolder | undefined> {
  const { rows } = await db.raw<{ rows: { claimed: boolean }[] }>(
    `INSERT INTO idempotency_keys AS k (user_id, key, fingerprint) VALUES (:userId, :key, :fingerprint)
     ON CONFLICT (user_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, answer = NULL, created_at = now()
       WHERE k.expires_at <= now() OR (k.answer IS NULL AND k.created_at < now() - interval '${ABANDONED_AFTER}')
     RETURNING true AS claimed`,
    { userId, key, fingerprint },
  );
  if (rows.length > 0) return undefined;
  const holder = (await db('idempotency_keys').where({ user_id: userId, key }).first('fingerprint', 'answer')) as
    IdempotencyHolder | undefined;
  // Released between the two statements: for the client that is a request in progress.
  return holder ?? { fingerprint, answer: null };
}

export async function storeIdempotencyAnswer(
  db: Db,
  { userId, key, answer }: { userId: number; key: string; answer: IdempotencyAnswer },
): Promise<void> {
  await db('idempotency_keys')
    .where({ user_id: userId, key })
    .update({ answer: JSON.stringify(answer) });
}

export async function deleteIdempotencyKey(db: Db, userId: number, key: string): Promise<void> {
  await db('idempotency_keys').where({ user_id: userId, key }).whereNull('answer').delete();
}

/** At most `limit` of those whose time is over; returns how many. */
export async function deleteExpiredKeys(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM idempotency_keys WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency_keys WHERE expires_at <= now() ORDER BY expires_at LIMIT ?)`,
    [limit],
  );
  return rowCount;
}

import type { Db, Trx } from '../database';
import type { Shaped } from '../database.query';

/** A response as it is replayed. */
export interface StoredResponse {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

/** The result of a use case, as JSON. */
export interface Effect {
  value: unknown;
}

/** A request that had an effect. */
export interface StoredRequest {
  fingerprint: string;
  runId: string | null;
  effect: Effect | null;
  answer: StoredResponse | null;
}

interface KeyOfUser {
  userId: number;
  key: string;
}

/** Locks a key against other requests until the transaction ends; false if another request holds it. */
export async function tryLockKey(trx: Trx, { userId, key }: KeyOfUser): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { locked: boolean }[] }>(
    "SELECT pg_try_advisory_xact_lock(hashtextextended('bilten idempotency ' || :userId::int || ' ' || :key::text, 0)) AS locked",
    { userId, key },
  );
  return rows[0]!.locked;
}

export async function findStoredRequest(db: Db, { userId, key }: KeyOfUser): Promise<StoredRequest | undefined> {
  return db('idempotency_keys')
    .where({ user_id: userId, key })
    .whereRaw('expires_at > now() AND (answer IS NOT NULL OR effect IS NOT NULL)')
    .first({
      fingerprint: 'fingerprint',
      runId: 'run_id',
      effect: 'effect' as Shaped<'effect', StoredRequest['effect']>,
      answer: 'answer' as Shaped<'answer', StoredRequest['answer']>,
    });
}

/** Stores the effect of a request; false if the key belongs to another request that has not expired. */
export async function upsertEffect(
  trx: Trx,
  { effect, ...row }: KeyOfUser & { fingerprint: string; runId: string; effect: Effect },
): Promise<boolean> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `INSERT INTO idempotency_keys AS k (user_id, key, fingerprint, run_id, effect)
     VALUES (:userId, :key, :fingerprint, :runId, :effect)
     ON CONFLICT (user_id, key) DO UPDATE
       SET fingerprint = excluded.fingerprint, run_id = excluded.run_id, effect = excluded.effect, answer = NULL,
           created_at = excluded.created_at, expires_at = excluded.expires_at
       WHERE k.expires_at <= now() OR k.fingerprint = excluded.fingerprint OR (k.answer IS NULL AND k.effect IS NULL)`,
    { ...row, effect: JSON.stringify(effect) },
  );
  return rowCount === 1;
}

/** Stores the response of a request that had an effect, unless there is one. Returns what is stored; undefined if there was no effect. */
export async function updateResponse(
  db: Db,
  { userId, key, answer }: KeyOfUser & { answer: StoredResponse },
): Promise<(Pick<StoredRequest, 'runId'> & { answer: StoredResponse }) | undefined> {
  const { rows } = await db.raw<{ rows: { runId: string | null; answer: StoredResponse }[] }>(
    `UPDATE idempotency_keys SET answer = coalesce(answer, :answer::json)
     WHERE user_id = :userId AND key = :key AND effect IS NOT NULL
     RETURNING run_id AS "runId", answer`,
    { userId, key, answer: JSON.stringify(answer) },
  );
  return rows[0];
}

/** Deletes at most `limit` rows that have expired; returns how many. */
export async function deleteExpiredKeys(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `DELETE FROM idempotency_keys WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency_keys WHERE expires_at <= now() ORDER BY expires_at LIMIT ?)`,
    [limit],
  );
  return rowCount;
}

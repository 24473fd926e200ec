import type { Db, Trx } from '../database';
import type { Shaped } from '../database/query';
import { bool, execute, json, neverNull, orNull, query, queryOne, statement, uuid, type ResultOf } from './statement';

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

const LOCK = statement({
  name: 'idempotency-lock',
  columns: {
    isLocked: bool(
      "pg_try_advisory_xact_lock(hashtextextended('bilten idempotency ' || :userId::int || ' ' || :key::text, 0))",
    ),
  },
  sql: (list) => `SELECT ${list}`,
});

/** Locks a key against other requests until the transaction ends; false if another request holds it. */
export async function tryLockKey(trx: Trx, { userId, key }: KeyOfUser): Promise<boolean> {
  const { isLocked } = await queryOne(trx, LOCK, { userId, key });
  return isLocked;
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

const UPSERT_EFFECT = statement({
  name: 'idempotency-upsert-effect',
  columns: {},
  sql: () => `
  INSERT INTO idempotency_keys AS k (user_id, key, fingerprint, run_id, effect)
  VALUES (:userId, :key, :fingerprint, :runId, :effect)
  ON CONFLICT (user_id, key) DO UPDATE
  SET
    fingerprint = excluded.fingerprint,
    run_id = excluded.run_id,
    effect = excluded.effect,
    answer = NULL,
    created_at = excluded.created_at,
    expires_at = excluded.expires_at
  WHERE k.expires_at <= now()
    OR k.fingerprint = excluded.fingerprint
    OR (k.answer IS NULL AND k.effect IS NULL)`,
});

/** Stores the effect of a request; false if the key belongs to another request that has not expired. */
export async function upsertEffect(
  trx: Trx,
  { effect, ...row }: KeyOfUser & { fingerprint: string; runId: string; effect: Effect },
): Promise<boolean> {
  return (await execute(trx, UPSERT_EFFECT, { ...row, effect: JSON.stringify(effect) })) === 1;
}

const UPDATE_RESPONSE = statement({
  name: 'idempotency-update-response',
  columns: {
    runId: orNull(uuid('run_id')),
    answer: neverNull(json<StoredResponse>('answer')),
  },
  sql: (list) => `
  UPDATE idempotency_keys
  SET answer = coalesce(answer, :answer::json)
  WHERE user_id = :userId AND key = :key AND effect IS NOT NULL
  RETURNING
    ${list}`,
});

/** Stores the response of a request that had an effect, unless there is one. Returns what is stored; undefined if there was no effect. */
export async function updateResponse(
  db: Db,
  { userId, key, answer }: KeyOfUser & { answer: StoredResponse },
): Promise<ResultOf<typeof UPDATE_RESPONSE> | undefined> {
  const [row] = await query(db, UPDATE_RESPONSE, { userId, key, answer: JSON.stringify(answer) });
  return row;
}

const DELETE_EXPIRED = statement({
  name: 'idempotency-delete-expired',
  columns: {},
  sql: () => `
  DELETE FROM idempotency_keys
  WHERE (user_id, key) IN (
    SELECT user_id, key
    FROM idempotency_keys
    WHERE expires_at <= now()
    ORDER BY expires_at
    LIMIT :limit
  )`,
});

/** Deletes at most `limit` rows that have expired; returns how many. */
export async function deleteExpiredKeys(db: Db, limit: number): Promise<number> {
  return execute(db, DELETE_EXPIRED, { limit });
}

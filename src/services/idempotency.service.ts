import { database, runInTransaction, type Trx } from '../database';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { repeatInChunks } from '../lib/chunks';
import {
  deleteExpiredKeys,
  findStoredRequest,
  tryLockKey,
  updateResponse,
  upsertEffect,
  type Effect,
  type StoredResponse,
  type StoredRequest,
} from '../models/idempotency.model';

export type { StoredResponse, StoredRequest };

interface Key {
  key: string;
  fingerprint: string;
}

/**
 * Returns what is stored for an earlier request with this key, if it had an effect.
 * @throws AppError IDEMPOTENCY_KEY_REUSED
 */
export async function findEarlierRequest(
  userId: number,
  { key, fingerprint }: Key,
): Promise<StoredRequest | undefined> {
  const kept = await findStoredRequest(database, { userId, key });
  if (kept && kept.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  return kept;
}

/** Stores the response of a request that had an effect. Returns the response to send and the run that had the effect. */
export async function storeResponse(userId: number, { key }: Key, answer: StoredResponse) {
  return updateResponse(database, { userId, key, answer });
}

/**
 * Step: locks the actor's key against other requests and returns its earlier effect, if any.
 * Must come first in the transaction.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
 */
export async function claimRequest(trx: Trx, { userId, once }: Actor): Promise<Effect | undefined> {
  if (!once) return undefined;
  const { key, fingerprint } = once;
  if (!(await tryLockKey(trx, { userId, key })))
    throw new AppError('REQUEST_IN_PROGRESS', undefined, { retryAfter: 1 });
  // A separate statement, because it must see what was committed before the lock was acquired.
  const kept = await findStoredRequest(trx, { userId, key });
  if (kept && kept.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  return kept?.effect ?? undefined;
}

/** Step: stores the effect of the actor's request in the transaction that causes it. @throws AppError IDEMPOTENCY_KEY_REUSED */
export async function recordEffect(trx: Trx, { userId, once }: Actor, value: unknown): Promise<void> {
  if (!once) return;
  const { key, fingerprint, runId } = once;
  // The booking engine does not take the lock of the key, so a booking with the same key may have been committed in the meantime.
  if (!(await upsertEffect(trx, { userId, key, fingerprint, runId, effect: { value } })))
    throw new AppError('IDEMPOTENCY_KEY_REUSED');
}

/**
 * Runs a use case's transaction at most once per idempotency key. The result of `work` is committed under the key, and a repeated
 * request gets it back instead of running `work` again. A repeated result has been through JSON.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED, and those of `work`
 */
export async function runOnce<T>(actor: Actor, work: (trx: Trx) => Promise<T>): Promise<T> {
  const { once } = actor;
  if (!once) return runInTransaction(work);
  if (once.earlier) return once.earlier.value as T;
  return runInTransaction(async (trx) => {
    const earlier = await claimRequest(trx, actor);
    if (earlier) return earlier.value as T;
    const value = await work(trx);
    await recordEffect(trx, actor, value);
    return value;
  });
}

const CLEANUP_CHUNK_SIZE = 5000;

/** Deletes keys that have expired. Returns how many. */
export async function cleanUpIdempotencyKeys(): Promise<number> {
  return repeatInChunks(CLEANUP_CHUNK_SIZE, (limit) => deleteExpiredKeys(database, limit));
}

import { database, runInTransaction, type Trx } from '../database';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { repeatInChunks } from '../lib/chunks';
import {
  deleteExpiredKeys,
  findKeptRequest,
  tryLockKey,
  updateAnswer,
  upsertEffect,
  type Effect,
  type IdempotencyAnswer,
  type KeptRequest,
} from '../models/idempotency.model';

export type { IdempotencyAnswer, KeptRequest };

interface Key {
  key: string;
  fingerprint: string;
}

/**
 * What is kept of the request that used this key, if it had an effect.
 * @throws AppError IDEMPOTENCY_KEY_REUSED
 */
export async function findEarlierRequest(userId: number, { key, fingerprint }: Key): Promise<KeptRequest | undefined> {
  const kept = await findKeptRequest(database, { userId, key });
  if (kept && kept.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  return kept;
}

/** Stores the response of a request that had an effect. Returns the response to send and the run that had the effect. */
export async function keepAnswer(userId: number, { key }: Key, answer: IdempotencyAnswer) {
  return updateAnswer(database, { userId, key, answer });
}

/**
 * Step: keeps other requests with the actor's key out, and returns what the key did already, if anything.
 * Comes before anything else in the transaction.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
 */
export async function claimRequest(trx: Trx, { userId, once }: Actor): Promise<Effect | undefined> {
  if (!once) return undefined;
  const { key, fingerprint } = once;
  if (!(await tryLockKey(trx, { userId, key })))
    throw new AppError('REQUEST_IN_PROGRESS', undefined, { retryAfter: 1 });
  // A statement of its own: it has to see what was committed before the lock was free.
  const kept = await findKeptRequest(trx, { userId, key });
  if (kept && kept.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  return kept?.effect ?? undefined;
}

/** Step: writes what the actor's request does, in the transaction that does it. @throws AppError IDEMPOTENCY_KEY_REUSED */
export async function recordEffect(trx: Trx, { userId, once }: Actor, value: unknown): Promise<void> {
  if (!once) return;
  const { key, fingerprint, runId } = once;
  // A booking with the same key may have been committed meanwhile: the engine does not take the key's lock.
  if (!(await upsertEffect(trx, { userId, key, fingerprint, runId, effect: { value } })))
    throw new AppError('IDEMPOTENCY_KEY_REUSED');
}

/**
 * Runs a use-case's transaction so that one idempotency key has one effect: what `work` returns is committed with it, under
 * the key, and returned to a repetition instead of running `work` again. A value that is repeated has been through JSON.
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

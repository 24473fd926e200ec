import { database } from '../database';
import { AppError } from '../errors';
import { inChunks } from '../lib/chunks';
import {
  claimIdempotencyKey,
  deleteExpiredKeys,
  deleteIdempotencyKey,
  storeIdempotencyAnswer,
  type IdempotencyAnswer,
} from '../models/idempotency.model';

interface Key {
  key: string;
  fingerprint: string;
}

/**
 * Claims a key for a request that starts, or gives the answer of the one that had it.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
 */
export async function beginRequest(userId: number, { key, fingerprint }: Key): Promise<IdempotencyAnswer | undefined> {
  const holder = await claimIdempotencyKey(database, { userId, key, fingerprint });
  if (!holder) return undefined;
  if (holder.fingerprint !== fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  if (!holder.answer) throw new AppError('REQUEST_IN_PROGRESS', undefined, { retryAfter: 1 });
  return holder.answer;
}

export async function finishRequest(userId: number, { key }: Key, answer: IdempotencyAnswer): Promise<void> {
  await storeIdempotencyAnswer(database, { userId, key, answer });
}

export async function releaseRequest(userId: number, { key }: Key): Promise<void> {
  await deleteIdempotencyKey(database, userId, key);
}

const CHUNK = 5000;

/** Forgets answers that are no longer kept. Returns how many. */
export async function cleanUpIdempotencyKeys(): Promise<number> {
  return inChunks(CHUNK, (limit) => deleteExpiredKeys(database, limit));
}

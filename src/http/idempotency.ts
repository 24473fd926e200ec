import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { AppError, invalid } from '../errors';
import type { Actor } from '../lib/actor';
import { beginRequest, finishRequest, releaseRequest } from '../services/idempotency.service';
import { failureBody } from './error-handler';
import type { IdempotencyKey } from './route';

/** The request's `Idempotency-Key` with a fingerprint of what it asks for; undefined where it has none. */
export function idempotencyKeyOf(req: Request): IdempotencyKey | undefined {
  const key = req.get('Idempotency-Key');
  if (key === undefined) return undefined;
  if (key.length < 1 || key.length > 255) throw invalid('Idempotency-Key', 'must have 1 to 255 characters');
  const fingerprint = createHash('sha256')
    .update(`${req.method} ${req.baseUrl}${req.path}\n${JSON.stringify(req.body ?? null)}`)
    .digest('hex');
  return { key, fingerprint };
}

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/**
 * Answers a repeated request with its first answer; runs `work` otherwise and keeps what had an effect.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED
 */
export async function onlyOnce(
  actor: Actor,
  key: IdempotencyKey,
  work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer & { replayed: boolean }> {
  const earlier = await beginRequest(actor.userId, key);
  if (earlier) return { ...earlier, replayed: true };
  try {
    const answer = await work();
    await finishRequest(actor.userId, key, answer);
    return { ...answer, replayed: false };
  } catch (error) {
    // PAYMENT_FAILED had an effect at the provider; every other refusal changed nothing and is judged anew.
    if (error instanceof AppError && error.code === 'PAYMENT_FAILED')
      await finishRequest(actor.userId, key, { status: error.status, body: failureBody(error, actor.requestId) });
    else await releaseRequest(actor.userId, key);
    throw error;
  }
}

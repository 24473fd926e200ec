import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { AppError, createValidationError } from '../errors';
import type { Actor } from '../lib/actor';
import { logger } from '../logger';
import {
  findEarlierRequest,
  keepAnswer,
  type IdempotencyAnswer,
  type KeptRequest,
} from '../services/idempotency.service';
import { toErrorBody } from './error-handler';
import type { IdempotencyKey, Route, RouteRequest } from './route';
import { createNormalizer } from './compare-bodies';

/** Makes the function that reads a request's `Idempotency-Key`, with a fingerprint of what the request means. */
export function createKeyReader(
  route: Route,
): (req: Request, input: Pick<RouteRequest, 'params' | 'body'>) => IdempotencyKey | undefined {
  const meaningOf = route.body ? createNormalizer(route.body) : (body: unknown) => body;
  return (req, { params, body }) => {
    const key = req.get('Idempotency-Key');
    if (key === undefined) return undefined;
    if (key.length < 1 || key.length > 255)
      throw createValidationError('Idempotency-Key', 'must have 1 to 255 characters');
    // The input as it was validated: other spellings of the same values, and defaults that were sent, are the same request.
    const meant = route.upload ? (req.body as unknown) : meaningOf(body);
    const request = [route.method, route.path, sortKeys(params), sortKeys(meant)];
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    return { key, fingerprint };
  };
}

export type StoredAnswer = IdempotencyAnswer & { headers: Record<string, string> };

// Of this process. Another process finds the key locked while its effect is written, and the effect afterwards.
const running = new Map<string, string>();

/**
 * Answers a repeated request with its first answer. `work` has its use-case write the effect together with the key, so a
 * request whose process died, or whose commit was not heard of, is found to have had its effect or to have had none.
 * @throws AppError REQUEST_IN_PROGRESS, IDEMPOTENCY_KEY_REUSED, and those of `work`
 */
export async function runIdempotently(
  actor: Actor,
  key: IdempotencyKey,
  work: (actor: Actor) => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const earlier = await findEarlierRequest(actor.userId, key);
  if (earlier?.answer) return toReplay(earlier.answer);
  const name = `${actor.userId} ${key.key}`;
  const other = running.get(name);
  if (other !== undefined && other !== key.fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  if (other !== undefined) throw new AppError('REQUEST_IN_PROGRESS', undefined, { retryAfter: 1 });
  running.set(name, key.fingerprint);
  try {
    return await runOrResume(actor, { key, earlier }, work);
  } finally {
    running.delete(name);
  }
}

const toReplay = ({ headers, ...answer }: IdempotencyAnswer): StoredAnswer => ({
  ...answer,
  headers: { ...headers, 'Idempotent-Replayed': 'true' },
});

async function runOrResume(
  actor: Actor,
  { key, earlier }: { key: IdempotencyKey; earlier: KeptRequest | undefined },
  work: (actor: Actor) => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const runId = randomUUID();
  try {
    const response = await work({ ...actor, once: { ...key, runId, earlier: earlier?.effect ?? undefined } });
    const kept = await keepResponse(actor, key, response);
    return kept && kept.runId !== runId ? toReplay(kept.answer) : response;
  } catch (error) {
    // Had an effect at the provider; every other refusal changed nothing and is judged anew.
    if (error instanceof AppError && error.code === 'PAYMENT_FAILED')
      await keepResponse(actor, key, { status: error.status, body: toErrorBody(error, actor.requestId) });
    throw error;
  }
}

/** The effect stands without its answer too, which can be made again: that it can't be stored is no failure of the request. */
async function keepResponse(actor: Actor, key: IdempotencyKey, response: IdempotencyAnswer) {
  return keepAnswer(actor.userId, key, response).catch((error: Error) => {
    logger.warn({ err: error, requestId: actor.requestId }, 'The answer to an idempotency key was not stored');
    return undefined;
  });
}

/** With the keys of objects in order, at every depth. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sortKeys(each)]));
}

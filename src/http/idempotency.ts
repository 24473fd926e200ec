import { createHash, randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { AppError, createValidationError } from '../errors';
import type { Actor } from '../lib/actor';
import { logger } from '../logger';
import {
  findEarlierRequest,
  storeResponse,
  type StoredResponse,
  type StoredRequest,
} from '../services/idempotency.service';
import { toErrorBody } from './error-handler';
import type { IdempotencyKey, Route, RouteRequest } from './route';
import { createNormalizer } from './compare-bodies';

/** Returns a function that reads the `Idempotency-Key` of a request and fingerprints the meaning of the request. */
export function createKeyReader(
  route: Route,
): (req: Request, input: Pick<RouteRequest, 'params' | 'body'>) => IdempotencyKey | undefined {
  const normalize = route.body ? createNormalizer(route.body) : (body: unknown) => body;
  return (req, { params, body }) => {
    const key = req.get('Idempotency-Key');
    if (key === undefined) return undefined;
    if (key.length < 1 || key.length > 255)
      throw createValidationError('Idempotency-Key', 'must have 1 to 255 characters');
    // Fingerprint the validated input, so that other spellings of the same values and explicit defaults make the same request.
    const normalized = route.upload ? (req.body as unknown) : normalize(body);
    const request = [route.method, route.path, sortKeys(params), sortKeys(normalized)];
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex');
    return { key, fingerprint };
  };
}

export type StoredAnswer = StoredResponse & { headers: Record<string, string> };

// Requests running in this process. Other processes find the key locked while the effect is written, and the effect afterwards.
const running = new Map<string, string>();

/**
 * Answers a repeated request with its first response. The use case called by `work` writes its effect together with the key, so
 * after a crash or a lost commit the key tells whether the request took effect.
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

const toReplay = ({ headers, ...answer }: StoredResponse): StoredAnswer => ({
  ...answer,
  headers: { ...headers, 'Idempotent-Replayed': 'true' },
});

async function runOrResume(
  actor: Actor,
  { key, earlier }: { key: IdempotencyKey; earlier: StoredRequest | undefined },
  work: (actor: Actor) => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
  const runId = randomUUID();
  try {
    const response = await work({ ...actor, once: { ...key, runId, earlier: earlier?.effect ?? undefined } });
    const kept = await keepResponse(actor, key, response);
    return kept && kept.runId !== runId ? toReplay(kept.answer) : response;
  } catch (error) {
    // A failed payment had an effect at the provider. Other refusals changed nothing, so a repeated request is decided again.
    if (error instanceof AppError && error.code === 'PAYMENT_FAILED')
      await keepResponse(actor, key, { status: error.status, body: toErrorBody(error, actor.requestId) });
    throw error;
  }
}

/** Stores the response. Failing to do so is no failure of the request: the effect is stored, and the response can be built again. */
async function keepResponse(actor: Actor, key: IdempotencyKey, response: StoredResponse) {
  return storeResponse(actor.userId, key, response).catch((error: Error) => {
    logger.warn({ err: error, requestId: actor.requestId }, 'Could not store the response to an idempotency key');
    return undefined;
  });
}

/** Returns the value with the keys of all nested objects sorted. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sortKeys(each)]));
}

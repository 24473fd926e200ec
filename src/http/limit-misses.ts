import type { Request, Response } from 'express';
import { config } from '../config';
import { AppError } from '../errors';
import { createLimitStore } from '../integrations/limit-store';
import { getNetwork } from '../lib/network';

type Endpoint = (req: Request, res: Response) => Promise<void>;

const MAX_REMEMBERED = 10_000;

const isOff = config.rateLimitMaxRequests === 0 || config.rateLimitLicenseMisses === 0;
const store = createLimitStore('misses');
store.init?.({ windowMs: config.rateLimitWindowMs } as never);
/** Until when a network has to wait, in milliseconds since the epoch. */
const blockedUntil = new Map<string, number>();

function assertNotBlocked(network: string): void {
  const left = (blockedUntil.get(network) ?? 0) - Date.now();
  if (left > 0 && left <= config.rateLimitWindowMs)
    throw new AppError('RATE_LIMITED', undefined, { retryAfter: left / 1000 });
  blockedUntil.delete(network);
}

async function recordMiss(network: string): Promise<void> {
  const { totalHits, resetTime } = await store.increment(network);
  if (totalHits < config.rateLimitLicenseMisses) return;
  if (blockedUntil.size >= MAX_REMEMBERED) blockedUntil.clear();
  blockedUntil.set(network, resetTime?.getTime() ?? Date.now() + config.rateLimitWindowMs);
}

/**
 * Counts how often a network asks for what does not exist, and rejects its further requests once that is too often. Requests that
 * find something count nothing, so many devices behind one address can go on.
 */
export function limitMisses(respond: Endpoint): Endpoint {
  if (isOff) return respond;
  return async (req, res) => {
    const network = getNetwork(req.ip ?? '');
    assertNotBlocked(network);
    try {
      await respond(req, res);
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') await recordMiss(network);
      throw error;
    }
    if (res.locals.isMiss) await recordMiss(network);
  };
}

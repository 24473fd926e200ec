import { createHash } from 'node:crypto';
import type { Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { redis } from './redis';

/** Counts in this process. One window for all callers, so that each costs a number and not a record of its own. */
function createLocalStore(): Store {
  let windowMs = 0;
  let resetTime = new Date(0);
  let hits = new Map<string, number>();
  return {
    localKeys: true,
    init(options) {
      windowMs = options.windowMs;
    },
    increment(key) {
      const now = Date.now();
      // One that lies too far ahead is of a clock that has been put back since.
      if (now >= resetTime.getTime() || resetTime.getTime() > now + windowMs) {
        hits = new Map();
        resetTime = new Date(now + windowMs);
      }
      const totalHits = (hits.get(key) ?? 0) + 1;
      hits.set(key, totalHits);
      return { totalHits, resetTime };
    },
    decrement(key) {
      hits.set(key, Math.max(0, (hits.get(key) ?? 0) - 1));
    },
    resetKey(key) {
      hits.delete(key);
    },
  };
}

/** Counts in Redis, and in this process what Redis does not count while it is away: a limit never opens. */
function createFallbackStore(shared: Store, here: Store): Store {
  return {
    init(options) {
      shared.init?.(options);
      here.init?.(options);
    },
    increment: async (key) => {
      try {
        return await shared.increment(key);
      } catch {
        return here.increment(key);
      }
    },
    decrement: async (key) => {
      await Promise.resolve(shared.decrement(key)).catch(() => here.decrement(key));
    },
    resetKey: async (key) => {
      await here.resetKey(key);
      await Promise.resolve(shared.resetKey(key)).catch(() => undefined);
    },
  };
}

/** Where a tier's requests are counted: Redis, so that all processes count together, else this process. */
export function createLimitStore(tier: string): Store {
  const client = redis();
  if (!client) return createLocalStore();

  // The store keeps what loading its script came to, and would never count again after one failure, such as that of the
  // first try, made before there is a connection. The script's name is its hash: known also while Redis is away, and
  // asked for under that name a script that Redis lacks is loaded anew.
  async function load(script: string): Promise<string> {
    await client!.call('SCRIPT', 'LOAD', script).catch(() => undefined);
    return createHash('sha1').update(script).digest('hex');
  }

  const shared = new RedisStore({
    prefix: `bilten:limit:${tier}:`,
    sendCommand: (command: string, ...args: string[]) =>
      (command === 'SCRIPT' ? load(args[1] ?? '') : client.call(command, ...args)) as Promise<never>,
  });
  return createFallbackStore(shared, createLocalStore());
}

import { createHash } from 'node:crypto';
import type { Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import { redis } from './redis';

/** Counts in this process. All callers share one window, so that each costs only a number. */
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
      // A window that ends too far ahead means that the clock has been set back.
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

/** Counts in Redis, or in this process while Redis is down, so that limits always apply. */
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

/** Returns where the requests of a tier are counted: in Redis, shared by all processes, otherwise in this process. */
export function createLimitStore(tier: string): Store {
  const client = redis();
  if (!client) return createLocalStore();

  // The store caches the result of loading its script, so after one failure (such as the first attempt, before there is a
  // connection) it would never count again. The name of the script is its hash, which is known without Redis; if Redis lacks a
  // script by that name, it is loaded again.
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

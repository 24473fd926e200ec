import { Redis } from 'ioredis';
import { config } from '../config';
import { logger } from '../logger';

const ANSWER_MS = 500;

let client: Redis | undefined;

/**
 * For a connection that must not make anybody wait while Redis is away or silent. One that gets no answer in time is destroyed,
 * and until another is there every command fails at once: nobody asks a Redis that has just not answered.
 */
export const failFastRedisOptions = (answerMs: number) => ({
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: answerMs,
  ...reconnectingRedisOptions(answerMs),
});

/** For every connection: silence counts as a broken connection, and a broken one is made again within a second or so. */
export const reconnectingRedisOptions = (silenceMs: number) => ({
  socketTimeout: silenceMs,
  connectTimeout: 2000,
  keepAlive: 10_000,
  retryStrategy: (times: number): number => Math.min(times * 100, 1000),
});

/** The connection for short commands; they fail at once while Redis is away. Undefined where no Redis is configured. */
export function redis(): Redis | undefined {
  if (!config.redisUrl) return undefined;
  if (!client) {
    client = new Redis(config.redisUrl, failFastRedisOptions(ANSWER_MS));
    let isAway = false;
    client.on('ready', () => (isAway = false));
    client.on('error', (error) => {
      if (!isAway) logger.warn({ err: error }, 'Redis is not reachable');
      isAway = true;
    });
  }
  return client;
}

export async function closeRedis(): Promise<void> {
  client?.disconnect();
  client = undefined;
}

import { Redis } from 'ioredis';
import { config } from '../config';
import { logger } from '../logger';
import './redis-silence';

const ANSWER_MS = 500;

let client: Redis | undefined;

/**
 * Options for connections that should fail fast when Redis is down or silent. A connection that gets no response in time is
 * destroyed, and until it is reconnected every command fails at once.
 */
export const failFastRedisOptions = (answerMs: number) => ({
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: answerMs,
  ...reconnectingRedisOptions(answerMs),
});

/** Options for every connection: silence counts as a broken connection, and broken ones reconnect within about a second. */
export const reconnectingRedisOptions = (silenceMs: number) => ({
  socketTimeout: silenceMs,
  connectTimeout: 2000,
  // ioredis waits for this long even if the connection is already gone, and the process with it.
  disconnectTimeout: 250,
  keepAlive: 10_000,
  retryStrategy: (times: number): number => Math.min(times * 100, 1000),
  // After a failover, the address leads to another server, while this connection is still one to the former primary.
  reconnectOnError: ({ message }: Error): boolean => message.includes('READONLY'),
});

/** Returns the connection for short commands, which fail fast while Redis is down; undefined if Redis is not configured. */
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

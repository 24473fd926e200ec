import { Redis } from 'ioredis';
import { config } from '../config';
import { logger } from '../logger';

let client: Redis | undefined;

/** The connection for short commands; they fail at once while Redis is away. Undefined where no Redis is configured. */
export function redis(): Redis | undefined {
  if (!config.redisUrl) return undefined;
  if (!client) {
    client = new Redis(config.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 500 });
    client.on('error', (error) => logger.warn({ err: error }, 'Redis is not reachable'));
  }
  return client;
}

export async function closeRedis(): Promise<void> {
  client?.disconnect();
  client = undefined;
}

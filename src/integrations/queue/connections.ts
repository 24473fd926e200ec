import { config } from '../../config';

/** Where the queues are. */
export type QueueServer = { redisUrl: string; prefix: string } | { postgresUrl: string };

export function queueServer(): QueueServer {
  if (!config.redisUrl) return { postgresUrl: config.databaseDirectUrl ?? config.databaseUrl ?? '' };
  // The prefix keeps programs with other databases apart that share a Redis.
  return { redisUrl: config.redisUrl, prefix: `bilten-${new URL(config.databaseUrl ?? '').pathname.slice(1)}` };
}

export const retryStrategy = (times: number): number => Math.min(times * 100, 1000);

/** For what fails at once while Redis is away. */
export const impatientRedis = (url: string) => ({
  url,
  retryStrategy,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: 5000,
});

export const postgresConnection = (connectionString: string, max: number) => ({
  connectionString,
  max,
  application_name: 'bilten queue',
  // A job that a crash of the server loses is made again from its message.
  options: '-c synchronous_commit=off',
  connectionTimeoutMillis: 5000,
  keepAlive: true,
});

import { config } from '../../config';
import { getConnectionOptions } from '../../database';
import { failFastRedisOptions } from '../redis';

/** Where the queues are. */
export type QueueServer = { redisUrl: string; prefix: string } | { postgresUrl: string };

export function queueServer(): QueueServer {
  if (!config.redisUrl) return { postgresUrl: config.databaseDirectUrl ?? config.databaseUrl ?? '' };
  // The prefix keeps programs with other databases apart that share a Redis.
  return { redisUrl: config.redisUrl, prefix: `bilten-${new URL(config.databaseUrl ?? '').pathname.slice(1)}` };
}

/** For what fails at once while Redis is away. */
export const getFailFastOptions = (url: string) => ({ url, ...failFastRedisOptions(5000) });

export const postgresConnection = (connectionString: string, max: number) => ({
  ...getConnectionOptions(connectionString, 'bilten queue'),
  max,
  // With pipelining a statement that gets no answer in time takes its connection with it; without, the connection would be
  // used again, and stay silent.
  query_timeout: 5000,
  pipeline: true,
  // A job that a crash of the server loses is made again from its message.
  options: '-c synchronous_commit=off',
});

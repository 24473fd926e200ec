import { config } from '../../config';
import { getConnectionOptions } from '../../database';
import { failFastRedisOptions } from '../redis';

/** Connection options of the queues. */
export type QueueServer = { redisUrl: string; prefix: string } | { postgresUrl: string };

export function queueServer(): QueueServer {
  if (!config.redisUrl) return { postgresUrl: config.databaseDirectUrl ?? config.databaseUrl ?? '' };
  // The prefix separates programs with different databases that share one Redis.
  return { redisUrl: config.redisUrl, prefix: `bilten-${new URL(config.databaseUrl ?? '').pathname.slice(1)}` };
}

/** Options for connections that should fail fast when Redis is down. */
export const getFailFastOptions = (url: string) => ({ url, ...failFastRedisOptions(5000) });

export const postgresConnection = (connectionString: string, max: number) => ({
  ...getConnectionOptions(connectionString, 'bilten queue'),
  max,
  // With pipelining, a statement that times out also destroys its connection; otherwise the dead connection would be reused.
  query_timeout: 5000,
  pipeline: true,
  // A job that is lost in a server crash is created again from its message.
  options: '-c synchronous_commit=off',
});

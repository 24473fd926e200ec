import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import type { Server } from 'socket.io';
import { config } from '../../config';
import { logger } from '../../logger';
import { failFastRedisOptions, reconnectingRedisOptions } from '../redis';

const ANSWER_MS = 2000;
// A connection without publications looks like a dead one; a ping tells them apart.
const ASK_MS = 5000;

// The adapter does not await these calls; a failure while Redis is down must not end the process.
const COMMANDS = ['publish', 'subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'] as const;

function ignoreErrors(client: Redis): Redis {
  client.on('error', (error) => logger.debug({ err: error }, 'Redis is not reachable for live updates'));
  for (const name of COMMANDS) {
    const command = client[name].bind(client) as (...parts: unknown[]) => Promise<unknown>;
    Object.assign(client, { [name]: (...parts: unknown[]) => command(...parts).catch(() => 0) });
  }
  return client;
}

/** Connects the Socket.IO servers of all processes. Returns a function that disconnects. */
export function connectThroughRedis(io: Server, url: string): () => void {
  // Updates are not queued while Redis is down, because they would be outdated by then.
  const publisher = ignoreErrors(new Redis(url, failFastRedisOptions(ANSWER_MS)));
  const subscriber = ignoreErrors(
    new Redis(url, { ...reconnectingRedisOptions(ANSWER_MS), maxRetriesPerRequest: null }),
  );
  // Pub/sub ignores Redis database numbers, so the name separates programs that share one Redis.
  const key = `bilten-${new URL(config.databaseUrl ?? '').pathname.slice(1)}-live`;
  io.adapter(createAdapter(publisher, subscriber, { key }));
  const asking = setInterval(() => {
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined);
  }, ASK_MS).unref();
  return () => {
    clearInterval(asking);
    publisher.disconnect();
    subscriber.disconnect();
  };
}

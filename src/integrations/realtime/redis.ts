import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import type { Server } from 'socket.io';
import { config } from '../../config';
import { logger } from '../../logger';
import { failFastRedisOptions, reconnectingRedisOptions } from '../redis';

const ANSWER_MS = 2000;
// Where nothing is published nothing comes: asking tells that from a connection that leads nowhere any more.
const ASK_MS = 5000;

// The adapter waits for none of these: one that fails while Redis is away must not end the process.
const COMMANDS = ['publish', 'subscribe', 'psubscribe', 'unsubscribe', 'punsubscribe'] as const;

function ignoreErrors(client: Redis): Redis {
  client.on('error', (error) => logger.debug({ err: error }, 'Redis is not reachable for live updates'));
  for (const name of COMMANDS) {
    const command = client[name].bind(client) as (...parts: unknown[]) => Promise<unknown>;
    Object.assign(client, { [name]: (...parts: unknown[]) => command(...parts).catch(() => 0) });
  }
  return client;
}

/** Connects the servers of all processes; gives what ends that. */
export function connectThroughRedis(io: Server, url: string): () => void {
  // What can't be said while Redis is away isn't kept for later: by then it is no news.
  const publisher = ignoreErrors(new Redis(url, failFastRedisOptions(ANSWER_MS)));
  const subscriber = ignoreErrors(
    new Redis(url, { ...reconnectingRedisOptions(ANSWER_MS), maxRetriesPerRequest: null }),
  );
  // Pub/sub knows no databases of a Redis: the name keeps programs apart that share it.
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

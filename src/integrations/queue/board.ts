import type { Queue } from 'bullmq';
import { logger } from '../../logger';
import { impatientRedis, postgresConnection, queueServer } from './connections';
import { QUEUE_NAMES } from './names';

let opened: Promise<Queue[]> | undefined;

async function open(): Promise<Queue[]> {
  // Loaded when somebody looks: the API does without it.
  const { createPostgresBackend, Queue: BullQueue } = await import('bullmq');
  const server = queueServer();
  const queues = QUEUE_NAMES.map((name) => {
    if ('redisUrl' in server)
      return new BullQueue(name, { prefix: server.prefix, connection: impatientRedis(server.redisUrl) });
    const connection = postgresConnection(server.postgresUrl, 1);
    return new BullQueue(name, { connection }, createPostgresBackend) as unknown as Queue;
  });
  for (const queue of queues) queue.on('error', (error) => logger.debug({ err: error }, 'The queues have a problem'));
  await Promise.all(queues.map((queue) => queue.waitUntilReady()));
  return queues;
}

/** The queues, to look at. @throws Error while their server is away */
export function openBoardQueues(): Promise<Queue[]> {
  opened ??= open().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

export async function closeBoardQueues(): Promise<void> {
  const queues = await opened?.catch(() => []);
  opened = undefined;
  await Promise.allSettled((queues ?? []).map((queue) => queue.close()));
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Queue } from 'bullmq';
import { AppError } from '../../errors';
import { logger } from '../../logger';
import { getFailFastOptions, postgresConnection, queueServer } from './connections';
import { QUEUE_NAMES } from './names';

const TIMEOUT_MS = 5000;
const CLOSE_MS = 1000;

let opened: Promise<Queue[]> | undefined;

async function open(): Promise<Queue[]> {
  // Loaded on first use, since the API does not need it otherwise.
  const { createPostgresBackend, Queue: BullQueue } = await import('bullmq');
  const server = queueServer();
  const queues = QUEUE_NAMES.map((name) => {
    if ('redisUrl' in server)
      return new BullQueue(name, { prefix: server.prefix, connection: getFailFastOptions(server.redisUrl) });
    const connection = postgresConnection(server.postgresUrl, 1);
    return new BullQueue(name, { connection }, createPostgresBackend) as unknown as Queue;
  });
  for (const queue of queues)
    queue.on('error', (error) => logger.debug({ err: error }, 'The queues reported an error'));
  return queues;
}

/** Opens the queues for the board. @throws AppError UNAVAILABLE while their server is down */
export async function openBoardQueues(): Promise<Queue[]> {
  opened ??= open();
  const queues = await opened;
  const late = sleep(TIMEOUT_MS, undefined, { ref: false }).then(() => {
    throw new AppError('UNAVAILABLE', 'The queues can’t be reached.');
  });
  await Promise.race([Promise.all(queues.map((queue) => queue.waitUntilReady())), late]);
  return queues;
}

export async function closeBoardQueues(): Promise<void> {
  const queues = (await opened) ?? [];
  opened = undefined;
  // Closing would never finish while their server is down.
  await Promise.race([
    Promise.allSettled(queues.map((queue) => queue.close())),
    sleep(CLOSE_MS, undefined, { ref: false }),
  ]);
}

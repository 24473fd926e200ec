import type { Queue } from 'bullmq';
import { logger } from '../../logger';
import { QUEUE_NAMES } from './names';

let opened: Promise<Queue[]> | undefined;

async function open(): Promise<Queue[]> {
  // BullMQ is loaded when somebody looks: the API does without it.
  const { carrier } = await import('./index.js');
  const { reader } = carrier();
  const queues = QUEUE_NAMES.map((name) => reader(name));
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

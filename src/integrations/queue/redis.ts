import { Queue, Worker, type Job } from 'bullmq';
import { WORKER_OPTIONS, type Carrier, type JobData } from './carrier';
import { reconnectingRedisOptions } from '../redis';
import { getFailFastOptions } from './connections';

// An idle worker blocks in a command for this long; only longer silence counts as a dead connection.
const BLOCK_SECONDS = 3;
const SILENCE_MS = 8000;

/** BullMQ on Redis. */
export function redisCarrier(url: string, prefix: string): Carrier {
  // Adding fails fast while Redis is down; messages stay in the outbox until it is back.
  const toAdd = getFailFastOptions(url);
  const toWork = { url, ...reconnectingRedisOptions(SILENCE_MS), maxRetriesPerRequest: null };
  return {
    producer(name) {
      const queue = new Queue(name, { prefix, connection: toAdd, streams: { events: { maxLen: 100 } } });
      return Object.assign(queue, { addJobs: queue.addBulk.bind(queue) });
    },
    consumer: (name, process, concurrency) =>
      new Worker(name, (job: Job<JobData>) => process(job.data), {
        ...WORKER_OPTIONS,
        concurrency,
        prefix,
        drainDelay: BLOCK_SECONDS,
        connection: toWork,
      }),
  };
}

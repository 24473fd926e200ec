import { Queue, Worker, type Job } from 'bullmq';
import { WORKER_OPTIONS, type Carrier, type JobData } from './carrier';
import { impatientRedis, retryStrategy } from './connections';

/** BullMQ on Redis. */
export function redisCarrier(url: string, prefix: string): Carrier {
  // Adding fails at once while Redis is away: the messages stay where they are until it is back.
  const toAdd = impatientRedis(url);
  const toWork = { url, retryStrategy, maxRetriesPerRequest: null };
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
        connection: toWork,
      }),
  };
}

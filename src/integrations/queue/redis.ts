import { Queue, Worker, type Job } from 'bullmq';
import { WORKER_OPTIONS, type Carrier, type JobData } from './carrier';

const retryStrategy = (times: number): number => Math.min(times * 100, 1000);

/** BullMQ on Redis. The prefix keeps programs with other databases apart that share it. */
export function redisCarrier(url: string, prefix: string): Carrier {
  // Adding fails at once while Redis is away: the messages stay where they are until it is back.
  const toAdd = { url, retryStrategy, enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 5000 };
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
    reader: (name) => new Queue(name, { prefix, connection: toAdd }),
  };
}

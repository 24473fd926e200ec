import { setTimeout as sleep } from 'node:timers/promises';
import { logger } from '../../logger';
import type { Carrier, Consumer, Process, Producer } from './carrier';
import { queueServer } from './connections';
import { postgresCarrier } from './postgres';
import { redisCarrier } from './redis';

/** A queue, and how many of its jobs run concurrently in this process. */
export interface QueueConfig {
  name: string;
  concurrency: number;
}

/** A chunk of messages that are handled together. */
export interface Job {
  messageIds: number[];
  topic: string;
  priority: number;
}

export interface Queues {
  /** Adds jobs; does nothing for jobs that already exist. */
  add(queue: string, jobs: Job[]): Promise<void>;
  /** True if a consumer has stopped; the queues must then be closed and opened again. */
  isBroken(): boolean;
  /** Lets running jobs finish. */
  close(): Promise<void>;
}

/** Returns the same id for the same messages, so that a chunk that is added again while it waits becomes no second job. */
const getJobId = (ids: number[]): string => `messages-${ids[0]}-${ids.at(-1)}-${ids.length}`;

const LOG_EVERY_MS = 5000;
const CLOSE_MS = 20_000;
const IDLE_MS = 1000;

function carrier(): Carrier {
  const server = queueServer();
  return 'redisUrl' in server ? redisCarrier(server.redisUrl, server.prefix) : postgresCarrier(server.postgresUrl);
}

function logErrors(): (error: Error) => void {
  let quietUntil = 0;
  return (error) => {
    if (performance.now() < quietUntil) return;
    quietUntil = performance.now() + LOG_EVERY_MS;
    logger.warn({ err: error }, 'The queues reported an error');
  };
}

/** Rejects if the signal fires first. */
async function orUntilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    const refuse = () => reject(new Error('Opening the queues was aborted.'));
    if (signal.aborted) refuse();
    signal.addEventListener('abort', refuse, { signal: settled.signal });
  });
  await Promise.race([work, aborted]).finally(() => settled.abort());
}

/** Resolves shortly after the last running job has finished, or after a timeout. */
async function waitUntilIdle(running: () => number): Promise<void> {
  const late = performance.now() + CLOSE_MS;
  do await sleep(IDLE_MS, undefined, { ref: false });
  while (running() > 0 && performance.now() < late);
}

/**
 * Opens the queues and processes their jobs once their server responds.
 * @throws Error if the server refuses or the signal fires first; nothing stays open then
 */
export async function openQueues(configs: QueueConfig[], process: Process, signal: AbortSignal): Promise<Queues> {
  const { producer, consumer } = carrier();
  const producers = new Map<string, Producer>(configs.map(({ name }) => [name, producer(name)]));
  let running = 0;
  const counted: Process = async (data) => {
    running += 1;
    await process(data).finally(() => (running -= 1));
  };
  const consumers = configs.map(({ name, concurrency }) => consumer(name, counted, concurrency));
  const all = [...producers.values(), ...consumers];
  const onError = logErrors();
  for (const server of all) server.on('error', onError);
  try {
    await orUntilAborted(Promise.all(all.map((server) => server.waitUntilReady())), signal);
  } catch (error) {
    await Promise.all(all.map((server) => server.close(true))).catch(onError);
    throw error;
  }
  // A consumer that starts before its connection is ready can fail in a loop that never yields.
  let isBroken = false;
  for (const server of consumers)
    server.run().catch((error: Error) => {
      isBroken = true;
      onError(error);
    });
  return {
    isBroken: () => isBroken,
    async add(name, jobs) {
      const target = producers.get(name);
      if (!target) throw new Error(`There is no queue ${name}`);
      await target.addJobs(
        jobs.map(({ messageIds, topic, priority }) => ({
          name: topic,
          data: { messageIds },
          opts: { jobId: getJobId(messageIds), priority, removeOnComplete: true, removeOnFail: true },
        })),
      );
    },
    async close() {
      const untilGone = (endpoints: (Producer | Consumer)[]) =>
        // Closing would never finish while their server is down; jobs left there are recovered when their lock expires.
        Promise.race([Promise.all(endpoints.map((server) => server.close())), waitUntilIdle(() => running)]);
      await untilGone(consumers);
      await untilGone([...producers.values()]);
    },
  };
}

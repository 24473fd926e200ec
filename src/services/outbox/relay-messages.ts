import { database } from '../../database';
import { listen } from '../../integrations/listener';
import { openQueues, type QueueConfig, type Queues } from '../../integrations/queue';
import { groupBy } from '../../lib/chunks';
import { logger } from '../../logger';
import { toJobs } from './to-jobs';
import { RELAY_CHANNEL, RUSH, type Topic } from '../../models/outbox/messages';
import {
  claimNewMessages,
  claimStaleMessages,
  getSecondsWaited,
  returnMessages,
  reviveDelayedMessages,
  type QueuedMessage,
} from '../../models/outbox/claim-messages';

/** A queue, and how many messages of a topic one of its jobs carries. */
export interface RelayedQueue extends QueueConfig {
  chunk: number;
}

interface RelayOptions {
  queues: RelayedQueue[];
  getQueue: (topic: Topic) => string;
  process: (messageIds: number[]) => Promise<void>;
}

export interface Relay {
  /** Returns whether messages reach the queues. */
  isWorking(): boolean;
  /** Stops the relay after running jobs have finished. */
  stop(): Promise<void>;
}

// Few enough that urgent messages find short queues, and enough that workers do not wait for the next poll.
const IN_FLIGHT = { urgent: 100, usual: 200 };
const STALE_SECONDS = 10;
const SWEEP_MS = 500;
// After an outage, a worker may still be recording finished work, so stale messages are not reclaimed for this long.
const RECOVERY_MS = 3000;
const FIRST_PAUSE_MS = 40;
const MAX_PAUSE_MS = 1000;
const RELAY_CHUNK_SIZE = 500;

// While bookings queue up in an API process, what follows them waits, so that it takes no processor time from the sale: the relay
// lets through urgent messages, and 25 others every half second. If the oldest has waited for a minute, it puts off nothing.
const RUSH_MS = 300;
const RUSH_PAUSE_MS = 250;
const RUSH_TURN_MS = 500;
const IN_FLIGHT_IN_RUSH = { ...IN_FLIGHT, usual: 25 };
const MAX_PUT_OFF_SECONDS = 60;

/** Starts moving messages from the outbox into the queues, and processing the queues. */
export function startRelay({ queues: configs, getQueue, process }: RelayOptions): Relay {
  const stopping = new AbortController();
  const { signal } = stopping;
  let queues: Queues | undefined;
  let isFailing = false;
  let sweptAt = -Infinity;
  let pauseMs = FIRST_PAUSE_MS;
  let endPause: () => void = () => undefined;

  let rushUntil = -Infinity;
  let turnAt = -Infinity;
  const isRush = () => performance.now() < rushUntil;

  const listener = listen(RELAY_CHANNEL, (told) => {
    const wasRush = isRush();
    if (told === RUSH) rushUntil = performance.now() + RUSH_MS;
    // During a rush there are notifications all the time, and the relay polls at its own pace.
    if (wasRush && isRush()) return;
    pauseMs = FIRST_PAUSE_MS;
    endPause();
  });

  /** Returns how many messages the queues may hold now. */
  async function getLimits() {
    if (!isRush() || (await getSecondsWaited(database)) > MAX_PUT_OFF_SECONDS) return IN_FLIGHT;
    if (performance.now() - turnAt < RUSH_TURN_MS) return { ...IN_FLIGHT, usual: 0 };
    turnAt = performance.now();
    return IN_FLIGHT_IN_RUSH;
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function enqueue(target: Queues, messages: QueuedMessage[]): Promise<void> {
    const byQueue = groupBy(messages, ({ topic }) => getQueue(topic));
    for (const { name, chunk } of configs) {
      const ofQueue = byQueue.get(name);
      if (ofQueue) await target.add(name, toJobs(ofQueue, chunk));
    }
  }

  async function relayNew(target: Queues): Promise<number> {
    const messages = await claimNewMessages(database, await getLimits());
    if (messages.length === 0) return 0;
    try {
      await enqueue(target, messages);
    } catch (error) {
      await returnMessages(
        database,
        messages.map(({ id }) => id),
      );
      throw error;
    }
    return messages.length;
  }

  async function sweep(target: Queues): Promise<void> {
    if (performance.now() - sweptAt < SWEEP_MS) return;
    sweptAt = performance.now();
    await reviveDelayedMessages(database, RELAY_CHUNK_SIZE);
    const stale = await claimStaleMessages(database, { seconds: STALE_SECONDS, limit: RELAY_CHUNK_SIZE });
    if (stale.length > 0) await enqueue(target, stale);
  }

  async function poll(): Promise<void> {
    try {
      if (queues?.isBroken()) {
        await queues.close();
        queues = undefined;
      }
      queues ??= await openQueues(configs, ({ messageIds }) => process(messageIds), signal);
      if (!isFailing) await sweep(queues);
      const moved = await relayNew(queues);
      if (isFailing) {
        logger.info('Messages are being relayed again');
        sweptAt = performance.now() + RECOVERY_MS;
      }
      isFailing = false;
      if (isRush()) pauseMs = RUSH_PAUSE_MS;
      else pauseMs = moved > 0 ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, MAX_PAUSE_MS);
    } catch (error) {
      if (signal.aborted) return;
      if (!isFailing) logger.warn({ err: error }, 'Messages cannot be relayed and stay in the outbox');
      isFailing = true;
      pauseMs = MAX_PAUSE_MS;
    }
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await poll();
      if (!signal.aborted) await pause(pauseMs);
    }
  }

  const running = run();
  return {
    isWorking: () => queues !== undefined && !isFailing,
    async stop() {
      stopping.abort();
      endPause();
      await running;
      await listener.close();
      await queues?.close();
    },
  };
}

import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../errors';

interface Waiting<C, O> {
  command: C;
  since: number;
  resolve: (outcome: O) => void;
  reject: (error: unknown) => void;
}

interface BatcherOptions<C, O> {
  maxBatch: number;
  maxQueue: number;
  /** How long a command may be put off, in milliseconds, before its caller is told to come back later. */
  maxWaitMs: number;
  /** Gives an outcome for each command in turn; `DEFERRED` for those to be taken up again with a later batch. */
  run: (commands: C[]) => Promise<(O | typeof DEFERRED)[]>;
}

export const DEFERRED = Symbol('put off');
const DEFERRED_RETRY_MS = 50;
const RESULTS_PER_TURN = 4;

export interface CommandBatcher<C, O> {
  /** How many commands wait for their batch. */
  waiting: () => number;
  /** @throws AppError UNAVAILABLE when too many wait already */
  submit: (command: C) => Promise<O>;
  /** Resolves when nothing waits or runs. */
  idle: () => Promise<void>;
}

/** Group commit: commands that arrive while a batch runs make up the next batch. Nothing is delayed on purpose. */
export function createCommandBatcher<C, O>({
  maxBatch,
  maxQueue,
  maxWaitMs,
  run,
}: BatcherOptions<C, O>): CommandBatcher<C, O> {
  const atRest = new AsyncResource('lane');
  let queue: Waiting<C, O>[] = [];
  let putOff = 0;
  let isRunning = false;
  let idleWaiters: (() => void)[] = [];

  function putOffLater(waiting: Waiting<C, O>): void {
    if (performance.now() - waiting.since > maxWaitMs) {
      waiting.reject(new AppError('UNAVAILABLE', 'This event is busy: try again in a moment.'));
      return;
    }
    putOff += 1;
    setTimeout(() => {
      putOff -= 1;
      queue.push(waiting);
      void pump();
    }, DEFERRED_RETRY_MS);
  }

  /** A few at a time: each answer is work, and what the database says to the next batch is heard in between. */
  async function answer(batch: Waiting<C, O>[], outcomes: (O | typeof DEFERRED)[]): Promise<void> {
    for (const [i, { resolve }] of batch.entries()) {
      if (i > 0 && i % RESULTS_PER_TURN === 0) await nextTurn();
      const outcome = outcomes[i] as O | typeof DEFERRED;
      if (outcome !== DEFERRED) resolve(outcome);
    }
  }

  async function runBatch(batch: Waiting<C, O>[]): Promise<void> {
    try {
      const outcomes = await run(batch.map(({ command }) => command));
      batch.filter((_, i) => outcomes[i] === DEFERRED).forEach(putOffLater);
      void answer(batch, outcomes);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async function pump(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(batch.length);
      await runBatch(batch);
    }
    isRunning = false;
    if (putOff === 0) {
      for (const wake of idleWaiters) wake();
      idleWaiters = [];
    }
  }

  return {
    waiting: () => queue.length + putOff,
    submit: (command) =>
      new Promise<O>((resolve, reject) => {
        if (queue.length + putOff >= maxQueue) {
          reject(new AppError('UNAVAILABLE', 'Too many bookings at once: try again in a moment.'));
          return;
        }
        queue.push({ command, since: performance.now(), resolve, reject });
        // A batch is nobody's own: what is known of the caller's job or trace stays with the caller.
        if (!isRunning) void atRest.runInAsyncScope(pump);
      }),
    idle: () =>
      isRunning || putOff > 0 || queue.length > 0
        ? new Promise((resolve) => idleWaiters.push(resolve))
        : Promise.resolve(),
  };
}

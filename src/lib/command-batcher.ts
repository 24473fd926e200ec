import { AsyncResource } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../errors';

interface Waiting<C, O> {
  command: C;
  since: number;
  resolve: (outcome: O) => void;
  reject: (error: unknown) => void;
}

interface BatcherOptions<C, O> {
  maxBatch: number;
  /**
   * When more commands than this wait, a batch takes half of them: while the database works on one half, the callers of the half
   * before can send their next commands. Without it, a batch takes all that wait.
   */
  halveAbove?: number;
  maxQueue: number;
  /** How long a command can be deferred, in milliseconds, before it fails with UNAVAILABLE. */
  maxWaitMs: number;
  /** The shortest time between the starts of two batches, in milliseconds: longer gathers more. None by default. */
  paceMs?: number;
  /** Returns one outcome per command, in the same order; `DEFERRED` commands are retried in a later batch. */
  run: (commands: C[]) => Promise<(O | typeof DEFERRED)[]>;
}

export const DEFERRED = Symbol('deferred');
const DEFERRED_RETRY_MS = 50;

export interface CommandBatcher<C, O> {
  /** Returns the number of commands that wait for a batch. */
  waiting: () => number;
  /** @throws AppError UNAVAILABLE if too many commands are waiting */
  submit: (command: C) => Promise<O>;
  /** Resolves when no command is waiting or running. */
  idle: () => Promise<void>;
}

/** Group commit: commands that arrive while a batch runs form the next batch. A command that finds none running starts
 * one in the next turn of the event loop. */
export function createCommandBatcher<C, O>({
  maxBatch,
  halveAbove = Infinity,
  maxQueue,
  maxWaitMs,
  paceMs = 0,
  run,
}: BatcherOptions<C, O>): CommandBatcher<C, O> {
  const batchContext = new AsyncResource('CommandBatcher');
  let queue: Waiting<C, O>[] = [];
  let deferredCount = 0;
  let isRunning = false;
  let idleWaiters: (() => void)[] = [];

  function defer(waiting: Waiting<C, O>): void {
    if (performance.now() - waiting.since > maxWaitMs) {
      waiting.reject(new AppError('UNAVAILABLE', 'This event is busy: try again in a moment.'));
      return;
    }
    deferredCount += 1;
    setTimeout(() => {
      deferredCount -= 1;
      queue.push(waiting);
      void pump();
    }, DEFERRED_RETRY_MS);
  }

  async function runBatch(batch: Waiting<C, O>[]): Promise<void> {
    try {
      const outcomes = await run(batch.map(({ command }) => command));
      for (const [i, waiting] of batch.entries()) {
        const outcome = outcomes[i] as O | typeof DEFERRED;
        if (outcome === DEFERRED) defer(waiting);
        else waiting.resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async function pump(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    // Commands that arrive in this turn of the event loop, such as those that waited for the same query, share the first batch.
    await nextTurn();
    while (queue.length > 0) {
      const share = queue.length > halveAbove ? Math.max(halveAbove, Math.ceil(queue.length / 2)) : queue.length;
      const batch = queue.slice(0, Math.min(share, maxBatch));
      queue = queue.slice(batch.length);
      const startedAt = performance.now();
      await runBatch(batch);
      const restMs = paceMs - (performance.now() - startedAt);
      if (restMs > 0) await sleep(restMs);
    }
    isRunning = false;
    if (deferredCount === 0) {
      for (const wake of idleWaiters) wake();
      idleWaiters = [];
    }
  }

  return {
    waiting: () => queue.length + deferredCount,
    submit: (command) =>
      new Promise<O>((resolve, reject) => {
        if (queue.length + deferredCount >= maxQueue) {
          reject(new AppError('UNAVAILABLE', 'Too many bookings at once: try again in a moment.'));
          return;
        }
        queue.push({ command, since: performance.now(), resolve, reject });
        // A batch serves many callers, so it must not run in the job or trace context of one of them.
        if (!isRunning) void batchContext.runInAsyncScope(pump);
      }),
    idle: () =>
      isRunning || deferredCount > 0 || queue.length > 0
        ? new Promise((resolve) => idleWaiters.push(resolve))
        : Promise.resolve(),
  };
}

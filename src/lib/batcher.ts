import { createCommandBatcher } from './command-batcher';

const MAX_BATCH_SIZE = 100;
const MAX_WAIT_MS = 5000;

/**
 * Makes one call for many of the calls of others: what is asked for while one is under way makes up the next.
 * `work` gives an outcome for each thing in turn.
 */
export function createBatcher<T, O>(work: (items: T[]) => Promise<O[]>): (item: T) => Promise<O> {
  return createCommandBatcher<T, O>({ maxBatch: MAX_BATCH_SIZE, maxQueue: Infinity, maxWaitMs: MAX_WAIT_MS, run: work })
    .submit;
}

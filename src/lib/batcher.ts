import { createCommandBatcher } from './command-batcher';

const MAX_BATCH_SIZE = 100;
const MAX_WAIT_MS = 5000;

/**
 * Combines concurrent calls: items requested while one batch runs form the next batch.
 * `work` must return one outcome per item, in the same order.
 */
export function createBatcher<T, O>(work: (items: T[]) => Promise<O[]>): (item: T) => Promise<O> {
  return createCommandBatcher<T, O>({ maxBatch: MAX_BATCH_SIZE, maxQueue: Infinity, maxWaitMs: MAX_WAIT_MS, run: work })
    .submit;
}

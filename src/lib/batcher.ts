import { createCommandBatcher } from './command-batcher';

const MAX_BATCH_SIZE = 100;
const MAX_WAIT_MS = 5000;

/**
 * Combines concurrent calls: items requested while one batch runs form the next batch.
 * With `paceMs`, at most one batch starts within that time. `work` must return one outcome per item, in the same order.
 */
export function createBatcher<T, O>(
  work: (items: T[]) => Promise<O[]>,
  { paceMs }: { paceMs?: number } = {},
): (item: T) => Promise<O> {
  return createCommandBatcher<T, O>({
    maxBatch: MAX_BATCH_SIZE,
    maxQueue: Infinity,
    maxWaitMs: MAX_WAIT_MS,
    paceMs,
    run: work,
  }).submit;
}

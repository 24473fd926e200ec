import { AsyncResource } from 'node:async_hooks';
import DataLoader from 'dataloader';

const MAX_LOADED = 200;

/**
 * Combines the calls of one turn of the event loop, such as those of messages that are handled together, and resolves them
 * together. `work` must return one outcome per item, in the same order.
 */
export function createLoader<T, O>(work: (items: readonly T[]) => Promise<O[]>): (item: T) => Promise<O> {
  // The work serves many callers, so it must not run in the job or trace context of one of them.
  const outside = new AsyncResource('loader');
  const loader = new DataLoader<T, O>(work, {
    cache: false,
    maxBatchSize: MAX_LOADED,
    batchScheduleFn: (start) => outside.runInAsyncScope(setImmediate, undefined, start),
  });
  return (item) => loader.load(item);
}

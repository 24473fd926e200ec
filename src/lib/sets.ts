import { createLane } from './lane';

const MOST_AT_ONCE = 100;
const MAX_WAIT_MS = 5000;

/**
 * Makes one call for many of the calls of others: what is asked for while one is under way makes up the next.
 * `work` gives an outcome for each thing in turn.
 */
export function inSets<T, O>(work: (things: T[]) => Promise<O[]>): (thing: T) => Promise<O> {
  return createLane<T, O>({ maxBatch: MOST_AT_ONCE, maxQueue: Infinity, maxWaitMs: MAX_WAIT_MS, run: work }).submit;
}

import { setImmediate as nextTurn } from 'node:timers/promises';

// How long the work may block the event loop, and after how many items it checks the clock.
const TURN_MS = 10;
const CHECK_EVERY = 128;

/**
 * Runs `work` for each of many items, yielding to the event loop every 10 ms.
 * The iterated collection must not change in the meantime.
 */
export async function forEachYielding<T>(items: Iterable<T>, work: (item: T, index: number) => void): Promise<void> {
  let since = performance.now();
  let done = 0;
  for (const item of items) {
    work(item, done);
    done += 1;
    if (done % CHECK_EVERY !== 0 || performance.now() - since < TURN_MS) continue;
    await nextTurn();
    since = performance.now();
  }
}

/** Like `Array.map` for many items, but yields to the event loop. */
export async function collectYielding<T, R>(items: Iterable<T>, make: (item: T, index: number) => R): Promise<R[]> {
  const made: R[] = [];
  await forEachYielding(items, (item, index) => made.push(make(item, index)));
  return made;
}

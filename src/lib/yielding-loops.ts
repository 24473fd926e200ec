import { setImmediate as nextTurn } from 'node:timers/promises';

// How long work may go on before others get their turn, and how often it looks at the clock.
const TURN_MS = 10;
const CHECK_EVERY = 128;

/**
 * Does something with each of very many things without keeping the event loop from everybody else.
 * What the things are part of must not change meanwhile.
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

/** All that `make` makes of each of very many things. */
export async function collectYielding<T, R>(items: Iterable<T>, make: (item: T, index: number) => R): Promise<R[]> {
  const made: R[] = [];
  await forEachYielding(items, (item, index) => made.push(make(item, index)));
  return made;
}

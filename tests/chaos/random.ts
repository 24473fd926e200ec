/** A source of numbers that a seed determines, so that a failing run can be repeated. */
export interface Random {
  /** Returns a number from 0 up to but not including 1. */
  next(): number;
  pick<T>(things: readonly T[]): T;
  shuffle<T>(things: readonly T[]): T[];
  between(min: number, max: number): number;
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    pick: (things) => things[Math.floor(next() * things.length)]!,
    shuffle: (things) =>
      things
        .map((thing) => ({ thing, place: next() }))
        .sort((a, b) => a.place - b.place)
        .map(({ thing }) => thing),
    between: (min, max) => min + next() * (max - min),
  };
}

import pLimit from 'p-limit';

interface Limits {
  atOnce: number;
  /** The maximum number of waiting calls; further ones are rejected. */
  waiting: number;
  refuse: () => Error;
}

/** Returns a function that runs at most `atOnce` pieces of work concurrently, in order; the others wait. */
export function createLimit({ atOnce, waiting, refuse }: Limits): <T>(work: () => Promise<T>) => Promise<T> {
  const limit = pLimit(atOnce);
  return async (work) => {
    if (limit.activeCount + limit.pendingCount >= atOnce + waiting) throw refuse();
    return limit(work);
  };
}

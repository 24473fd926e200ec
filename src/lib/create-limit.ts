import pLimit from 'p-limit';

interface Limits {
  atOnce: number;
  /** More than these are turned away. */
  waiting: number;
  refuse: () => Error;
}

/** Makes a function that runs at most so many pieces of work at once, in their order; the others wait. */
export function createLimit({ atOnce, waiting, refuse }: Limits): <T>(work: () => Promise<T>) => Promise<T> {
  const limit = pLimit(atOnce);
  return async (work) => {
    if (limit.activeCount + limit.pendingCount >= atOnce + waiting) throw refuse();
    return limit(work);
  };
}

interface Limits {
  atOnce: number;
  /** More than these are turned away. */
  waiting: number;
  refuse: () => Error;
}

/** Makes a function that runs at most so many pieces of work at once, in their order; the others wait. */
export function createLimit({ atOnce, waiting, refuse }: Limits): <T>(work: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < atOnce) running += 1;
    else if (queue.length >= waiting) throw refuse();
    // Whoever ends hands its place on.
    else await new Promise<void>((resolve) => queue.push(resolve));
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next();
      else running -= 1;
    }
  };
}

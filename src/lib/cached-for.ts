/** Caches the result of `read` for `ms` from the start of the call. Concurrent callers share one call; failures are not cached. */
export function cachedFor<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let startedAt = -Infinity;
  let reading: Promise<T> | undefined;
  return () => {
    if (reading && performance.now() - startedAt <= ms) return reading;
    startedAt = performance.now();
    const current = read();
    current.catch(() => {
      if (reading === current) reading = undefined;
    });
    reading = current;
    return current;
  };
}

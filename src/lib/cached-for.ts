/** What `read` gave, if it began no longer ago than that; all who ask meanwhile share one reading. A failure is not kept. */
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

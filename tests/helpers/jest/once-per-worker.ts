/** Creates an expensive value once for all files of a worker. The value must not refer to modules of the file that creates it. */
export function oncePerWorker<T>(name: string, make: () => T): T {
  const { workerMemory } = globalThis as unknown as { workerMemory: Map<string, unknown> };
  if (!workerMemory.has(name)) workerMemory.set(name, make());
  return workerMemory.get(name) as T;
}

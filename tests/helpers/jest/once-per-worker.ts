/** Creates something costly once for all files of a worker; it must not refer to the file that created it. */
export function oncePerWorker<T>(name: string, make: () => T): T {
  const { workerMemory } = globalThis as unknown as { workerMemory: Map<string, unknown> };
  if (!workerMemory.has(name)) workerMemory.set(name, make());
  return workerMemory.get(name) as T;
}

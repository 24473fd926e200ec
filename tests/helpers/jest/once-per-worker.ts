/** Makes what is costly and the same for all files of a worker once; it must hold nothing of the file that made it. */
export function oncePerWorker<T>(name: string, make: () => T): T {
  const { workerMemory } = globalThis as unknown as { workerMemory: Map<string, unknown> };
  if (!workerMemory.has(name)) workerMemory.set(name, make());
  return workerMemory.get(name) as T;
}

import type { RunningWorker } from '../../src/worker';

/** A worker as another process would be: modules, connections and settings of its own. */
export async function startTestWorker(environment: Record<string, string> = {}): Promise<RunningWorker> {
  const before = { ...process.env };
  Object.assign(process.env, environment);
  let started: Promise<RunningWorker> | undefined;
  jest.isolateModules(() => {
    const { startWorker } = jest.requireActual<typeof import('../../src/worker')>('../../src/worker');
    started = startWorker();
  });
  for (const name of Object.keys(environment)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return started!;
}

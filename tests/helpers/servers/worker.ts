import type { RunningWorker } from '../../../src/worker';

/** Starts a worker that behaves like another process: separate modules, connections and settings. Draws no tickets by default. */
export async function startTestWorker(settings: Record<string, string> = {}): Promise<RunningWorker> {
  const environment: Record<string, string> = { MAIL_TICKETS: 'link', ...settings };
  const before = { ...process.env };
  Object.assign(process.env, environment);
  let started: Promise<RunningWorker> | undefined;
  jest.isolateModules(() => {
    const { startWorker } = jest.requireActual<typeof import('../../../src/worker')>('../../../src/worker');
    started = startWorker();
  });
  for (const name of Object.keys(environment)) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  return started!;
}

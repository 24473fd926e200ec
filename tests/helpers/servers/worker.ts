import type { RunningWorker } from '../../../src/worker';

/** A worker as in another process, with its own modules, connections and settings. It draws no tickets unless told to. */
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

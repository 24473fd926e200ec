import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { apiSettings } from './settings';

export interface Api {
  port: number;
  pid: number;
  /** Returns the resident memory in MB. */
  memory(): Promise<number>;
  /** Resolves when running requests have finished and the process has ended. */
  stop(): Promise<void>;
}

/** Starts a program of this folder in a separate process, which reports its port. Its log goes to /dev/null. */
export async function startProcess(file: string, settings: Record<string, string>): Promise<Api> {
  const child = fork(path.join(__dirname, file), {
    env: { ...process.env, ...apiSettings, ...settings },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [told] = (await Promise.race([once(child, 'message'), exited])) as [{ port: number } | number];
  if (typeof told !== 'object') throw new Error(`${file} has not started`);
  return {
    port: told.port,
    pid: child.pid!,
    async memory() {
      child.send('memory');
      const [{ rss }] = (await once(child, 'message')) as [{ rss: number }];
      return rss / 2 ** 20;
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Starts the API without a worker. */
export function startApi(databaseUrl: string, settings: Record<string, string> = {}): Promise<Api> {
  return startProcess('server.js', { DATABASE_URL: databaseUrl, ...settings });
}

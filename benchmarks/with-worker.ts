import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startProcess, type Api } from './api';
import type { TestDatabase } from './stage';

const UNFINISHED = `SELECT count(*) AS count FROM outbox_messages WHERE status <> 'done'`;

/** How often the number of unfinished messages is read, in milliseconds. */
export const POLL_MS = 250;

interface Worker {
  pid: Api['pid'];
  /** Returns the number of messages that the worker has not finished. */
  countUnfinished: () => Promise<number>;
}

/** Runs `work` with a worker on this database, whose mail goes into a temporary folder. */
export async function withWorker<T>(
  database: TestDatabase,
  work: (worker: Worker) => Promise<T>,
  settings: Record<string, string> = {},
): Promise<T> {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bilten-bench-mail-'));
  try {
    const worker = await startProcess('worker.js', {
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      WORKER_PORT: '0',
      ...settings,
    });
    const countUnfinished = async (): Promise<number> =>
      Number((await database.query<{ count: string }>(UNFINISHED))[0]!.count);
    try {
      return await work({ pid: worker.pid, countUnfinished });
    } finally {
      // A frozen process cannot stop.
      process.kill(worker.pid, 'SIGCONT');
      await worker.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

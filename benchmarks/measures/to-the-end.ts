import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../api';
import { cpuOf } from '../cpu';
import { walker, withApi, type Run, type Walker, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents } from './bookings';

const UNFINISHED = `SELECT count(*) AS count FROM outbox_messages WHERE status <> 'done'`;
const POLL_MS = 250;

const sumCpu = (pids: (number | undefined)[]): number =>
  pids.reduce<number>((sum, pid) => sum + ((pid && cpuOf(pid)) || 0), 0);

/** Returns the processor time per request of `walk` in these processes, in microseconds, up to when `finished` resolves. */
async function cpuPerRequest(
  { sizes }: World,
  { api }: Run,
  { walk, pids, finished }: { walk: Walker; pids: (number | undefined)[]; finished: () => Promise<void> },
): Promise<number> {
  await walk.load({ port: api.port, seconds: sizes.warmUpSeconds });
  await finished();
  const before = sumCpu(pids);
  const { requests } = await walk.load({ port: api.port, seconds: sizes.seconds });
  await finished();
  return (sumCpu(pids) - before) / requests;
}

/** Measures the processor time of a free booking until its confirmation is mailed, in all processes, in microseconds. */
export async function bookingToTheEnd(world: World): Promise<number> {
  const bookings = walker(bookingWalk(world, hotEvents));
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bilten-bench-mail-'));
  try {
    return await withApi(
      world,
      async (run) => {
        const { url, query } = run.database;
        const settings = { DATABASE_URL: url, DATA_DIR: dataDir, WORKER_PORT: '0', MAIL_TICKETS: 'link' };
        const worker = await startProcess('worker.js', settings);
        const finished = async (): Promise<void> => {
          while (Number((await query<{ count: string }>(UNFINISHED))[0]!.count) > 0) await sleep(POLL_MS);
        };
        const pids = [run.api.pid, world.stage.pid, worker.pid];
        return cpuPerRequest(world, run, { walk: bookings, pids, finished }).finally(() => worker.stop());
      },
      { check: (database) => checkBookings(database, [bookings]) },
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Measures the processor time of a no-op request in the API and PostgreSQL, in microseconds. */
export async function noopToTheEnd(world: World): Promise<number> {
  const walk = walker(bookingWalk(world, hotEvents, { path: '/api/no-op' }));
  return withApi(world, (run) =>
    cpuPerRequest(world, run, { walk, pids: [run.api.pid, world.stage.pid], finished: () => Promise.resolve() }),
  );
}

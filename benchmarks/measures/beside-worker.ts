import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess } from '../api';
import { loadsInTurns, walker, withApi, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents } from './bookings';

export interface BesideWorker {
  /** Bookings per second while a worker mails their confirmations. */
  rate: number;
  /** Bookings per second while that worker is stopped. */
  without: number;
  /** Confirmations finished per second once the sale is over. */
  finishedRate: number;
}

const UNFINISHED = `SELECT count(*) AS count FROM outbox_messages WHERE status <> 'done'`;
const POLL_MS = 250;
/** The drain is measured until so little is left, which is not worth waiting for. */
const DRAIN_SHARE = 0.5;

/** A sale on one hot event with a worker on the same machine. Turns with and without it alternate: it is frozen in between. */
export async function besideWorker(world: World): Promise<BesideWorker> {
  const bookings = walker(bookingWalk(world, hotEvents));
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'bilten-bench-mail-'));
  try {
    return await withApi(
      world,
      async ({ api, database }) => {
        const settings = { DATABASE_URL: database.url, DATA_DIR: dataDir, WORKER_PORT: '0' };
        const worker = await startProcess('worker.js', settings);
        const countUnfinished = async (): Promise<number> =>
          Number((await database.query<{ count: string }>(UNFINISHED))[0]!.count);
        try {
          const [rate = 0, without = 0] = await loadsInTurns(world, [
            { name: 'beside the worker', walk: bookings, api, before: () => process.kill(worker.pid, 'SIGCONT') },
            { name: 'without it', walk: bookings, api, before: () => process.kill(worker.pid, 'SIGSTOP') },
          ]);
          process.kill(worker.pid, 'SIGCONT');
          const backlog = await countUnfinished();
          const startedAt = performance.now();
          let left = backlog;
          while (left > backlog * DRAIN_SHARE) {
            await sleep(POLL_MS);
            left = await countUnfinished();
          }
          const finishedRate = ((backlog - left) / (performance.now() - startedAt)) * 1000;
          world.log(`    ${backlog} messages were left; ${Math.round(finishedRate)} were finished a second`);
          return { rate, without, finishedRate };
        } finally {
          process.kill(worker.pid, 'SIGCONT');
          await worker.stop();
        }
      },
      { check: (database) => checkBookings(database, [bookings]) },
    );
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

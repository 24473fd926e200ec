import { setTimeout as sleep } from 'node:timers/promises';
import { POLL_MS, withWorker } from '../with-worker';
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

/** The drain is measured until so little is left, which is not worth waiting for. */
const DRAIN_SHARE = 0.5;

/** A sale on one hot event with a worker on the same machine. Turns with and without it alternate: it is frozen in between. */
export async function besideWorker(world: World): Promise<BesideWorker> {
  const bookings = walker(bookingWalk(world, hotEvents));
  return withApi(
    world,
    ({ api, database }) =>
      withWorker(database, async ({ pid, countUnfinished }) => {
        const [rate = 0, without = 0] = await loadsInTurns(world, [
          { name: 'beside the worker', walk: bookings, api, before: () => process.kill(pid, 'SIGCONT') },
          { name: 'without it', walk: bookings, api, before: () => process.kill(pid, 'SIGSTOP') },
        ]);
        process.kill(pid, 'SIGCONT');
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
      }),
    { check: (database) => checkBookings(database, [bookings]) },
  );
}

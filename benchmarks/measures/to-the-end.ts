import { setTimeout as sleep } from 'node:timers/promises';
import { cpuOf } from '../cpu';
import { POLL_MS, withWorker } from '../with-worker';
import { walker, withApi, type Run, type Walker, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents } from './bookings';

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
  return withApi(
    world,
    (run) =>
      withWorker(
        run.database,
        ({ pid, countUnfinished }) =>
          cpuPerRequest(world, run, {
            walk: bookings,
            pids: [run.api.pid, world.stage.pid, pid],
            async finished() {
              while ((await countUnfinished()) > 0) await sleep(POLL_MS);
            },
          }),
        { MAIL_TICKETS: 'link' },
      ),
    { check: (database) => checkBookings(database, [bookings]) },
  );
}

/** Measures the processor time of a no-op request in the API and PostgreSQL, in microseconds. */
export async function noopToTheEnd(world: World): Promise<number> {
  const walk = walker(bookingWalk(world, hotEvents, { path: '/api/no-op' }));
  return withApi(world, (run) =>
    cpuPerRequest(world, run, { walk, pids: [run.api.pid, world.stage.pid], finished: () => Promise.resolve() }),
  );
}

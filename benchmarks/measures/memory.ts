import { setTimeout as sleep } from 'node:timers/promises';
import { walker, withApi, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents } from './bookings';

const SAMPLES = 5;

/** Measures the resident memory of the API in MB while booking: the maximum in the seconds before each of the two times. */
export async function memory(world: World): Promise<{ early: number; late: number }> {
  const bookings = walker(bookingWalk(world, hotEvents));
  const [earlyAt, lateAt] = world.sizes.memoryAtSeconds;
  return withApi(
    world,
    async ({ api }) => {
      const start = performance.now();
      const highestBefore = async (seconds: number): Promise<number> => {
        await sleep((seconds - SAMPLES / 2) * 1000 - (performance.now() - start));
        let highest = 0;
        for (let i = 0; i < SAMPLES; i += 1) {
          highest = Math.max(highest, await api.memory());
          await sleep(500);
        }
        return highest;
      };
      const load = bookings.load({ port: api.port, seconds: lateAt + 1 });
      const early = await highestBefore(earlyAt);
      const late = await highestBefore(lateAt);
      await load;
      return { early, late };
    },
    { check: (database) => checkBookings(database, [bookings]) },
  );
}

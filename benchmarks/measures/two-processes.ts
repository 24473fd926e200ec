import { startApi } from '../api';
import { CONNECTIONS } from '../settings';
import { walker, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents } from './bookings';

/** Measures bookings per second for one hot event with two API processes on one database, each with half of the users and connections. */
export async function hotWithTwo(world: World): Promise<number> {
  const { stage, sizes, tokens, log } = world;
  return stage.withDatabase(async (database) => {
    const apis = [await startApi(database.url), await startApi(database.url)];
    const half = tokens.length / 2;
    const walks = apis.map((_, i) =>
      walker(bookingWalk({ tokens: tokens.slice(i * half, (i + 1) * half) }, hotEvents)),
    );
    const load = (seconds: number) =>
      Promise.all(walks.map((walk, i) => walk.load({ port: apis[i]!.port, seconds, connections: CONNECTIONS / 2 })));
    const loads = await load(sizes.warmUpSeconds)
      .then(() => load(sizes.seconds))
      .finally(() => Promise.all(apis.map((api) => api.stop())));
    await checkBookings(database, walks);
    log(`    ${loads.map(({ rate, p99Ms }) => `${Math.round(rate)}/s, p99 ${p99Ms} ms`).join(' and ')}`);
    return loads.reduce((sum, { rate }) => sum + rate, 0);
  });
}

import { walker, warmLoad, withApi, type World } from '../world';
import { bookingWalk, checkBookings, hotEvents, otherEvent } from './bookings';

// Enough connections to keep the rate while some requests wait.
const FIXED_RATE_CONNECTIONS = 300;
const OTHER_RATE = 50;

/** Measures the 99th percentile of a booking on the hot event at a fixed rate, in milliseconds. */
export async function bookingLatency(world: World, rate: number): Promise<number> {
  const bookings = walker(bookingWalk(world, hotEvents));
  const options = { rate: Math.round(rate), connections: FIXED_RATE_CONNECTIONS };
  const load = await withApi(world, ({ api }) => warmLoad(bookings, world, api, options), {
    check: (database) => checkBookings(database, [bookings]),
  });
  return load.p99Ms;
}

/** Measures the 99th percentile of a booking on one event while another sells as fast as it can, in milliseconds. */
export async function otherEventLatency(world: World): Promise<number> {
  const { sizes } = world;
  const hot = walker(bookingWalk(world, hotEvents));
  const other = walker(bookingWalk(world, [otherEvent]));
  return withApi(
    world,
    async ({ api: { port } }) => {
      await hot.load({ port, seconds: sizes.warmUpSeconds });
      const sale = hot.load({ port, seconds: sizes.seconds + 1 });
      const load = await other.load({ port, seconds: sizes.seconds, rate: OTHER_RATE, connections: 20 });
      await sale;
      return load.p99Ms;
    },
    { check: (database) => checkBookings(database, [hot, other]) },
  );
}

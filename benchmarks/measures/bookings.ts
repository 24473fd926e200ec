import { startApi } from '../api';
import { BOOKABLE_EVENTS } from '../populate';
import type { TestDatabase } from '../stage';
import { loadsInTurns, walker, warmLoad, withApi, type Walker, type World } from '../world';
import type { Walk } from '../load';

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Books one event until every user has a booking, then the next. */
export const hotEvents = numbers(1, 20);
/** An event that the hot loads do not use. */
export const otherEvent = 21;
/** Events that are free of charge like the others, until they get a price. */
const pricedEvents = numbers(31, 50);
const spreadEvents = numbers(101, BOOKABLE_EVENTS);

export function bookingWalk(
  { tokens }: Pick<World, 'tokens'>,
  eventIds: number[],
  { path = '/api/bookings', spread = false } = {},
): Walk {
  return {
    method: 'POST',
    paths: [path],
    tokens,
    bodies: eventIds.map((eventId) => JSON.stringify({ eventId, ticketsCount: 1 })),
    spread,
  };
}

interface Written {
  bookings: number;
  items: number;
  tickets: number;
  messages: number;
  sold: number;
  sold_by_type: number;
}

const WRITTEN = `
  SELECT (SELECT count(*) FROM bookings WHERE status = 'confirmed') AS bookings, (SELECT count(*) FROM booking_items) AS items,
         (SELECT count(*) FROM tickets WHERE status = 'valid') AS tickets,
         (SELECT count(*) FROM outbox_messages WHERE topic = 'booking.confirmed') AS messages,
         (SELECT sum(sold) FROM event_inventory) AS sold, (SELECT sum(sold) FROM ticket_type_inventory) AS sold_by_type`;

/** Checks that every counted response has a booking, and that only requests in flight have others. */
export async function checkBookings(
  database: TestDatabase,
  walks: Pick<Walker, 'answered' | 'uncounted'>[],
): Promise<void> {
  const [row] = await database.query<{ [K in keyof Written]: string }>(WRITTEN);
  const written = Object.fromEntries(
    Object.entries(row!).map(([name, value]) => [name, Number(value)]),
  ) as unknown as Written;
  const answered = walks.reduce((sum, walk) => sum + walk.answered, 0);
  const most = walks.reduce((sum, walk) => sum + walk.uncounted, answered);
  const agree = new Set(Object.values(written)).size === 1;
  if (!agree || written.bookings < answered || written.bookings > most)
    throw new Error(
      `${answered} bookings were answered, but the rows say ${JSON.stringify(written)}: the figure does not count.`,
    );
}

/** Measures bookings per second. */
async function bookingRate(world: World, walk: Walk, settings: Record<string, string> = {}): Promise<number> {
  const bookings = walker(walk);
  const load = await withApi(world, ({ api }) => warmLoad(bookings, world, api), {
    settings,
    check: (database) => checkBookings(database, [bookings]),
  });
  return load.rate;
}

const noopWalk = (world: World): Walker => walker(bookingWalk(world, hotEvents, { path: '/api/no-op' }));

/** Measures bookings per second, and requests per second that pass the same middleware but do nothing. */
export interface BesideNoop {
  rate: number;
  noop: number;
}

interface Sale {
  prepare?: (database: TestDatabase) => Promise<unknown>;
  check?: (database: TestDatabase) => Promise<void>;
}

/** Measures a sale and no-ops in turns. */
export async function besideNoop(world: World, bookings: Walker, { prepare, check }: Sale = {}): Promise<BesideNoop> {
  const conditions = { check: check ?? ((database: TestDatabase) => checkBookings(database, [bookings])) };
  return withApi(
    world,
    async ({ api, database }) => {
      await prepare?.(database);
      const other = await startApi(database.url);
      const [rate = 0, noop = 0] = await loadsInTurns(world, [
        { name: 'bookings', walk: bookings, api },
        { name: 'no-ops', walk: noopWalk(world), api: other },
      ]).finally(() => other.stop());
      return { rate, noop };
    },
    conditions,
  );
}

export const hot = (world: World): Promise<BesideNoop> => besideNoop(world, walker(bookingWalk(world, hotEvents)));

export const spread = (world: World): Promise<BesideNoop> =>
  besideNoop(world, walker(bookingWalk(world, spreadEvents, { spread: true })));

const PRICED = `
  UPDATE events SET base_price = 25, min_price = 25, max_price = 25 WHERE id IN (${pricedEvents.join()});
  UPDATE ticket_types SET price = 25 WHERE event_id IN (${pricedEvents.join()})`;

interface Held {
  bookings: string;
  orders: string;
  items: string;
  held: string;
}

const HELD = `
  SELECT (SELECT count(*) FROM bookings WHERE status = 'pending') AS bookings, (SELECT count(*) FROM orders WHERE status = 'pending') AS orders,
         (SELECT count(*) FROM order_items) AS items, (SELECT sum(held) FROM event_inventory) AS held`;

/** Measures bookings that cost money, each with an unpaid order. */
export async function priced(world: World): Promise<BesideNoop> {
  const bookings = walker(bookingWalk(world, pricedEvents));
  return besideNoop(world, bookings, {
    prepare: (database) => database.query(PRICED),
    check: async (database) => {
      const [row] = await database.query<Held & Record<string, string>>(HELD);
      const counts = new Set(Object.values(row!).map(Number));
      const [count = 0] = counts;
      if (counts.size !== 1 || count < bookings.answered || count > bookings.answered + bookings.uncounted)
        throw new Error(`${bookings.answered} bookings were answered, but the rows say ${JSON.stringify(row)}.`);
    },
  });
}

// One transaction per request works best with few connections, since others only wait for the row. The best number depends on the machine.
const POOL_SIZES = [5, 10, 20];

/** Measures the same bookings with one transaction each, at the best pool size. */
export async function alone(world: World): Promise<number> {
  const walk = bookingWalk(world, hotEvents, { path: '/api/bookings-alone' });
  let best = 0;
  for (const size of POOL_SIZES)
    best = Math.max(best, await bookingRate(world, walk, { DATABASE_POOL_SIZE: String(size) }));
  return best;
}

/** Measures requests per second that pass the same middleware but do nothing. */
export async function noop(world: World): Promise<number> {
  const load = await withApi(world, ({ api }) => warmLoad(noopWalk(world), world, api));
  return load.rate;
}

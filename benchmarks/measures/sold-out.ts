import type { Api } from '../api';
import type { TestDatabase } from '../stage';
import { walker, warmLoad, withApi, type World } from '../world';
import { bookingWalk, hotEvents } from './bookings';

const TICKETS = 10;

/** Sells all tickets of these events, to one buyer each. */
async function sellOut(
  { tokens }: World,
  { api, database }: { api: Api; database: TestDatabase },
  eventIds: number[],
): Promise<void> {
  await database.query(`UPDATE event_inventory SET capacity = ${TICKETS} WHERE event_id IN (${eventIds.join()})`);
  for (const eventId of eventIds) {
    const body = JSON.stringify({ eventId, ticketsCount: TICKETS });
    const headers = { authorization: `Bearer ${tokens[0]}`, 'content-type': 'application/json' };
    const { status } = await fetch(`http://127.0.0.1:${api.port}/api/bookings`, { method: 'POST', headers, body });
    if (status !== 201) throw new Error(`Event ${eventId} could not be sold out: ${status}`);
  }
}

async function check(database: TestDatabase, what: string, expected: string): Promise<void> {
  const [row] = await database.query<{ is_so: boolean }>(`SELECT ${expected} AS is_so`);
  if (!row!.is_so) throw new Error(`Not so: ${what}. The figure does not count.`);
}

/** Measures refused bookings per second for a sold-out event. */
export async function refusals(world: World): Promise<number> {
  const [event] = hotEvents as [number];
  // The first user already has a booking, which would be refused for another reason.
  const requests = walker(bookingWalk({ tokens: world.tokens.slice(1) }, [event]), { refused: true });
  const load = await withApi(
    world,
    async (run) => {
      await sellOut(world, run, [event]);
      return warmLoad(requests, world, run.api);
    },
    { check: (database) => check(database, 'one booking was made', '(SELECT count(*) FROM bookings) = 1') },
  );
  return load.rate;
}

/** Measures users per second who join the waitlist of a sold-out event. */
export async function joins(world: World): Promise<number> {
  const requests = walker(bookingWalk({ tokens: world.tokens.slice(1) }, hotEvents, { path: '/api/waitlist/join' }));
  const load = await withApi(
    world,
    async (run) => {
      await sellOut(world, run, hotEvents);
      return warmLoad(requests, world, run.api);
    },
    {
      check: (database) =>
        check(
          database,
          'everybody who was told so is in line',
          `(SELECT count(*) FROM waitlist_entries) BETWEEN ${requests.answered} AND ${requests.answered + requests.uncounted}
           AND (SELECT count(*) FROM waitlist_entries) = (SELECT sum(waiting) FROM event_inventory)`,
        ),
    },
  );
  return load.rate;
}

import type { World } from '../world';
import { besideWorker } from './beside-worker';
import { alone, hot, noop, priced, spread } from './bookings';
import { checkouts } from './checkouts';
import { atScale } from './scale';
import { bookingLatency, otherEventLatency } from './latency';
import { lists } from './lists';
import { memory } from './memory';
import { bareTransactions } from './pgbench';
import { bareHashes, listsDuringSignIns, signIns } from './sign-ins';
import { joins, refusals } from './sold-out';
import { ticketPage } from './ticket-pages';
import { bookingToTheEnd, noopToTheEnd } from './to-the-end';
import { hotWithTwo } from './two-processes';

const measures = {
  noop,
  hot,
  spread,
  priced,
  checkouts,
  alone,
  bareTransactions,
  lists,
  listsDuringSignIns,
  memory,
  latencyAtHalf: async (world: World, round: Round) => bookingLatency(world, (await round('hot')).rate / 2),
  otherEventLatency,
  refusals,
  joins,
  signIns,
  bareHashes,
  hotWithTwo,
  besideWorker,
  bookingToTheEnd,
  noopToTheEnd,
  ticketPage,
  atScale,
};

type Measures = typeof measures;
export type MeasureName = keyof Measures;
type Result<K extends MeasureName> = Awaited<ReturnType<Measures[K]>>;

/** Returns a round of measurements, which measures each figure once on first use. */
export type Round = <K extends MeasureName>(name: K) => Promise<Result<K>>;

export function startRound(world: World): Round {
  const results = new Map<MeasureName, Promise<unknown>>();
  const round: Round = <K extends MeasureName>(name: K) => {
    let result = results.get(name);
    if (!result) {
      world.log(`  ${name}`);
      result = (measures[name] as (world: World, round: Round) => Promise<unknown>)(world, round);
      results.set(name, result);
      void result.then(
        (value) => world.log(`  ${name} = ${JSON.stringify(value)}`),
        () => undefined,
      );
    }
    return result as Promise<Result<K>>;
  };
  return round;
}

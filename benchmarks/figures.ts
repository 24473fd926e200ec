import type { Round } from './measures';
import type { BesideNoop } from './measures/bookings';
import type { AtScale } from './measures/scale';

export interface Figure {
  id: string;
  what: string;
  /** Undefined if this machine lacks a required program. */
  value: (round: Round) => Promise<number | undefined>;
  /** The target: a minimum or, for times and sizes, a maximum. Figures without a target are only reported. */
  bar?: { atLeast: number } | { atMost: number };
  aim?: number;
  unit?: 'ms' | 'MB';
  /** Measured only if requested by name. */
  isOnRequest?: boolean;
}

async function ratio(
  a: Promise<number | undefined>,
  b: () => Promise<number | undefined>,
): Promise<number | undefined> {
  const dividend = await a;
  const divisor = await b();
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
}

const rateOf = async (sale: Promise<BesideNoop>): Promise<number> => (await sale).rate;

async function besideNoop(sale: Promise<BesideNoop>): Promise<number> {
  const { rate, noop } = await sale;
  return rate / noop;
}

const scale = (what: keyof AtScale, name: string, atMost: number): Figure => ({
  id: 'S7',
  what: `p50 of ${name} with 5,000,000 bookings of 1,000,000 events ÷ with 1 % of both`,
  value: async (round) => {
    const { small, large } = (await round('atScale'))[what];
    return large / small;
  },
  bar: { atMost },
  isOnRequest: true,
});

export const figures: Figure[] = [
  {
    id: 'S1',
    what: 'bookings/s on one hot event ÷ no-op POST',
    value: (round) => besideNoop(round('hot')),
    bar: { atLeast: 0.5 },
    aim: 0.75,
  },
  {
    id: 'S2',
    what: 'bookings/s over 200 events ÷ no-op POST',
    value: (round) => besideNoop(round('spread')),
    bar: { atLeast: 0.45 },
    aim: 0.6,
  },
  {
    id: 'S1P',
    what: 'bookings/s with an order each on one hot event ÷ no-op POST',
    value: (round) => besideNoop(round('priced')),
  },
  {
    id: 'S3',
    what: 'bookings/s on one hot event ÷ the same with a transaction per request',
    value: (round) => ratio(rateOf(round('hot')), () => round('alone')),
    bar: { atLeast: 8 },
    aim: 12,
  },
  {
    id: 'S4',
    what: 'bookings/s on one hot event ÷ bare transactions/s (pgbench)',
    value: (round) => ratio(rateOf(round('hot')), () => round('bareTransactions')),
    bar: { atLeast: 1.8 },
    aim: 3,
  },
  {
    id: 'S5',
    what: 'lists of 20 events/s ÷ bare Express `res.json` of the same bytes',
    value: async (round) => {
      const { rate, bare } = await round('lists');
      return rate / bare;
    },
    bar: { atLeast: 1 },
    aim: 1.5,
  },
  {
    id: 'S6',
    what: 'p99 of lists of events with 20 sign-ins in flight ÷ without',
    value: async (round) => {
      const { quiet, busy } = await round('listsDuringSignIns');
      return busy / quiet;
    },
    bar: { atMost: 2 },
  },
  scale('lists', 'lists of events', 1.5),
  scale('searches', 'searches for a word', 1.5),
  scale('bookings', 'my bookings', 1.5),
  scale('dashboard', 'the dashboard', 3),
  {
    id: 'S8',
    what: 'resident memory of the API after a minute of bookings',
    value: async (round) => (await round('memory')).late,
    bar: { atMost: 250 },
    unit: 'MB',
  },
  {
    id: 'S8',
    what: 'the same ÷ after the first third of it (flat)',
    value: async (round) => {
      const { early, late } = await round('memory');
      return late / early;
    },
    bar: { atMost: 1.1 },
  },
  {
    id: 'S10',
    what: "p99 of a booking at half of S1's rate",
    value: (round) => round('latencyAtHalf'),
    bar: { atMost: 50 },
    unit: 'ms',
  },
  {
    id: 'S10',
    what: 'p99 of a booking on one event while another sells at full rate',
    value: (round) => round('otherEventLatency'),
    bar: { atMost: 100 },
    unit: 'ms',
  },
  {
    id: 'S11',
    what: 'refusals/s of a sold-out event ÷ no-op POST',
    value: (round) => ratio(round('refusals'), () => round('noop')),
    bar: { atLeast: 0.6 },
  },
  {
    id: 'S11',
    what: 'joins to the waitlist/s ÷ no-op POST',
    value: (round) => ratio(round('joins'), () => round('noop')),
    bar: { atLeast: 0.4 },
  },
  {
    id: 'S12',
    what: 'sign-ins/s ÷ bcryptjs alone on all cores',
    value: (round) => ratio(round('signIns'), () => round('bareHashes')),
    bar: { atLeast: 0.85 },
  },
  {
    id: 'S13',
    what: 'bookings/s on one hot event by two API processes ÷ by one',
    value: (round) => ratio(round('hotWithTwo'), () => rateOf(round('hot'))),
    bar: { atLeast: 0.9 },
  },
  {
    id: 'S14',
    what: 'checkouts/s of one hot product ÷ no-op POST',
    value: (round) => besideNoop(round('checkouts')),
    bar: { atLeast: 0.5 },
    aim: 0.6,
  },
  {
    id: 'S15',
    what: 'bookings/s on one hot event with a worker at work on the same machine ÷ without',
    value: async (round) => {
      const { rate, without } = await round('besideWorker');
      return rate / without;
    },
    bar: { atLeast: 0.85 },
    aim: 0.95,
  },
  {
    id: 'S16',
    what: 'processor time of a free booking until its confirmation is mailed ÷ of a no-op POST',
    value: (round) => ratio(round('bookingToTheEnd'), () => round('noopToTheEnd')),
    bar: { atMost: 3.5 },
    aim: 2.5,
  },
  {
    id: 'S17',
    what: 'confirmations finished/s after the sale ÷ bookings/s of the sale',
    value: async (round) => {
      const { rate, finishedRate } = await round('besideWorker');
      return finishedRate / rate;
    },
    bar: { atLeast: 0.5 },
    aim: 1,
  },
  {
    id: 'S20',
    what: 'processor time of a ticket that is the only page of its PDF',
    value: (round) => round('ticketPage'),
    bar: { atMost: 5 },
    aim: 3,
    unit: 'ms',
  },
];

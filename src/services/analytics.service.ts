import { database } from '../database';
import { invalid } from '../errors';
import type { Actor } from '../lib/actor';
import { sumRevenues } from '../lib/revenue';
import { startOfLocalDay } from '../lib/time-zone';
import {
  findCountedUntil,
  listActiveUsers,
  listCapacities,
  listFigures,
  listPeriods,
  listRevenues,
  type PeriodRow,
  type Range,
  type RevenueRow,
  type Scope,
  type Unit,
} from '../models/analytics.model';
import { listPopular } from './analytics.popular';

/** Everybody's for an admin who asks for them, else the caller's own events'. */
export type Whose = 'everybody' | 'own';

export const scopeOf = (actor: Actor, whose: Whose): Scope => (whose === 'everybody' ? 'everybody' : actor.userId);

/** Rounded to four decimals; null where there is nothing to divide by. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

const sum = (rows: PeriodRow[], key: Exclude<keyof PeriodRow, 'period'>): number =>
  rows.reduce((total, row) => total + row[key], 0);

/** What happened in some periods together. */
export function figuresOf({ rows, revenues, scope }: { rows: PeriodRow[]; revenues: RevenueRow[]; scope: Scope }) {
  const bookings = sum(rows, 'bookings');
  const cancellations = sum(rows, 'cancellations');
  return {
    bookings,
    tickets: sum(rows, 'tickets'),
    cancellations,
    cancelledTickets: sum(rows, 'cancelledTickets'),
    cancellationRate: share(cancellations, bookings),
    newUsers: scope === 'everybody' ? sum(rows, 'newUsers') : null,
    revenue: sumRevenues(revenues),
  };
}

export interface Analyze {
  /** A day, `2030-01-31`, begins where it does in `timezone`. */
  from?: Date | string;
  to?: Date | string;
  groupBy: Unit;
  timezone: string;
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const MOST_PERIODS = 750;
const DAYS: Record<Unit, number> = { day: 1, week: 7, month: 28 };

const atQuarter = (time: Date): Date => new Date(Math.floor(time.getTime() / QUARTER_MS) * QUARTER_MS);

function rangeOf(scope: Scope, { groupBy, timezone, ...asked }: Analyze): Range {
  const [from, to] = [asked.from, asked.to].map((time) =>
    typeof time === 'string' ? startOfLocalDay(time, timezone) : time,
  );
  // What is not said is now, with the quarter of an hour that is running.
  const end = to ? atQuarter(to) : new Date(atQuarter(new Date()).getTime() + QUARTER_MS);
  const start = atQuarter(from ?? new Date(end.getTime() - 30 * DAY_MS));
  if (start >= end) throw invalid('from', 'must be earlier than `to`');
  if ((end.getTime() - start.getTime()) / DAY_MS / DAYS[groupBy] > MOST_PERIODS)
    throw invalid('from', `at most ${MOST_PERIODS} periods at once: ask for a shorter time, or for longer periods`);
  return { scope, from: start, to: end, unit: groupBy, timezone };
}

/** What happened, by day, week (from Monday) or month of a time zone. @throws AppError VALIDATION_ERROR */
export async function analyze(actor: Actor, whose: Whose, query: Analyze) {
  const scope = scopeOf(actor, whose);
  const range = rangeOf(scope, query);
  const [periods, rows, revenues, active, capacities, popularEvents, countedUntil] = await Promise.all([
    listPeriods(database, range),
    listFigures(database, range),
    listRevenues(database, range),
    listActiveUsers(database, range),
    listCapacities(database, range),
    listPopular(scope, range),
    findCountedUntil(database),
  ]);
  const more = (period: string | null) => {
    const capacity = capacities.find((row) => row.period === period);
    return {
      activeUsers: active.find((row) => row.period === period)?.activeUsers ?? 0,
      utilization: capacity ? share(capacity.sold, capacity.capacity) : null,
    };
  };
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    groupBy: query.groupBy,
    timezone: query.timezone,
    countedUntil: countedUntil?.toISOString() ?? null,
    totals: { ...figuresOf({ rows, revenues, scope }), ...more(null) },
    periods: periods.map(({ period, start }) => {
      const own = {
        rows: rows.filter((row) => row.period === period),
        revenues: revenues.filter((row) => row.period === period),
        scope,
      };
      return { period, start: start.toISOString(), ...figuresOf(own), ...more(period) };
    }),
    popularEvents,
  };
}

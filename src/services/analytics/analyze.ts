import { database } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { sumRevenues } from '../../lib/money/revenue';
import { startOfLocalDay } from '../../lib/time-zone';
import {
  findCountedUntil,
  listActiveUsers,
  listCapacities,
  listFigures,
  listPeriods,
  listRevenues,
  revenueKinds,
  type PeriodRow,
  type Range,
  type RevenueRow,
  type Scope,
  type Unit,
} from '../../models/analytics/periods';
import { listPopular } from './popular-events';

/** Whose figures to show: those of all users, for admins, or of the caller's own events. */
export type AnalyticsAudience = 'everybody' | 'own';

export const getScope = (actor: Actor, whose: AnalyticsAudience): Scope =>
  whose === 'everybody' ? 'everybody' : actor.userId;

/** Returns a share rounded to four decimals; null if `whole` is 0. */
export function getShare(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000;
}

const sumBy = (rows: PeriodRow[], key: Exclude<keyof PeriodRow, 'period'>): number =>
  rows.reduce((total, row) => total + row[key], 0);

/** Sums the figures of several periods. */
export function getFigures({ rows, revenues, scope }: { rows: PeriodRow[]; revenues: RevenueRow[]; scope: Scope }) {
  const bookings = sumBy(rows, 'bookings');
  const cancellations = sumBy(rows, 'cancellations');
  return {
    bookings,
    tickets: sumBy(rows, 'tickets'),
    cancellations,
    cancelledTickets: sumBy(rows, 'cancelledTickets'),
    cancellationRate: getShare(cancellations, bookings),
    newUsers: scope === 'everybody' ? sumBy(rows, 'newUsers') : null,
    revenue: sumRevenues(revenues),
    revenueByKind: revenueKinds.flatMap((kind) =>
      sumRevenues(revenues.filter((row) => row.kind === kind)).map((revenue) => ({ kind, ...revenue })),
    ),
  };
}

export interface Analyze {
  /** A date such as `2030-01-31` means the start of that day in `timezone`. */
  from?: Date | string;
  to?: Date | string;
  groupBy: Unit;
  timezone: string;
}

const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const MAX_PERIODS = 750;
const DEFAULT_DAYS: Record<Unit, number> = { day: 1, week: 7, month: 28 };

const roundDownToQuarter = (time: Date): Date => new Date(Math.floor(time.getTime() / QUARTER_MS) * QUARTER_MS);

function getRange(scope: Scope, { groupBy, timezone, ...bounds }: Analyze): Range {
  const [from, to] = [bounds.from, bounds.to].map((time) =>
    typeof time === 'string' ? startOfLocalDay(time, timezone) : time,
  );
  // The default end is now, including the current quarter of an hour.
  const end = to ? roundDownToQuarter(to) : new Date(roundDownToQuarter(new Date()).getTime() + QUARTER_MS);
  const start = roundDownToQuarter(from ?? new Date(end.getTime() - 30 * DAY_MS));
  if (start >= end) throw createValidationError('from', 'must be earlier than `to`');
  if ((end.getTime() - start.getTime()) / DAY_MS / DEFAULT_DAYS[groupBy] > MAX_PERIODS)
    throw createValidationError('from', `at most ${MAX_PERIODS} periods: request a shorter range or longer periods`);
  return { scope, from: start, to: end, unit: groupBy, timezone };
}

/** Returns analytics by day, week (from Monday) or month in a time zone. @throws AppError VALIDATION_ERROR */
export async function analyze(actor: Actor, whose: AnalyticsAudience, query: Analyze) {
  const scope = getScope(actor, whose);
  const range = getRange(scope, query);
  const [periods, rows, revenues, active, capacities, popularEvents, countedUntil] = await Promise.all([
    listPeriods(database, range),
    listFigures(database, range),
    listRevenues(database, range),
    listActiveUsers(database, range),
    listCapacities(database, range),
    listPopular(scope, range),
    findCountedUntil(database),
  ]);
  const toPeriod = (period: string | null) => {
    const capacity = capacities.find((row) => row.period === period);
    return {
      activeUsers: active.find((row) => row.period === period)?.activeUsers ?? 0,
      utilization: capacity ? getShare(capacity.sold, capacity.capacity) : null,
    };
  };
  return {
    from: range.from.toISOString(),
    to: range.to.toISOString(),
    groupBy: query.groupBy,
    timezone: query.timezone,
    countedUntil: countedUntil?.toISOString() ?? null,
    totals: { ...getFigures({ rows, revenues, scope }), ...toPeriod(null) },
    periods: periods.map(({ period, start }) => {
      const own = {
        rows: rows.filter((row) => row.period === period),
        revenues: revenues.filter((row) => row.period === period),
        scope,
      };
      return { period, start: start.toISOString(), ...getFigures(own), ...toPeriod(period) };
    }),
    popularEvents,
  };
}

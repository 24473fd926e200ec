import { database } from '../../database';
import type { Actor } from '../../lib/actor';
import {
  findCountedUntil,
  listFigures,
  listPeriods,
  listRevenues,
  type Range,
  type Scope,
} from '../../models/analytics/periods';
import { countSnapshot, findSnapshot, type SavedSnapshot, type Snapshot } from '../../models/analytics/snapshots';
import { listPopular, type PopularEvent } from './popular-events';
import { getFigures, getScope, getShare, type AnalyticsAudience } from './analyze';
import { countOrdersToFulfill } from '../orders/count-orders-to-fulfill';
import { summarizeSystem } from '../system/check-system';

const DAY_MS = 86_400_000;

type WithPopular = Snapshot & { popularEvents: PopularEvent[] };

/** Returns the last saved snapshot for all users, or a new one for an organizer. */
async function getSnapshot(scope: Scope): Promise<SavedSnapshot<WithPopular>> {
  const kept = scope === 'everybody' ? await findSnapshot<WithPopular>(database) : undefined;
  if (kept) return kept;
  const [snapshot, popularEvents] = await Promise.all([countSnapshot(database, scope), listPopular(scope)]);
  return { standing: { ...snapshot, popularEvents }, countedAt: new Date() };
}

async function listDays(scope: Scope, timezone: string) {
  const now = Date.now();
  // Covers parts of 31 local days; the first is cut off, because the range may start in the middle of it.
  const range: Range = { scope, timezone, unit: 'day', from: new Date(now - 30 * DAY_MS), to: new Date(now) };
  const [periods, rows, revenues] = await Promise.all([
    listPeriods(database, range),
    listFigures(database, range),
    listRevenues(database, range),
  ]);
  const days = periods.slice(-30).map(({ period }) => period);
  const of = (dates: string[]) =>
    getFigures({
      rows: rows.filter(({ period }) => dates.includes(period)),
      revenues: revenues.filter(({ period }) => dates.includes(period)),
      scope,
    });
  return { days, of };
}

/** Returns the dashboard: figures of today, the last 7 and the last 30 days in a time zone, each including today. */
export async function getDashboard(actor: Actor, whose: AnalyticsAudience, { timezone }: { timezone: string }) {
  const scope = getScope(actor, whose);
  const [{ days, of }, { standing: snapshot, countedAt }, countedUntil, system, ordersToFulfill] = await Promise.all([
    listDays(scope, timezone),
    getSnapshot(scope),
    findCountedUntil(database),
    scope === 'everybody' ? summarizeSystem() : null,
    countOrdersToFulfill(scope === 'everybody' ? undefined : scope),
  ]);
  const { users, events, capacity, activeUsers, popularEvents } = snapshot;
  return {
    timezone,
    countedUntil: countedUntil?.toISOString() ?? null,
    standingAt: countedAt.toISOString(),
    users,
    activeUsers,
    events,
    capacity: { ...capacity, utilization: getShare(capacity.sold, capacity.capacity) },
    today: of(days.slice(-1)),
    last7Days: of(days.slice(-7)),
    last30Days: of(days),
    perDay: days.map((date) => ({ date, ...of([date]) })),
    ordersToFulfill,
    popularEvents,
    system,
  };
}

import { database } from '../../database';
import { listPopularEvents, type PopularRow, type Scope } from '../../models/analytics/periods';

const DAY_MS = 86_400_000;
const MAX_POPULAR_EVENTS = 10;

export type PopularEvent = Omit<PopularRow, 'startDate'> & { startDate: string };

/** Lists the events that sold the most tickets in a range, by default the last 30 days. */
export async function listPopular(
  scope: Scope,
  { from, to }: { from: Date; to: Date } = { from: new Date(Date.now() - 30 * DAY_MS), to: new Date() },
): Promise<PopularEvent[]> {
  const rows = await listPopularEvents(database, { scope, from, to, limit: MAX_POPULAR_EVENTS });
  return rows.map(({ startDate, ...row }) => ({ ...row, startDate: startDate.toISOString() }));
}

import type { Db } from '../../database';
import {
  decimal,
  int4,
  int8,
  orNull,
  query,
  statement,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';

/** Whose figures: those of an organizer or of all. */
export type Scope = number | 'everybody';

const getOrganizerId = (scope: Scope): number => (scope === 'everybody' ? 0 : scope);

export type Unit = 'day' | 'week' | 'month';

export interface Range {
  scope: Scope;
  from: Date;
  to: Date;
  unit: Unit;
  timezone: string;
}

const SCOPES: Scope[] = ['everybody', 1];

const local = (time: string): string => `${time} AT TIME ZONE :timezone`;
/** The first date, in the time zone, of the period in which `time` is. */
const toPeriod = (time: string): string => `date_trunc(:unit, ${local(time)})::date`;
const values = ({ scope, ...range }: Range) => ({ ...range, organizerId: getOrganizerId(scope) });

/** The rows of a table of figures in the range, each with its period. */
const selectFigures = (table: 'analytics_slots' | 'analytics_revenues'): string => `
    SELECT a.*, ${toPeriod('a.slot')} AS period
    FROM ${table} a
    WHERE a.organizer_id = :organizerId AND a.slot >= :from AND a.slot < :to`;

const PERIODS = statement({
  name: 'analytics-periods',
  columns: {
    period: text('p::date::text'),
    start: timestamptz(local('p')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM generate_series(
    date_trunc(:unit, ${local(':from::timestamptz')}),
    ${local("(:to::timestamptz - interval '1 microsecond')")},
    ('1 ' || :unit)::interval
  ) p`,
});

/** Lists the periods that overlap a range, with the start of each. */
export async function listPeriods(db: Db, range: Range): Promise<ResultOf<typeof PERIODS>[]> {
  return query(db, PERIODS, values(range));
}

const FIGURES = statement({
  name: 'analytics-figures',
  columns: {
    period: text('a.period::text'),
    bookings: int8('sum(a.bookings)'),
    tickets: int8('sum(a.tickets)'),
    cancellations: int8('sum(a.cancellations)'),
    cancelledTickets: int8('sum(a.cancelled_tickets)'),
    newUsers: int8('sum(a.new_users)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (${selectFigures('analytics_slots')}
  ) a
  GROUP BY a.period`,
});

export type PeriodRow = ResultOf<typeof FIGURES>;

export async function listFigures(db: Db, range: Range): Promise<PeriodRow[]> {
  return query(db, FIGURES, values(range));
}

/** What was sold. */
export const revenueKinds = ['tickets', 'goods', 'shipping', 'credits'] as const;
export type RevenueKind = (typeof revenueKinds)[number];

const REVENUES = statement({
  name: 'analytics-revenues',
  columns: {
    period: text('a.period::text'),
    kind: text<RevenueKind>('a.kind'),
    currency: text('a.currency'),
    gross: decimal('sum(a.gross)'),
    refunded: decimal('sum(a.refunded)'),
    tax: decimal('sum(a.tax)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (${selectFigures('analytics_revenues')}
  ) a
  GROUP BY a.period, a.currency, a.kind
  ORDER BY a.period, a.currency, a.kind`,
});

export type RevenueRow = ResultOf<typeof REVENUES>;

export async function listRevenues(db: Db, range: Range): Promise<RevenueRow[]> {
  return query(db, REVENUES, values(range));
}

const ACTIVE_USERS = statement({
  name: 'analytics-active-users',
  columns: {
    period: orNull(text('a.period::text')),
    activeUsers: int8('count(DISTINCT a.user_id)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT
      ${toPeriod('slot')} AS period,
      unnest(user_ids) AS user_id
    FROM analytics_slots
    WHERE organizer_id = :organizerId AND slot >= :from AND slot < :to
  ) a
  GROUP BY GROUPING SETS ((a.period), ())`,
});

/** Counts the distinct users who booked in each period, and in total in the row without a period. */
export async function listActiveUsers(db: Db, range: Range): Promise<ResultOf<typeof ACTIVE_USERS>[]> {
  return query(db, ACTIVE_USERS, values(range));
}

const CAPACITIES = statementFamily({
  name: 'analytics-capacities',
  columns: {
    period: orNull(text('c.period::text')),
    capacity: orNull(int8('sum(c.capacity)')),
    sold: orNull(int8('sum(c.sold)')),
  },
  examples: SCOPES,
  sql: (list, scope: Scope) => `
  SELECT
    ${list}
  FROM (
    SELECT
      ${toPeriod('e.starts_at')} AS period,
      i.capacity,
      i.sold
    FROM events e
    JOIN event_inventory i ON i.event_id = e.id
    WHERE e.deleted_at IS NULL AND e.starts_at >= :from AND e.starts_at < :to AND e.status IN ('published', 'completed')
      AND i.capacity > 0 ${scope === 'everybody' ? '' : 'AND e.organizer_id = :organizerId'}
  ) c
  GROUP BY GROUPING SETS ((c.period), ())`,
});

export interface CapacityRow {
  period: string | null;
  capacity: number;
  sold: number;
}

/** Sums the current counters of the events that start in each period, and in total in the row without a period. */
export async function listCapacities(db: Db, range: Range): Promise<CapacityRow[]> {
  const rows = await query(db, CAPACITIES(range.scope), values(range));
  return rows.filter((row): row is CapacityRow => row.capacity !== null);
}

const POPULAR_EVENTS = statementFamily({
  name: 'analytics-popular-events',
  columns: {
    eventId: int4('e.id'),
    title: text('e.title'),
    startDate: timestamptz('e.starts_at'),
    organizerId: int4('e.organizer_id'),
    bookings: int8('p.bookings'),
    tickets: int8('p.tickets'),
  },
  examples: SCOPES,
  sql: (list, scope: Scope) => `
  SELECT
    ${list}
  FROM (
    SELECT
      event_id,
      sum(bookings) AS bookings,
      sum(tickets) AS tickets
    FROM analytics_slots
    WHERE event_id > 0 AND slot >= :from AND slot < :to AND bookings > 0
      ${scope === 'everybody' ? '' : 'AND organizer_id = :organizerId'}
    GROUP BY event_id
    ORDER BY tickets DESC, event_id
    LIMIT :limit
  ) p
  JOIN events e ON e.id = p.event_id
  ORDER BY p.tickets DESC, e.id`,
});

export type PopularRow = ResultOf<ReturnType<typeof POPULAR_EVENTS>>;

export async function listPopularEvents(
  db: Db,
  { scope, from, to, limit }: Pick<Range, 'scope' | 'from' | 'to'> & { limit: number },
): Promise<PopularRow[]> {
  return query(db, POPULAR_EVENTS(scope), { from, to, limit, organizerId: getOrganizerId(scope) });
}

const COUNTED_UNTIL = statement({
  name: 'analytics-counted-until',
  columns: { countedUntil: orNull(timestamptz('CASE WHEN isfinite(counted_until) THEN counted_until END')) },
  sql: (list) => `SELECT ${list} FROM analytics_progress`,
});

/** Returns the time until which everything is counted; null before the first run. */
export async function findCountedUntil(db: Db): Promise<Date | null> {
  const [row] = await query(db, COUNTED_UNTIL);
  return row?.countedUntil ?? null;
}

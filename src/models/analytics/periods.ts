import type { Db } from '../../database';

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

export interface PeriodRow {
  /** The first date of the period in the time zone. */
  period: string;
  bookings: number;
  tickets: number;
  cancellations: number;
  cancelledTickets: number;
  newUsers: number;
}

export interface RevenueRow {
  period: string;
  currency: string;
  gross: string;
  refunded: string;
  tax: string;
}

const local = (time: string): string => `${time} AT TIME ZONE :timezone`;
const period = (time: string): string => `date_trunc(:unit, ${local(time)})::date`;
const values = ({ scope, ...range }: Range) => ({ ...range, organizerId: getOrganizerId(scope) });

/** Lists the periods that overlap a range, with the start of each. */
export async function listPeriods(db: Db, range: Range): Promise<{ period: string; start: Date }[]> {
  const { rows } = await db.raw<{ rows: { period: string; start: Date }[] }>(
    `SELECT p::date::text AS period, ${local('p')} AS start
     FROM generate_series(date_trunc(:unit, ${local(':from::timestamptz')}), ${local("(:to::timestamptz - interval '1 microsecond')")},
                          ('1 ' || :unit)::interval) p`,
    values(range),
  );
  return rows;
}

export async function listFigures(db: Db, range: Range): Promise<PeriodRow[]> {
  const { rows } = await db.raw<{ rows: PeriodRow[] }>(
    `SELECT f.*, f.period::text AS period
     FROM (SELECT ${period('slot')} AS period, sum(bookings) AS bookings, sum(tickets) AS tickets, sum(cancellations) AS cancellations,
                  sum(cancelled_tickets) AS "cancelledTickets", sum(new_users) AS "newUsers"
           FROM analytics_slots WHERE organizer_id = :organizerId AND slot >= :from AND slot < :to GROUP BY 1) f`,
    values(range),
  );
  return rows;
}

export async function listRevenues(db: Db, range: Range): Promise<RevenueRow[]> {
  const { rows } = await db.raw<{ rows: RevenueRow[] }>(
    `SELECT f.*, f.period::text AS period
     FROM (SELECT ${period('slot')} AS period, currency, sum(gross)::text AS gross, sum(refunded)::text AS refunded, sum(tax)::text AS tax
           FROM analytics_revenues WHERE organizer_id = :organizerId AND slot >= :from AND slot < :to GROUP BY 1, 2) f
     ORDER BY f.period, f.currency`,
    values(range),
  );
  return rows;
}

/** Counts the distinct users who booked in each period, and in total in the row without a period. */
export async function listActiveUsers(db: Db, range: Range): Promise<{ period: string | null; activeUsers: number }[]> {
  const { rows } = await db.raw<{ rows: { period: string | null; activeUsers: number }[] }>(
    `SELECT period::text, count(DISTINCT user_id) AS "activeUsers"
     FROM (SELECT ${period('slot')} AS period, unnest(user_ids) AS user_id
           FROM analytics_slots WHERE organizer_id = :organizerId AND slot >= :from AND slot < :to) a
     GROUP BY GROUPING SETS ((period), ())`,
    values(range),
  );
  return rows;
}

export interface CapacityRow {
  period: string | null;
  capacity: number;
  sold: number;
}

/** Sums the current counters of the events that start in each period, and in total in the row without a period. */
export async function listCapacities(db: Db, range: Range): Promise<CapacityRow[]> {
  const { rows } = await db.raw<{ rows: CapacityRow[] }>(
    `SELECT period::text, sum(capacity) AS capacity, sum(sold) AS sold
     FROM (SELECT ${period('e.starts_at')} AS period, i.capacity, i.sold
           FROM events e JOIN event_inventory i ON i.event_id = e.id
           WHERE e.deleted_at IS NULL AND e.starts_at >= :from AND e.starts_at < :to AND e.status IN ('published', 'completed')
             AND i.capacity > 0 ${range.scope === 'everybody' ? '' : 'AND e.organizer_id = :organizerId'}) c
     GROUP BY GROUPING SETS ((period), ())`,
    values(range),
  );
  return rows.filter(({ capacity }) => capacity !== null);
}

export interface PopularRow {
  eventId: number;
  title: string;
  startDate: Date;
  organizerId: number;
  bookings: number;
  tickets: number;
}

export async function listPopularEvents(
  db: Db,
  { scope, from, to, limit }: Pick<Range, 'scope' | 'from' | 'to'> & { limit: number },
): Promise<PopularRow[]> {
  const { rows } = await db.raw<{ rows: PopularRow[] }>(
    `SELECT e.id AS "eventId", e.title, e.starts_at AS "startDate", e.organizer_id AS "organizerId", p.bookings, p.tickets
     FROM (SELECT event_id, sum(bookings) AS bookings, sum(tickets) AS tickets FROM analytics_slots
           WHERE event_id > 0 AND slot >= :from AND slot < :to AND bookings > 0 ${scope === 'everybody' ? '' : 'AND organizer_id = :organizerId'}
           GROUP BY event_id ORDER BY tickets DESC, event_id LIMIT :limit) p
     JOIN events e ON e.id = p.event_id ORDER BY p.tickets DESC, e.id`,
    { from, to, limit, organizerId: getOrganizerId(scope) },
  );
  return rows;
}

/** Returns the time until which everything is counted; null before the first run. */
export async function findCountedUntil(db: Db): Promise<Date | null> {
  const { rows } = await db.raw<{ rows: { countedUntil: Date | null }[] }>(
    `SELECT CASE WHEN isfinite(counted_until) THEN counted_until END AS "countedUntil" FROM analytics_progress`,
  );
  return rows[0]?.countedUntil ?? null;
}

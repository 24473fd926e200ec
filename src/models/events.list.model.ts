import type { Db } from '../database';
import { EVENT_COLUMNS, EVENT_JOINS, type EventRow, type EventStatus } from './events.model';

export type EventSort = 'startDate' | 'createdAt' | 'price' | 'title' | 'popularity';

export interface EventFilter {
  /** A query of the text search. */
  search?: string;
  category?: string;
  from?: Date;
  to?: Date;
  isFree?: boolean;
  minPrice?: string;
  maxPrice?: string;
  organizerId?: number;
  available?: boolean;
  /** `public`: published and not over. Undefined: all. */
  status?: EventStatus | 'public';
}

export interface EventOrder {
  /** Undefined: by how well they match the search. */
  sort: EventSort | undefined;
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

const SORT_COLUMNS: Record<EventSort, string> = {
  startDate: 'e.starts_at',
  createdAt: 'e.created_at',
  price: 'e.min_price',
  title: 'lower(e.title)',
  popularity: 'e.popularity',
};

/** Where counting stops. Of a search only the soonest matches are counted and ranked: looking at all of a common word's would grow with the table. */
export const COUNT_BOUND = 10_000;
export const SEARCH_BOUND = 1000;

// Few are suspended: they are read once for the whole statement.
const IS_ORGANIZER_ACTIVE = `e.organizer_id <> ALL (ARRAY(SELECT id FROM users WHERE status = 'suspended' AND erased_at IS NULL))`;

type Condition = string | false | undefined;

function conditionsOf(filter: EventFilter): string {
  const conditions: Condition[] = [
    'e.deleted_at IS NULL',
    filter.status === 'public'
      ? `e.status = 'published' AND e.ends_at > now() AND ${IS_ORGANIZER_ACTIVE}`
      : filter.status && 'e.status = :status',
    filter.search !== undefined && "e.search @@ to_tsquery('simple', search_fold(:search))",
    filter.category !== undefined && 'lower(e.category) = lower(:category)',
    filter.from && 'e.starts_at >= :from',
    filter.to && 'e.starts_at < :to',
    filter.isFree !== undefined && (filter.isFree ? 'e.is_free' : 'NOT e.is_free'),
    filter.minPrice !== undefined && 'e.min_price >= :minPrice',
    filter.maxPrice !== undefined && 'e.min_price <= :maxPrice',
    filter.organizerId !== undefined && 'e.organizer_id = :organizerId',
    filter.available === true && '(i.capacity IS NULL OR i.sold + i.held < i.capacity)',
    filter.available === false && 'i.sold + i.held >= i.capacity',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

function sourceOf(filter: EventFilter): string {
  const inventory = filter.available === undefined ? '' : ' JOIN event_inventory i ON i.event_id = e.id';
  return `FROM events e${inventory} WHERE ${conditionsOf(filter)}`;
}

export interface EventPage {
  rows: EventRow[];
  /** At most `bound`, and then `isCapped`. */
  total: number;
  bound: number;
  isCapped: boolean;
}

interface Statement {
  /** Selects `id` and `place` of the page's events. */
  page: string;
  /** Selects the number of matches as `total`. */
  count: string;
  /** What comes before. */
  prelude?: string;
}

/** One statement for both, so that the number is there when the page is empty. */
function statement({ page, count, prelude = '' }: Statement): string {
  return `${prelude} SELECT n.total, ${EVENT_COLUMNS}
    FROM (${count}) n LEFT JOIN (${page}) p ON true LEFT JOIN (events e ${EVENT_JOINS}) ON e.id = p.id
    ORDER BY p.place`;
}

function sorted(filter: EventFilter, sort: EventSort, order: 'asc' | 'desc'): string {
  const source = sourceOf(filter);
  const by = `${SORT_COLUMNS[sort]} ${order}, e.id ${order}`;
  return statement({
    page: `SELECT id, row_number() OVER () AS place FROM (SELECT e.id ${source} ORDER BY ${by} LIMIT :limit OFFSET :offset) e`,
    count: `SELECT count(*) AS total FROM (SELECT 1 ${source} LIMIT :counted) c`,
  });
}

function ranked(filter: EventFilter): string {
  return statement({
    prelude: `WITH found AS MATERIALIZED (
      SELECT e.id, e.starts_at, ts_rank(e.search, to_tsquery('simple', search_fold(:search))) AS rank
      ${sourceOf(filter)} ORDER BY e.starts_at, e.id LIMIT :counted)`,
    page: `SELECT id, row_number() OVER () AS place FROM (SELECT id FROM found ORDER BY rank DESC, starts_at, id LIMIT :limit OFFSET :offset) f`,
    count: 'SELECT count(*) AS total FROM found',
  });
}

/** A page of the events that match, in one statement. */
export async function listEvents(
  db: Db,
  filter: EventFilter,
  { sort, order, limit, offset }: EventOrder,
): Promise<EventPage> {
  const bound = filter.search === undefined ? COUNT_BOUND : SEARCH_BOUND;
  const sql = sort === undefined ? ranked(filter) : sorted(filter, sort, order);
  const { rows } = await db.raw<{ rows: (EventRow & { total: number })[] }>(sql, {
    ...filter,
    // Nothing is read beyond where counting stops.
    limit: offset < bound ? limit : 0,
    offset,
    counted: bound + 1,
  });
  const { total } = rows[0]!;
  return { rows: rows.filter(({ id }) => id !== null), total: Math.min(total, bound), bound, isCapped: total > bound };
}

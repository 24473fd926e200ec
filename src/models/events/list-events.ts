import type { Db } from '../../database';
import { EVENT_COLUMNS, EVENT_JOINS, type EventRow, type EventStatus } from './events';

export type EventSort = 'startDate' | 'createdAt' | 'price' | 'title' | 'popularity';

export interface EventFilter {
  /** As it was typed. */
  search?: string;
  category?: string;
  tag?: string;
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
  order: Order;
  limit: number;
  offset: number;
}

type Order = 'asc' | 'desc';

// Each has an index that ends in the event's id.
const SORTS: Record<EventSort, (order: Order) => string> = {
  startDate: (order) => `e.starts_at ${order}, e.id ${order}`,
  createdAt: (order) => `e.created_at ${order}, e.id ${order}`,
  // What cannot be bought has no price, and comes last either way.
  price: (order) => `x.min_price ${order} NULLS LAST, x.event_id ${order}`,
  title: (order) => `e.title COLLATE bilten_text ${order}, e.id ${order}`,
  popularity: (order) => `e.popularity ${order}, e.id ${order}`,
};

/** Where counting stops. Of a search only the soonest matches are counted and ranked: looking at all of a common word's would grow with the table. */
export const COUNT_BOUND = 10_000;
export const SEARCH_BOUND = 1000;

// Few are suspended: they, or their events, are read once for the whole statement.
const SUSPENDED = "SELECT id FROM users WHERE status = 'suspended' AND erased_at IS NULL";
const IS_ORGANIZER_ACTIVE = `organizer_id <> ALL (ARRAY(${SUSPENDED}))`;
const IS_NOT_OF_SUSPENDED = `x.event_id <> ALL (ARRAY(SELECT o.id FROM (${SUSPENDED}) s JOIN events o ON o.organizer_id = s.id))`;
// Time has closed a sale, and the job that keeps prices has not been there yet.
const STILL_ON_SALE = '(x.changes_at > now() OR (SELECT s.min_price FROM sale_of(x.event_id) s) IS NOT NULL)';

type Condition = string | false | undefined;

const join = (conditions: Condition[]): string => conditions.filter(Boolean).join(' AND ');

/** Of `e`, the event. */
function eventConditions(filter: EventFilter): string {
  return join([
    'e.deleted_at IS NULL',
    filter.status === 'public'
      ? `e.status = 'published' AND e.ends_at > now() AND e.${IS_ORGANIZER_ACTIVE}`
      : filter.status && 'e.status = :status',
    filter.search !== undefined && 'e.search @@ search_query(:search)',
    filter.category !== undefined && 'e.folded_category = search_fold(:category)',
    filter.tag !== undefined && 'e.folded_tags @> ARRAY[search_fold(:tag)]',
    filter.from && 'e.starts_at >= :from',
    filter.to && 'e.starts_at < :to',
    filter.isFree !== undefined && (filter.isFree ? 'e.is_free' : 'NOT e.is_free'),
    filter.organizerId !== undefined && 'e.organizer_id = :organizerId',
  ]);
}

/** Of `x`, what can be bought of it. */
function saleConditions(filter: EventFilter): string {
  return join([
    // So that the partial indexes serve.
    filter.status === 'public' ? 'x.is_listed' : 'true',
    filter.minPrice !== undefined && 'x.min_price >= :minPrice',
    filter.maxPrice !== undefined && 'x.min_price <= :maxPrice',
    filter.available === true && `x.min_price IS NOT NULL AND ${STILL_ON_SALE}`,
    filter.available === false && 'x.min_price IS NULL',
  ]);
}

const SALE_FILTERS = ['available', 'minPrice', 'maxPrice'] as const;
const EVENT_FILTERS = ['search', 'category', 'tag', 'isFree', 'organizerId'] as const;

/** Where a list is looked for: `id` is what names the event there. */
interface Source {
  from: string;
  id: string;
}

/** A public list by price or availability alone needs no look at the events, which are wide and in another order. */
function getSource(filter: EventFilter, sort?: EventSort): Source {
  const isAboutSale = SALE_FILTERS.some((name) => filter[name] !== undefined) || sort === 'price';
  if (!isAboutSale) return { from: `FROM events e WHERE ${eventConditions(filter)}`, id: 'e.id' };
  const isOfEvent =
    EVENT_FILTERS.some((name) => filter[name] !== undefined) ||
    filter.status !== 'public' ||
    (sort !== undefined && sort !== 'startDate' && sort !== 'price');
  if (isOfEvent)
    return {
      from: `FROM events e JOIN event_sales x ON x.event_id = e.id WHERE ${eventConditions(filter)} AND ${saleConditions(filter)}`,
      id: 'e.id',
    };
  const listed = join([
    `x.is_listed AND x.ends_at > now() AND ${IS_NOT_OF_SUSPENDED}`,
    filter.from && 'x.starts_at >= :from',
    filter.to && 'x.starts_at < :to',
  ]);
  return { from: `FROM event_sales x WHERE ${listed} AND ${saleConditions(filter)}`, id: 'x.event_id' };
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

function sorted(filter: EventFilter, sort: EventSort, order: Order): string {
  const { from, id } = getSource(filter, sort);
  // Without the event its start is where its sale is.
  const by =
    id === 'e.id'
      ? SORTS[sort](order)
      : SORTS[sort](order).replaceAll('e.starts_at', 'x.starts_at').replaceAll('e.id', id);
  const page = `SELECT ${id} AS id ${from} ORDER BY ${by} LIMIT :limit OFFSET :offset`;
  return statement({
    page: `SELECT id, row_number() OVER () AS place FROM (${page}) e`,
    count: `SELECT count(*) AS total FROM (SELECT 1 ${getSource(filter).from} LIMIT :counted) c`,
  });
}

function ranked(filter: EventFilter): string {
  return statement({
    prelude: `WITH found AS MATERIALIZED (
      SELECT e.id, e.starts_at, ts_rank(e.search, search_query(:search)) AS rank
      ${getSource(filter).from} ORDER BY e.starts_at, e.id LIMIT :counted)`,
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

export interface CategoryRow {
  name: string;
  count: number;
}

/** Categories of what `status: 'public'` lists, the largest first; those that differ in case alone are one. */
export async function listCategories(db: Db, limit: number): Promise<CategoryRow[]> {
  const { rows } = await db.raw<{ rows: CategoryRow[] }>(
    `SELECT min(category) AS name, count(*) FROM events
     WHERE status = 'published' AND deleted_at IS NULL AND ends_at > now() AND folded_category IS NOT NULL AND ${IS_ORGANIZER_ACTIVE}
     GROUP BY folded_category ORDER BY count(*) DESC, folded_category COLLATE bilten_text LIMIT ?`,
    [limit],
  );
  return rows;
}

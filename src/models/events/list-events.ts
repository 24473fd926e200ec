import type { Db } from '../../database';
import {
  int4Array,
  int8,
  neverNull,
  query,
  queryOne,
  statement,
  statementFamily,
  text,
  type ResultOf,
} from '../statement';
import { getEvents, type EventRow, type EventStatus } from './events';

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
// With `<> ALL (ARRAY(…))` the planner would expect almost no row of an organizer who has most of the events, and would sort them all.
const IS_ORGANIZER_ACTIVE = `organizer_id NOT IN (${SUSPENDED})`;
const IS_NOT_OF_SUSPENDED = `x.event_id NOT IN (SELECT o.id FROM (${SUSPENDED}) s JOIN events o ON o.organizer_id = s.id)`;
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

/** What the text of a list's statement depends on. */
interface ListForm {
  filter: EventFilter;
  sort: EventSort | undefined;
  order: Order;
}

function toSortedSql({ filter, order }: ListForm, sort: EventSort): string {
  const { from, id } = getSource(filter, sort);
  // Without the event its start is where its sale is.
  const by =
    id === 'e.id'
      ? SORTS[sort](order)
      : SORTS[sort](order).replaceAll('e.starts_at', 'x.starts_at').replaceAll('e.id', id);
  return `
    SELECT
      (SELECT count(*) FROM (SELECT 1 ${getSource(filter).from} LIMIT :counted) c) AS total,
      ARRAY(SELECT ${id} ${from} ORDER BY ${by} LIMIT :limit OFFSET :offset) AS ids`;
}

const toRankedSql = ({ filter }: ListForm): string => `
    WITH found AS MATERIALIZED (
      SELECT e.id, e.starts_at, ts_rank(e.search, search_query(:search)) AS rank
      ${getSource(filter).from}
      ORDER BY e.starts_at, e.id
      LIMIT :counted
    )
    SELECT
      (SELECT count(*) FROM found) AS total,
      ARRAY(SELECT id FROM found ORDER BY rank DESC, starts_at, id LIMIT :limit OFFSET :offset) AS ids`;

const at = new Date(0);
const FILTERS: EventFilter[] = [
  {},
  { status: 'draft' },
  { status: 'public' },
  { search: 'a', category: 'a', tag: 'a', from: at, to: at, isFree: true, organizerId: 1, status: 'public' },
  { status: 'public', minPrice: '1', maxPrice: '2', from: at, to: at, available: true },
  { status: 'public', available: false },
  { isFree: false, minPrice: '1', maxPrice: '2', available: true },
];

// The page's ids and the number of all: planning a statement that also reads the events takes three times as long.
const LIST = statementFamily({
  name: 'events-list',
  columns: { total: int8('l.total'), ids: int4Array('l.ids') },
  examples: [
    ...FILTERS.flatMap((filter) =>
      (Object.keys(SORTS) as EventSort[]).map((sort): ListForm => ({ filter, sort, order: 'asc' })),
    ),
    { filter: {}, sort: 'startDate', order: 'desc' },
    { filter: { search: 'a', status: 'public', minPrice: '1' }, sort: undefined, order: 'asc' },
  ],
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  FROM (${form.sort === undefined ? toRankedSql(form) : toSortedSql(form, form.sort)}
  ) l`,
});

/** A page of the events that match. */
export async function listEvents(
  db: Db,
  filter: EventFilter,
  { sort, order, limit, offset }: EventOrder,
): Promise<EventPage> {
  const bound = filter.search === undefined ? COUNT_BOUND : SEARCH_BOUND;
  const { total, ids } = await queryOne(db, LIST({ filter, sort, order }), {
    ...filter,
    // Nothing is read beyond where counting stops.
    limit: offset < bound ? limit : 0,
    offset,
    counted: bound + 1,
  });
  return { rows: await getEvents(db, ids), total: Math.min(total, bound), bound, isCapped: total > bound };
}

const LIST_CATEGORIES = statement({
  name: 'event-categories',
  columns: { name: neverNull(text('min(category)')), count: int8('count(*)') },
  sql: (list) => `
  SELECT
    ${list}
  FROM events
  WHERE status = 'published' AND deleted_at IS NULL AND ends_at > now() AND folded_category IS NOT NULL
    AND ${IS_ORGANIZER_ACTIVE}
  GROUP BY folded_category
  ORDER BY count(*) DESC, folded_category COLLATE bilten_text
  LIMIT :limit`,
});

export type CategoryRow = ResultOf<typeof LIST_CATEGORIES>;

/** Categories of what `status: 'public'` lists, the largest first; those that differ in case alone are one. */
export async function listCategories(db: Db, limit: number): Promise<CategoryRow[]> {
  return query(db, LIST_CATEGORIES, { limit });
}

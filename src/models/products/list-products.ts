import type { Db } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import type { ProductStatus, ProductType } from '../../lib/statuses';
import { int4, int4Array, int8, query, queryOne, statement, statementFamily } from '../statement';
import { getProducts, type ProductRow } from './products';

export type ProductSort = 'createdAt' | 'price' | 'name' | 'popularity';

export interface ProductFilter {
  /** As it was typed. */
  search?: string;
  /** Any of these. */
  categoryIds?: number[];
  minPrice?: string;
  maxPrice?: string;
  productType?: ProductType;
  available?: boolean;
  eventId?: number;
  organizerId?: number;
  /** `public`: active. Undefined: all. */
  status?: ProductStatus | 'public';
}

type Order = 'asc' | 'desc';

export interface ProductOrder {
  /** Undefined: by how well they match the search. */
  sort: ProductSort | undefined;
  order: Order;
  limit: number;
  offset: number;
}

// Each has an index that ends in the product's id. A request names one of these, and never a column.
const SORTS: Record<ProductSort, string> = {
  createdAt: 'p.created_at',
  price: 'p.price',
  name: 'p.name COLLATE bilten_text',
  popularity: 'p.popularity',
};

/** Where counting stops. Of a search only the newest matches are counted and ranked, as of events. */
export const COUNT_BOUND = 10_000;
export const SEARCH_BOUND = 1000;

// Few are suspended: they are read once for the whole statement.
const IS_ORGANIZER_ACTIVE =
  "p.organizer_id NOT IN (SELECT id FROM users WHERE status = 'suspended' AND erased_at IS NULL)";

function toConditions(filter: ProductFilter): string {
  return [
    'p.deleted_at IS NULL',
    filter.status === 'public'
      ? `p.status = 'active' AND ${IS_ORGANIZER_ACTIVE}`
      : filter.status && 'p.status = :status',
    filter.search !== undefined && 'p.search @@ search_query(:search)',
    // A single one can be read in order from its index.
    filter.categoryIds?.length === 1
      ? 'p.category_id = :categoryIds::int'
      : filter.categoryIds && 'p.category_id = ANY (:categoryIds::int[])',
    filter.minPrice !== undefined && 'p.price >= :minPrice',
    filter.maxPrice !== undefined && 'p.price <= :maxPrice',
    filter.productType !== undefined && 'p.product_type = :productType',
    filter.available !== undefined && (filter.available ? 'p.is_available' : 'NOT p.is_available'),
    filter.eventId !== undefined && 'p.event_id = :eventId',
    filter.organizerId !== undefined && 'p.organizer_id = :organizerId',
  ]
    .filter(Boolean)
    .join(' AND ');
}

/** What the text of a list's statement depends on. */
interface ListForm {
  filter: ProductFilter;
  sort: ProductSort | undefined;
  order: Order;
}

const toSortedSql = (conditions: string, sort: ProductSort, order: Order): string => `
    SELECT
      (SELECT count(*) FROM (SELECT 1 FROM products p WHERE ${conditions} LIMIT :counted) c) AS total,
      ARRAY(
        SELECT p.id
        FROM products p
        WHERE ${conditions}
        ORDER BY ${SORTS[sort]} ${order}, p.id ${order}
        LIMIT :limit
        OFFSET :offset
      ) AS ids`;

const toRankedSql = (conditions: string): string => `
    WITH found AS MATERIALIZED (
      SELECT p.id, p.created_at, ts_rank(p.search, search_query(:search)) AS rank
      FROM products p
      WHERE ${conditions}
      ORDER BY p.created_at DESC, p.id DESC
      LIMIT :counted
    )
    SELECT
      (SELECT count(*) FROM found) AS total,
      ARRAY(SELECT id FROM found ORDER BY rank DESC, created_at DESC, id DESC LIMIT :limit OFFSET :offset) AS ids`;

const FILTERS: ProductFilter[] = [
  {},
  { status: 'public' },
  { status: 'draft', organizerId: 1, categoryIds: [1] },
  { status: 'public', search: 'a', categoryIds: [1, 2], productType: 'physical', eventId: 1, organizerId: 1 },
  { status: 'public', minPrice: '1', maxPrice: '2', available: true },
  { available: false },
];

// The page's ids and the number of all, counted under the same conditions.
const LIST = statementFamily({
  name: 'products-list',
  columns: { total: int8('l.total'), ids: int4Array('l.ids') },
  examples: [
    ...FILTERS.flatMap((filter) =>
      (Object.keys(SORTS) as ProductSort[]).map((sort): ListForm => ({ filter, sort, order: 'desc' })),
    ),
    { filter: {}, sort: 'price', order: 'asc' },
    { filter: { search: 'a', status: 'public' }, sort: undefined, order: 'asc' },
  ],
  sql: (list, { filter, sort, order }: ListForm) => `
  SELECT
    ${list}
  FROM (${sort === undefined ? toRankedSql(toConditions(filter)) : toSortedSql(toConditions(filter), sort, order)}
  ) l`,
});

export interface ProductPage {
  rows: ProductRow[];
  /** At most `bound`, and then `isCapped`. */
  total: number;
  bound: number;
  isCapped: boolean;
}

/** A page of the products that match. */
export async function listProducts(
  db: Db,
  filter: ProductFilter,
  { sort, order, limit, offset }: ProductOrder,
): Promise<ProductPage> {
  const bound = filter.search === undefined ? COUNT_BOUND : SEARCH_BOUND;
  const { categoryIds } = filter;
  const { total, ids } = await queryOne(db, LIST({ filter, sort, order }), {
    ...filter,
    ...(categoryIds && { categoryIds: categoryIds.length === 1 ? categoryIds[0] : toNumberArray(categoryIds) }),
    // Nothing is read beyond where counting stops.
    limit: offset < bound ? limit : 0,
    offset,
    counted: bound + 1,
  });
  return { rows: await getProducts(db, ids), total: Math.min(total, bound), bound, isCapped: total > bound };
}

const EVENTS = statement({
  name: 'products-events',
  columns: { id: int4('e.id') },
  sql: (list) => `
  SELECT
    ${list}
  FROM unnest(:eventIds::int[]) e (id)
  WHERE EXISTS (
    SELECT
    FROM products p
    WHERE p.event_id = e.id AND p.status = 'active' AND p.deleted_at IS NULL
  )`,
});

/** Lists those of the events that have active products. */
export async function listEventsWithProducts(db: Db, eventIds: number[]): Promise<number[]> {
  return (await query(db, EVENTS, { eventIds: toNumberArray(eventIds) })).map(({ id }) => id);
}

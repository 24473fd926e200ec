import type { Db, Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { bool, decimal, int4, orNull, pipeline, statement, text } from '../statement';

/** A product as the rules of a checkout see it. */
export const PRODUCT = {
  id: int4('p.id'),
  organizerId: int4('p.organizer_id'),
  /** Products of a suspended organizer are not sold. */
  isOrganizerSuspended: bool("o.status = 'suspended'"),
  eventId: orNull(int4('p.event_id')),
  sku: orNull(text('p.sku')),
  name: text('p.name'),
  productType: text<'physical' | 'digital' | 'license' | 'credit'>('p.product_type'),
  status: text<'draft' | 'active' | 'archived'>('p.status'),
  price: decimal('p.price'),
  currency: text('p.currency'),
  /** In percent; null for the default of the store. */
  taxRate: orNull(decimal('p.tax_rate')),
  isTaxInclusive: bool('p.is_tax_inclusive'),
  maxPerOrder: orNull(int4('p.max_per_order')),
  weightGrams: orNull(int4('p.weight_grams')),
  /** All units that ever came in; null if unlimited. */
  stock: orNull(int4('i.stock')),
  held: int4('i.held'),
  sold: int4('i.sold'),
};

const toLockStatement = (wait: 'wait' | 'skip') =>
  statement({
    name: `inventory-lock-products-${wait}`,
    isPrepared: true,
    columns: { productId: int4('product_id') },
    sql: (list) => `
  SELECT ${list}
  FROM product_inventory
  WHERE product_id = ANY(:ids::int[])
  ORDER BY product_id
  FOR UPDATE ${wait === 'skip' ? 'SKIP LOCKED' : ''}`,
  });

const LOCK_PRODUCTS = { wait: toLockStatement('wait'), skip: toLockStatement('skip') };

/** Locks the inventory rows of these products, in the order of their ids; `skip` leaves out rows that another transaction holds. */
export async function lockProducts(trx: Trx, ids: number[], wait: 'wait' | 'skip' = 'wait'): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await pipeline(trx, LOCK_PRODUCTS[wait], { ids: toNumberArray(ids) });
  return rows.map(({ productId }) => productId);
}

const READ_PRODUCTS = statement({
  name: 'inventory-products',
  isPrepared: true,
  columns: PRODUCT,
  sql: (list) => `
  SELECT
    ${list}
  FROM products p
  JOIN product_inventory i ON i.product_id = p.id
  JOIN users o ON o.id = p.organizer_id
  WHERE p.id = ANY(:ids::int[]) AND p.deleted_at IS NULL`,
});

/** Reads products whose inventory rows are locked. Sent after the statement that locks them, without waiting for it. */
export async function readProducts(trx: Trx, ids: number[]) {
  return ids.length === 0 ? [] : pipeline(trx, READ_PRODUCTS, { ids: toNumberArray(ids) });
}

/** Returns those of the ids that have an inventory row. */
export async function findStockedIds(db: Db, ids: number[]): Promise<number[]> {
  return ids.length === 0 ? [] : db('product_inventory').whereIn('product_id', ids).pluck('product_id');
}

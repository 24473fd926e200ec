import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { int4, pipeline, statement, text } from '../statement';
import type { CartState } from './types';

// Whoever changes a cart changes its row. A statement that waited for a row returns its new version.
const LOCK = statement({
  name: 'inventory-lock-carts',
  isPrepared: true,
  columns: { id: int4('c.id'), version: text('c.version::text') },
  sql: (list) => `
  SELECT
    ${list}
  FROM carts c
  WHERE c.id = ANY(:ids::int[])
  ORDER BY c.id
  FOR UPDATE`,
});

/** Locks carts in the order of their ids, and returns their versions. */
export async function lockCarts(trx: Trx, ids: number[]): Promise<CartState[]> {
  return ids.length === 0 ? [] : pipeline(trx, LOCK, { ids: toNumberArray(ids) });
}

const EMPTY = statement({
  name: 'inventory-empty-carts',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH emptied AS (
    DELETE FROM cart_items WHERE cart_id = ANY(:ids::int[])
  )
  UPDATE carts
  SET version = version + 1, discount_code = NULL, updated_at = now()
  WHERE id = ANY(:ids::int[])`,
});

/** Empties carts that were checked out. */
export async function emptyCarts(trx: Trx, ids: number[]): Promise<void> {
  if (ids.length > 0) await pipeline(trx, EMPTY, { ids: toNumberArray(ids) });
}

import type { Db, Trx } from '../../database';
import { int4, int8, orNull, queryPage, statement, text, timestamptz, type ResultOf } from '../statement';

export interface NewMovement {
  productId: number;
  /** Undefined: the stock becomes unlimited. */
  delta?: number;
  reason: string;
  /** Null: the program. */
  userId: number | null;
}

/** Moves the stock of a product, whose inventory must be locked. A trigger does it; a CHECK refuses less than is sold or held. */
export async function insertMovement(trx: Trx, { productId, delta, reason, userId }: NewMovement): Promise<void> {
  await trx('stock_movements').insert({
    product_id: productId,
    delta: delta ?? 0,
    is_unlimited: delta === undefined,
    reason,
    user_id: userId,
  });
}

const LIST = statement({
  name: 'stock-movements-list',
  columns: {
    id: int8('m.id'),
    delta: int4('m.delta'),
    stock: orNull(int4('m.stock')),
    reason: text('m.reason'),
    userId: orNull(int4('m.user_id')),
    firstName: orNull(text('u.first_name')),
    lastName: orNull(text('u.last_name')),
    createdAt: timestamptz('m.created_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM stock_movements m
  LEFT JOIN users u ON u.id = m.user_id
  WHERE m.product_id = :productId
  ORDER BY m.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

export type MovementRow = ResultOf<typeof LIST>;

/** The highest total that is counted. */
export const MAX_COUNTED_MOVEMENTS = 10_000;

const COUNT = statement({
  name: 'stock-movements-count',
  columns: { total: int8('count(*)') },
  sql: (list) => `
  SELECT ${list} FROM (SELECT FROM stock_movements WHERE product_id = :productId LIMIT ${MAX_COUNTED_MOVEMENTS}) m`,
});

/** Returns a page, newest first. */
export async function listMovements(
  db: Db,
  page: { productId: number; limit: number; offset: number },
): Promise<{ rows: MovementRow[]; total: number }> {
  return queryPage(db, { list: LIST, count: COUNT }, page);
}

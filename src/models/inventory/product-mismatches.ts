import type { Db } from '../../database';
import { int4, query, statement, text } from '../statement';
import type { Mismatch } from './mismatches';

export async function listProductIdsAfter(db: Db, after: number, limit: number): Promise<number[]> {
  return db('product_inventory').where('product_id', '>', after).orderBy('product_id').limit(limit).pluck('product_id');
}

// One statement sees one snapshot, so concurrent checkouts cause no mismatches.
const MISMATCHES = statement({
  name: 'product-mismatches',
  columns: {
    productId: int4('i.product_id'),
    what: text('f.what'),
    expected: text('f.expected::text'),
    found: text('f.found::text'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM product_inventory i
  CROSS JOIN LATERAL (
    SELECT
      coalesce(sum(c.quantity) FILTER (WHERE c.status = 'held'), 0) AS held,
      coalesce(sum(c.quantity - c.restocked) FILTER (WHERE c.status = 'sold'), 0) AS sold
    FROM product_claims c
    WHERE c.product_id = i.product_id
  ) claimed
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(m.delta), 0) AS stock FROM stock_movements m WHERE m.product_id = i.product_id
  ) moved
  CROSS JOIN LATERAL (VALUES
    ('sold', claimed.sold, i.sold::bigint),
    ('held', claimed.held, i.held::bigint),
    ('stock', moved.stock, coalesce(i.stock, 0)::bigint)
  ) f (what, expected, found)
  WHERE i.product_id = ANY (:ids) AND f.expected <> f.found
  ORDER BY i.product_id, f.what`,
});

/** Lists where the counters of these products disagree with the claims of orders, or their stock with its movements. */
export async function listProductMismatches(db: Db, ids: number[]): Promise<Mismatch[]> {
  const rows = await query(db, MISMATCHES, { ids });
  return rows.map((row) => ({ eventId: null, ticketTypeId: null, paymentId: null, ...row }));
}

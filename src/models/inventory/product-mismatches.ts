import type { Db } from '../../database';
import { int4, orNull, query, statement, text } from '../statement';
import { joinLedgerMismatches, type Mismatch } from './mismatches';

export async function listProductIdsAfter(db: Db, after: number, limit: number): Promise<number[]> {
  return db('product_inventory').where('product_id', '>', after).orderBy('product_id').limit(limit).pluck('product_id');
}

// One statement sees one snapshot, so concurrent checkouts cause no mismatches.
const MISMATCHES = statement({
  name: 'product-mismatches',
  columns: {
    productId: int4('m.product_id'),
    paymentId: orNull(int4('m.payment_id')),
    what: text('m.what'),
    expected: text('m.expected'),
    found: text('m.found'),
  },
  sql: (list) => `
  WITH mismatches AS (
    SELECT i.product_id, NULL::int AS payment_id, f.what, f.expected::text, f.found::text
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
    UNION ALL
    SELECT o.product_id, p.id, 'ledger', l.expected::text, l.found::text
    FROM (SELECT DISTINCT product_id, order_id FROM product_claims WHERE product_id = ANY (:ids)) o
    ${joinLedgerMismatches('o.order_id')}
  )
  SELECT
    ${list}
  FROM mismatches m
  ORDER BY 1, 3, 2`,
});

/** Lists where the counters of these products disagree with the claims of orders, their stock with its movements, or payments of their orders with the ledger. */
export async function listProductMismatches(db: Db, ids: number[]): Promise<Mismatch[]> {
  const rows = await query(db, MISMATCHES, { ids });
  return rows.map((row) => ({ eventId: null, ticketTypeId: null, ...row }));
}

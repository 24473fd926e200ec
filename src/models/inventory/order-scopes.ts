import type { Db } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { int4, json, query, statement } from '../statement';

const LIST = statement({
  name: 'inventory-order-scopes',
  columns: {
    orderId: int4('o.id'),
    userId: int4('o.user_id'),
    bookingIds: json<number[]>(
      "coalesce((SELECT json_agg(b.id ORDER BY b.id) FROM bookings b WHERE b.order_id = o.id), '[]')",
    ),
    eventIds: json<number[]>(
      "coalesce((SELECT json_agg(DISTINCT b.event_id) FROM bookings b WHERE b.order_id = o.id), '[]')",
    ),
    productIds: json<number[]>(
      "coalesce((SELECT json_agg(DISTINCT c.product_id) FROM product_claims c WHERE c.order_id = o.id), '[]')",
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  WHERE o.id = ANY(:ids::int[]) AND o.request_id IS NOT NULL
  ORDER BY o.id`,
});

/** Returns what orders made by checkouts are about, which never changes. Leaves out other orders. */
export async function listOrderScopes(db: Db, ids: number[]) {
  return ids.length === 0 ? [] : query(db, LIST, { ids: toNumberArray(ids) });
}

export type OrderScope = Awaited<ReturnType<typeof listOrderScopes>>[number];

import type { Db } from '../../database';
import { int4, query, statement } from '../statement';

const LIST = statement({
  name: 'orders-due',
  columns: { id: int4('o.id') },
  sql: (list) => `
  SELECT ${list}
  FROM orders o
  WHERE o.request_id IS NOT NULL AND o.status IN ('pending', 'processing') AND o.expires_at <= now()
    AND NOT EXISTS (
      SELECT
      FROM payments p
      WHERE p.order_id = o.id
        AND (p.status = 'processing' OR p.status IN ('pending', 'failed') AND o.expires_at > now() - interval '1 hour')
    )
  ORDER BY o.expires_at
  LIMIT :limit`,
});

/** Lists overdue unpaid orders of checkouts that nobody may be paying for. An open payment intent delays expiry by at most an hour. */
export async function listDueOrderIds(db: Db, limit: number): Promise<number[]> {
  const rows = await query(db, LIST, { limit });
  return rows.map(({ id }) => id);
}

/** Shortens holds that end later than a new one could: the clock was turned back since they were made. */
export async function shortenFutureOrders(db: Db, holdMinutes: number): Promise<void> {
  await db('orders')
    .whereIn('status', ['pending', 'processing'])
    .whereNotNull('request_id')
    .whereRaw('expires_at > now() + make_interval(secs => ?)', [60 * (2 * holdMinutes + 1)])
    .update({ expires_at: db.raw('now() + make_interval(secs => ?)', [60 * holdMinutes]) });
}

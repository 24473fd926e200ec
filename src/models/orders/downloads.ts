import type { Db } from '../../database';
import { bool, execute, int4, orNull, query, statement, text, type ResultOf } from '../statement';

/** How often a download can be started. */
export const MAX_DOWNLOADS = 5;

const FIND = statement({
  name: 'orders-download',
  columns: {
    userId: int4('o.user_id'),
    isPaid: bool("o.status IN ('paid', 'partially_refunded')"),
    isRefunded: bool('r.refunded >= i.quantity'),
    /** Null if the product has no file any more. */
    fileKey: orNull(text('f.key')),
    fileName: orNull(text('f.original_name')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM order_items i
  JOIN orders o ON o.id = i.order_id
  JOIN products p ON p.id = i.product_id
  LEFT JOIN files f ON f.id = p.file_id AND f.status = 'stored'
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.quantity), 0)::int AS refunded
    FROM order_item_refunds x
    WHERE x.order_id = i.order_id AND x.position = i.position
  ) r
  WHERE i.order_id = :orderId AND i.position = :itemId AND i.product_type = 'digital'`,
});

export type DownloadRow = ResultOf<typeof FIND>;

interface ItemKey {
  orderId: number;
  itemId: number;
}

export async function findDownload(db: Db, item: ItemKey): Promise<DownloadRow | undefined> {
  return (await query(db, FIND, { ...item }))[0];
}

const COUNT = statement({
  name: 'orders-count-download',
  columns: {},
  sql: () => `
  INSERT INTO order_downloads AS d (order_id, position, count)
  VALUES (:orderId, :itemId, 1)
  ON CONFLICT (order_id, position) DO UPDATE
  SET count = d.count + 1, last_at = now()
  WHERE d.count < ${MAX_DOWNLOADS}`,
});

/** Counts a download; false if there were as many as allowed. */
export async function countDownload(db: Db, item: ItemKey): Promise<boolean> {
  return (await execute(db, COUNT, { ...item })) === 1;
}

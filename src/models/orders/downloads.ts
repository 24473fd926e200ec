import type { Db } from '../../database';
import {
  bool,
  execute,
  int2,
  int4,
  orNull,
  query,
  queryOne,
  statement,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';

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

// The paid downloads of a user that were not refunded.
const OWNED = `
  FROM orders o
  JOIN order_items i ON i.order_id = o.id
  JOIN products p ON p.id = i.product_id
  WHERE o.user_id = :userId
    AND o.status IN ('paid', 'partially_refunded')
    AND i.product_type = 'digital'
    AND i.quantity > (
      SELECT coalesce(sum(x.quantity), 0)
      FROM order_item_refunds x
      WHERE x.order_id = i.order_id AND x.position = i.position
    )`;

const LIST = statement({
  name: 'orders-list-downloads',
  columns: {
    orderId: int4('i.order_id'),
    itemId: int2('i.position'),
    orderNumber: text('o.order_number'),
    productId: int4('p.id'),
    name: text('i.name'),
    /** Null if the product has no file any more. */
    filename: orNull(text("(SELECT f.original_name FROM files f WHERE f.id = p.file_id AND f.status = 'stored')")),
    started: int4(
      'coalesce((SELECT d.count FROM order_downloads d WHERE d.order_id = i.order_id AND d.position = i.position), 0)',
    ),
    createdAt: timestamptz('o.created_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  ${OWNED}
  ORDER BY i.order_id DESC, i.position
  LIMIT :limit OFFSET :offset`,
});

export type ListedDownloadRow = ResultOf<typeof LIST>;

const COUNT_OWNED = statement({
  name: 'orders-count-downloads',
  columns: { total: int4('count(*)::int') },
  sql: (list) => `SELECT ${list} ${OWNED}`,
});

/** Returns a page of what a user can download, newest first, with the total. */
export async function listDownloads(
  db: Db,
  { userId, ...range }: { userId: number; limit: number; offset: number },
): Promise<{ rows: ListedDownloadRow[]; total: number }> {
  const [rows, { total }] = await Promise.all([
    query(db, LIST, { userId, ...range }),
    queryOne(db, COUNT_OWNED, { userId }),
  ]);
  return { rows, total };
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

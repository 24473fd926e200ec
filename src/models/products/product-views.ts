import type { Db, Trx } from '../../database';
import { execute, statement } from '../statement';

/** Minutes within which a viewer of a product counts once, and after which the viewer is forgotten. */
const VIEW_MINUTES = 30;

const COUNT = statement({
  name: 'product-views-count',
  columns: {},
  // In order, so that two processes cannot wait for each other.
  sql: () => `
  WITH seen AS (
    INSERT INTO product_views AS v (product_id, viewer, counted_at)
    SELECT product_id, decode(viewer, 'hex'), now()
    FROM unnest(:productIds::int[], :viewers::text[]) AS s(product_id, viewer)
    ORDER BY product_id, viewer
    ON CONFLICT (product_id, viewer) DO UPDATE
      SET counted_at = excluded.counted_at
      WHERE v.counted_at <= now() - interval '${VIEW_MINUTES} minutes'
    RETURNING product_id
  )
  INSERT INTO product_view_counts AS c (product_id, views)
  SELECT product_id, count(*) FROM seen GROUP BY product_id ORDER BY product_id
  ON CONFLICT (product_id) DO UPDATE SET views = c.views + excluded.views`,
});

/** Counts views of pairs of product and viewer, each given once; those counted within the last half hour are skipped. */
export async function countViews(db: Db, views: { productIds: string; viewers: string }): Promise<void> {
  await execute(db, COUNT, views);
}

const DELETE_EXPIRED = statement({
  name: 'product-views-expire',
  columns: {},
  sql: () => `
  DELETE FROM product_views
  WHERE (product_id, viewer) IN (
    SELECT product_id, viewer
    FROM product_views
    WHERE counted_at <= now() - interval '${VIEW_MINUTES} minutes'
    ORDER BY counted_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  )`,
});

export async function deleteExpiredViews(db: Db, limit: number): Promise<number> {
  return execute(db, DELETE_EXPIRED, { limit });
}

const UPDATE_POPULARITY = statement({
  name: 'products-popularity',
  columns: {},
  sql: () => `
  UPDATE products p
  SET popularity = c.popularity
  FROM (
    SELECT p.id, s.popularity
    FROM products p
    JOIN product_inventory i ON i.product_id = p.id
    LEFT JOIN product_view_counts v ON v.product_id = p.id
    CROSS JOIN LATERAL (SELECT i.sold::bigint * 1000000 + least(coalesce(v.views, 0), 999999) AS popularity) s
    WHERE p.status = 'active' AND p.deleted_at IS NULL AND abs(s.popularity - p.popularity) * 20 > p.popularity
    ORDER BY p.id
    LIMIT :limit
    FOR NO KEY UPDATE OF p SKIP LOCKED
  ) c
  WHERE p.id = c.id`,
});

/**
 * Updates the popularity of at most `limit` products: units sold, then views. A difference of 5% is tolerated, because each
 * update rewrites the product's entry in every index. Returns how many it updated.
 */
export async function updatePopularity(trx: Trx, limit: number): Promise<number> {
  return execute(trx, UPDATE_POPULARITY, { limit });
}

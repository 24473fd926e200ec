import type { Trx } from '../../database';
import { execute, int4, query, statement } from '../statement';

const COMPLETE = statement({
  name: 'events-complete',
  columns: { id: int4('e.id') },
  sql: (list) => `
  WITH over AS (
    SELECT i.event_id
    FROM event_inventory i
    JOIN events e ON e.id = i.event_id
    WHERE e.status = 'published' AND e.deleted_at IS NULL AND e.ends_at <= now()
    ORDER BY e.ends_at
    LIMIT :limit
    FOR UPDATE OF i SKIP LOCKED
  )
  UPDATE events e
  SET
    status = 'completed',
    completed_at = now(),
    version = version + 1,
    updated_at = now()
  FROM over
  WHERE e.id = over.event_id AND e.status = 'published' AND e.ends_at <= now()
  RETURNING ${list}`,
});

/**
 * Completes published events that are over, at most `limit` at a time; returns their ids.
 * Events whose inventory is locked are left for the next run.
 */
export async function completeOverEvents(trx: Trx, limit: number): Promise<number[]> {
  const rows = await query(trx, COMPLETE, { limit });
  return rows.map(({ id }) => id);
}

const UPDATE_POPULARITY = statement({
  name: 'events-popularity',
  columns: {},
  sql: () => `
  UPDATE events e
  SET popularity = c.sold
  FROM (
    SELECT e.id, i.sold
    FROM events e
    JOIN event_inventory i ON i.event_id = e.id
    WHERE e.status = 'published' AND e.deleted_at IS NULL AND abs(i.sold - e.popularity)::bigint * 20 > e.popularity
    ORDER BY e.id
    LIMIT :limit
    FOR NO KEY UPDATE OF e SKIP LOCKED
  ) c
  WHERE e.id = c.id`,
});

/**
 * Updates the popularity of at most `limit` events where it is too far from the tickets sold. Returns how many it updated.
 * A difference of 5% is tolerated, because each update rewrites the event's entry in every index, including the full-text index.
 */
export async function updatePopularity(trx: Trx, limit: number): Promise<number> {
  return execute(trx, UPDATE_POPULARITY, { limit });
}

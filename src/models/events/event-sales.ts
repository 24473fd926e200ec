import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';

/** Of at most `limit` events whose sale time has changed; those that another process has locked are skipped. */
export async function refreshDueSales(trx: Trx, limit: number): Promise<number> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT event_id AS id FROM event_sales WHERE changes_at <= now() ORDER BY changes_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  // In a statement of its own, which sees what was committed before the rows were locked.
  if (rows.length > 0)
    await trx.raw('SELECT refresh_event_sale(id) FROM unnest(?::int[]) id', [toNumberArray(rows.map(({ id }) => id))]);
  return rows.length;
}

import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';

/** Of at most `limit` events whose sale time has changed; those that another process has locked are skipped. */
export async function refreshDueSales(trx: Trx, limit: number): Promise<number> {
  const ids = await trx('event_sales')
    .where('changes_at', '<=', trx.fn.now())
    .orderBy('changes_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .pluck('event_id');
  // In a statement of its own, which sees what was committed before the rows were locked.
  if (ids.length > 0) await trx.raw('SELECT refresh_event_sale(id) FROM unnest(?::int[]) id', [toNumberArray(ids)]);
  return ids.length;
}

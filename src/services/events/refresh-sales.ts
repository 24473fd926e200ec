import { runInTransaction } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { refreshDueSales as refreshRows } from '../../models/events/event-sales';

const SALES_CHUNK_SIZE = 500;

/** Brings what lists look for up to date where only time has opened or closed a sale. Returns of how many events. */
export async function refreshDueSales(): Promise<number> {
  return repeatInChunks(SALES_CHUNK_SIZE, (limit) => runInTransaction((trx) => refreshRows(trx, limit)));
}

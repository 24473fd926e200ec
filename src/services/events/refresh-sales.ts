import { runInTransaction } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { refreshDueSales as refreshRows } from '../../models/events/event-sales';

const SALES_CHUNK_SIZE = 500;

/** Updates what lists filter by where the passing of time has opened or closed a sale. Returns how many events it updated. */
export async function refreshDueSales(): Promise<number> {
  return repeatInChunks(SALES_CHUNK_SIZE, (limit) => runInTransaction((trx) => refreshRows(trx, limit)));
}

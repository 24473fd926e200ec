import { runInTransaction } from '../database';
import { inChunks } from '../lib/chunks';
import { refreshDueSales as refreshRows } from '../models/events.sales.model';

const CHUNK = 500;

/** Brings what lists look for up to date where only time has opened or closed a sale. Returns of how many events. */
export async function refreshDueSales(): Promise<number> {
  return inChunks(CHUNK, (limit) => runInTransaction((trx) => refreshRows(trx, limit)));
}

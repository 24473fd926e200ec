import { database } from '../../database';
import { listEventIdsAfter, listMismatches } from '../../models/inventory/mismatches';

export interface CheckInventory {
  /** The last event id of the previous page; 0 for the first page. */
  after: number;
  limit: number;
}

/** Compares the counters of a page of events with their rows, and their payments with the ledger. */
export async function checkInventory({ after, limit }: CheckInventory) {
  const ids = await listEventIdsAfter(database, after, limit);
  return {
    checked: ids.length,
    mismatches: ids.length === 0 ? [] : await listMismatches(database, ids),
    next: ids.length < limit ? null : ids.at(-1)!,
  };
}

import { database } from '../../database';
import { listEventIdsAfter, listMismatches } from '../../models/inventory/mismatches';
import { listProductIdsAfter, listProductMismatches } from '../../models/inventory/product-mismatches';

export interface CheckInventory {
  /** `next` of the previous page; 0 for the first page. */
  after: number;
  limit: number;
}

/** Compares the counters of a page of events and products with their rows, and the payments of their orders with the ledger. */
export async function checkInventory({ after, limit }: CheckInventory) {
  const lists = await Promise.all([
    listEventIdsAfter(database, after, limit),
    listProductIdsAfter(database, after, limit),
  ]);
  // A page ends where the first of two full lists does: the ids of both go on from there.
  const next = lists.filter((ids) => ids.length === limit).map((ids) => ids.at(-1)!);
  const last = Math.min(...next);
  const [eventIds, productIds] = lists.map((ids) => ids.filter((id) => id <= last)) as [number[], number[]];
  const mismatches = await Promise.all([
    eventIds.length === 0 ? [] : listMismatches(database, eventIds),
    productIds.length === 0 ? [] : listProductMismatches(database, productIds),
  ]);
  return {
    checked: eventIds.length,
    checkedProducts: productIds.length,
    mismatches: mismatches.flat(),
    next: next.length === 0 ? null : last,
  };
}

import type { Trx } from '../../database';
import { lockProducts } from '../../models/inventory/products';
import { lockInventory } from '../../models/inventory/read-state';

/** Step: blocks bookings, cancellations and changes to the sale of this event until the transaction ends. */
export async function lockSale(trx: Trx, eventId: number): Promise<void> {
  await lockInventory(trx, [eventId]);
}

/** Step: blocks checkouts of these products, and what follows them, until the transaction ends. */
export async function lockStock(trx: Trx, productIds: number[]): Promise<void> {
  await lockProducts(
    trx,
    [...new Set(productIds)].sort((a, b) => a - b),
  );
}

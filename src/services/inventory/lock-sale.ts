import type { Trx } from '../../database';
import { lockInventory } from '../../models/inventory/read-state';

/** Step: blocks bookings, cancellations and changes to the sale of this event until the transaction ends. */
export async function lockSale(trx: Trx, eventId: number): Promise<void> {
  await lockInventory(trx, [eventId]);
}

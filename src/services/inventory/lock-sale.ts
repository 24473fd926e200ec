import type { Trx } from '../../database';
import { lockInventory } from '../../models/inventory/read-state';

/** Step: until the transaction ends nobody books or cancels at this event, nor changes a rule of its sale. */
export async function lockSale(trx: Trx, eventId: number): Promise<void> {
  await lockInventory(trx, [eventId]);
}

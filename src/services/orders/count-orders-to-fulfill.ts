import { database } from '../../database';
import { countUnfulfilled } from '../../models/orders/fulfillments';

/** Returns how many paid orders have goods that are still to be sent, of one seller or of all. */
export async function countOrdersToFulfill(sellerId?: number): Promise<number> {
  return countUnfulfilled(database, sellerId);
}

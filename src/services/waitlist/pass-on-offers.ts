import type { Trx } from '../../database';
import { expireOffersOfUser } from '../../models/waitlist/waitlist-entries';

/** Step: what is held for somebody who is suspended goes on to the next in line. Places in line are kept, and passed over. */
export async function passOnOffers(trx: Trx, userId: number): Promise<void> {
  await expireOffersOfUser(trx, userId);
}

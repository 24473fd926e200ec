import type { Trx } from '../../database';
import { expireOffersOfUser } from '../../models/waitlist/waitlist-entries';

/** Step: makes the offers of a suspended user due, so that their tickets go to the next entries. The user's entries stay, but are skipped. */
export async function passOnOffers(trx: Trx, userId: number): Promise<void> {
  await expireOffersOfUser(trx, userId);
}

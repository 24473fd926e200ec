import type { Trx } from '../../database';
import { restorePurchasedCredits, takeBackPurchasedCredits } from '../credits/buy-and-return-credits';
import { restoreLicenses, suspendLicenses } from '../licenses/revoke-licenses';

/**
 * Step: takes back what a disputed order has delivered, as far as it is there: licenses are suspended, and credits that were not spent
 * are taken. Gives both back after the dispute was won.
 */
export async function syncDelivered(trx: Trx, orderId: number, isDisputed: boolean): Promise<void> {
  if (isDisputed) {
    await takeBackPurchasedCredits(trx, { orderId, isPartial: true });
    await suspendLicenses(trx, orderId);
  } else {
    await restorePurchasedCredits(trx, orderId);
    await restoreLicenses(trx, orderId);
  }
}

import type { Db, Trx } from '../../database';
import {
  listLicensesOfOrder,
  lockLicensesOfOrder,
  updateRestored,
  updateRevoked,
  updateSuspendedByDispute,
} from '../../models/licenses/issued-licenses';

export interface RevokedItem {
  /** The position of the item in its order. */
  position: number;
  /** How many of its units are refunded or withdrawn now. */
  quantity: number;
}

/**
 * Step: revokes units of an order in the transaction that refunds them: those that were never activated first, then the least used.
 * Returns how many.
 */
export async function revokeLicenses(
  trx: Trx,
  { orderId, items }: { orderId: number; items: RevokedItem[] },
): Promise<number> {
  await lockLicensesOfOrder(trx, orderId);
  const licenses = await listLicensesOfOrder(trx, orderId);
  const ids = items.flatMap(({ position, quantity }) => {
    const valid = licenses.filter((license) => license.position === position && license.status !== 'revoked');
    return valid
      .sort(
        (a, b) =>
          Number(a.isActivated) - Number(b.isActivated) || a.activationsCount - b.activationsCount || b.unit - a.unit,
      )
      .slice(0, quantity)
      .map(({ id }) => id);
  });
  if (ids.length > 0) await updateRevoked(trx, ids);
  return ids.length;
}

/** Step: suspends the active licenses of an order whose payment is disputed. Returns how many. */
export async function suspendLicenses(trx: Trx, orderId: number): Promise<number> {
  await lockLicensesOfOrder(trx, orderId);
  return updateSuspendedByDispute(trx, orderId);
}

/** Step: restores the licenses that a dispute has suspended, after it was won. Returns how many. */
export async function restoreLicenses(trx: Trx, orderId: number): Promise<number> {
  await lockLicensesOfOrder(trx, orderId);
  return updateRestored(trx, orderId);
}

/** Step: locks the licenses of an order, so that no device activates one until the commit. */
export async function lockLicenseUnits(trx: Trx, orderId: number): Promise<void> {
  await lockLicensesOfOrder(trx, orderId);
}

/** Lists the licenses of an order by item and unit, and which of them a device has ever used. */
export async function listLicenseUnits(db: Db, orderId: number) {
  return listLicensesOfOrder(db, orderId);
}

import type { Trx } from '../../database';
import {
  insertLicenses,
  listIssuedUnits,
  listPolicies,
  type LicensePolicy,
  type NewLicense,
} from '../../models/licenses/issued-licenses';
import { addMessages } from '../outbox/add-messages';
import { createStoredKey } from './license-keys';

const DAY_MS = 86_400_000;

/** An item of an order whose product is a license. */
export interface LicensedItem {
  /** The position of the item in its order. */
  position: number;
  productId: number;
  quantity: number;
}

/** What a license is issued with: the policy of its product, with defaults for what that leaves open. */
export function applyPolicy(policy: Partial<LicensePolicy>, now = Date.now()) {
  const { durationDays = null, maxActivations = null, offlineDays = 0, entitlements = [] } = policy;
  const expiresAt = durationDays === null ? null : new Date(now + durationDays * DAY_MS);
  return { maxActivations, offlineDays, entitlements, expiresAt };
}

/**
 * Step: issues the licenses of an order that is paid, one for each unit, and tells the customer. Safe to call again: each unit gets
 * its license once. The caller holds the lock of the order.
 */
export async function issueLicenses(
  trx: Trx,
  { orderId, userId, items }: { orderId: number; userId: number; items: LicensedItem[] },
): Promise<void> {
  if (items.length === 0) return;
  const issued = new Set((await listIssuedUnits(trx, orderId)).map(({ position, unit }) => `${position} ${unit}`));
  const policies = await listPolicies(
    trx,
    items.map(({ productId }) => productId),
  );
  const policyOf = new Map(policies.map(({ productId, policy }) => [productId, policy]));
  const missing = items.flatMap(({ position, productId, quantity }): NewLicense[] => {
    const terms = applyPolicy(policyOf.get(productId) ?? {});
    const units = Array.from({ length: quantity }, (_, index) => index + 1);
    return units
      .filter((unit) => !issued.has(`${position} ${unit}`))
      .map((unit) => ({ ...createStoredKey(), userId, productId, source: { orderId, position, unit }, ...terms }));
  });
  if (missing.length === 0) return;
  const licenseIds = await insertLicenses(trx, missing);
  if (licenseIds.length > 0) await addMessages(trx, [{ topic: 'license.issued', payload: { licenseIds } }]);
}

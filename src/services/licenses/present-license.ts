import type { ActivationRow } from '../../models/licenses/activations';
import type { LicenseRow } from '../../models/licenses/licenses';
import { readStoredKey } from './license-keys';

const toIsoTime = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

function present(license: LicenseRow, key: string | null) {
  const { id, productId, orderId, status, maxActivations, activationsCount, offlineDays, entitlements } = license;
  return {
    id,
    key,
    productId,
    product: { id: productId, name: license.productName },
    orderId,
    status,
    maxActivations,
    activationsCount,
    expiresAt: toIsoTime(license.expiresAt),
    offlineDays,
    entitlements,
    createdAt: new Date(license.createdAt).toISOString(),
  };
}

export type License = ReturnType<typeof present>;

/** Returns a license as its owner sees it, and whoever has its key. */
export function presentLicense(license: LicenseRow): License {
  return present(license, readStoredKey(license));
}

/** Returns a license as admins see it: whose it is, but not its key. */
export function presentAdminLicense(license: LicenseRow) {
  return { ...present(license, null), userId: license.userId };
}

export type AdminLicense = ReturnType<typeof presentAdminLicense>;

export function presentActivation({ createdAt, lastSeenAt, ...activation }: ActivationRow) {
  return { ...activation, createdAt: createdAt.toISOString(), lastSeenAt: lastSeenAt.toISOString() };
}

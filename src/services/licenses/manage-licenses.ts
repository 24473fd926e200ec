import { database, runInTransaction } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { isErasedAddress } from '../../lib/erased';
import { getOffset, toPage } from '../../lib/paging';
import { insertLicenses, listPolicies } from '../../models/licenses/issued-licenses';
import {
  findLicense,
  listLicenses as listRows,
  lockLicense,
  MAX_COUNTED_ROWS,
  updateLicense as updateRow,
  updateLicenseKey,
  type LicenseChanges,
  type LicenseRow,
  type LicenseStatus,
} from '../../models/licenses/licenses';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { getAccount } from '../users/accounts';
import { createLimitError, createLicenseNotFoundError } from './license-errors';
import { applyPolicy } from './issue-licenses';
import { createStoredKey, hashLicenseKey } from './license-keys';
import { presentAdminLicense, presentLicense, type AdminLicense, type License } from './present-license';

export interface ListLicenses {
  page: number;
  limit: number;
  status?: LicenseStatus;
  productId?: number;
}

/** Lists the caller's licenses, newest first. */
export async function listLicenses(actor: Actor, query: ListLicenses) {
  const { rows, total } = await listRows(database, { ...query, userId: actor.userId, offset: getOffset(query) });
  return toPage(rows.map(presentLicense), query, { total, bound: MAX_COUNTED_ROWS });
}

export function assertOwned(actor: Actor, license: LicenseRow | undefined): LicenseRow {
  if (license?.userId !== actor.userId) throw createLicenseNotFoundError();
  return license;
}

/** @throws AppError NOT_FOUND, also for licenses of others */
export async function getLicense(actor: Actor, id: number): Promise<License> {
  return presentLicense(assertOwned(actor, await findLicense(database, id)));
}

/**
 * Replaces the key of a license. Keys are looked up at every use, so the old one is dead at once, on every process. Activations stay.
 * @throws AppError NOT_FOUND
 */
export async function rotateLicenseKey(actor: Actor, id: number): Promise<License> {
  return runInTransaction(async (trx) => {
    assertOwned(actor, await lockLicense(trx, id));
    await updateLicenseKey(trx, id, createStoredKey());
    await recordActivity(trx, actor, { action: 'license.rotate', subjectId: id });
    return presentLicense((await findLicense(trx, id))!);
  });
}

export interface ListAllLicenses extends ListLicenses {
  userId?: number;
  orderId?: number;
  key?: string;
}

/** Lists the licenses of all users, newest first, or the one with a key. */
export async function listAllLicenses({ key, ...query }: ListAllLicenses) {
  const keyHash = key === undefined ? undefined : hashLicenseKey(key);
  const { rows, total } = await listRows(database, { ...query, keyHash, offset: getOffset(query) });
  return toPage(rows.map(presentAdminLicense), query, { total, bound: MAX_COUNTED_ROWS });
}

/** @throws AppError NOT_FOUND */
export async function getAnyLicense(id: number): Promise<AdminLicense> {
  const license = await findLicense(database, id);
  if (!license) throw createLicenseNotFoundError();
  return presentAdminLicense(license);
}

export interface GrantLicense {
  userId: number;
  productId: number;
  /** What is left out is as the product's policy says. */
  maxActivations?: number | null;
  expiresAt?: Date | null;
  offlineDays?: number;
  entitlements?: string[];
  reason?: string | null;
}

/** Gives a user a license without an order. @throws AppError VALIDATION_ERROR */
export async function grantLicense(actor: Actor, grant: GrantLicense): Promise<AdminLicense> {
  const { userId, productId, reason = null, ...given } = grant;
  return runOnce(actor, async (trx) => {
    const account = await getAccount(trx, userId).catch(() => undefined);
    if (!account || isErasedAddress(account.email)) throw createValidationError('userId', 'is not an account');
    const [product] = await listPolicies(trx, [productId]);
    if (!product?.policy) throw createValidationError('productId', 'is not a license product');
    const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const terms = { ...applyPolicy(product.policy), ...chosen };
    const [id] = await insertLicenses(trx, [{ ...createStoredKey(), userId, productId, source: null, ...terms }]);
    await addMessages(trx, [{ topic: 'license.issued', payload: { licenseIds: [id!] } }]);
    const details = { userId, productId, maxActivations: terms.maxActivations, expiresAt: terms.expiresAt, reason };
    await recordActivity(trx, actor, { action: 'license.grant', subjectId: id!, details });
    return presentAdminLicense((await findLicense(trx, id!))!);
  });
}

/**
 * Changes a license, which takes effect at its next use.
 * @throws AppError NOT_FOUND, ACTIVATION_LIMIT_REACHED if it is in use on more devices than that
 */
export async function updateLicense(actor: Actor, id: number, changes: LicenseChanges): Promise<AdminLicense> {
  return runInTransaction(async (trx) => {
    const before = await lockLicense(trx, id);
    if (!before) throw createLicenseNotFoundError();
    const { maxActivations } = changes;
    if (typeof maxActivations === 'number' && maxActivations < before.activationsCount)
      throw await createLimitError(trx, id);
    await updateRow(trx, id, changes);
    const after = presentAdminLicense((await findLicense(trx, id))!);
    const details = getDifferences(presentAdminLicense(before), after);
    await recordActivity(trx, actor, { action: 'license.update', subjectId: id, details });
    return after;
  });
}

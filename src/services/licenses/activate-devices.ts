import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import {
  deleteActivation as deleteRow,
  deleteActivationOfDevice,
  findActivationOwner,
  insertActivation,
  listActivations as listRows,
  touchActivation,
  updateActivation,
  type ActivationRow,
  type Device,
} from '../../models/licenses/activations';
import {
  findLicense,
  findLicenseByKey,
  lockLicense,
  lockLicenseByKey,
  type LicenseRow,
} from '../../models/licenses/licenses';
import { createCertificate } from './certificates';
import { createLicenseNotFoundError, createLimitError } from './license-errors';
import { hashLicenseKey } from './license-keys';
import { assertOwned } from './manage-licenses';
import { presentActivation, presentLicense, type License } from './present-license';

export interface ActivateDevice extends Device {
  key: string;
}

interface Activated {
  license: LicenseRow;
  activation: ActivationRow;
  isNew: boolean;
}

/** Adds a device to a locked license, or finds it there. */
async function addDevice(trx: Trx, license: LicenseRow, device: Device): Promise<Activated> {
  const { id, status, maxActivations, activationsCount } = license;
  if (status !== 'active') throw new AppError('LICENSE_NOT_ACTIVE', `This license is ${status}.`);
  const known = await updateActivation(trx, id, device);
  if (known) return { license, activation: known, isNew: false };
  if (maxActivations !== null && activationsCount >= maxActivations) throw await createLimitError(trx, id);
  const activation = await insertActivation(trx, id, device);
  return { license: { ...license, activationsCount: activationsCount + 1 }, activation, isNew: true };
}

/**
 * Activates a license on a device; on a device that has it already, renews the certificate.
 * @throws AppError NOT_FOUND, LICENSE_NOT_ACTIVE, ACTIVATION_LIMIT_REACHED with the devices that use it
 */
export async function activateDevice({ key, ...device }: ActivateDevice) {
  const { license, activation, isNew } = await runInTransaction(async (trx) => {
    const found = await lockLicenseByKey(trx, hashLicenseKey(key));
    if (!found) throw createLicenseNotFoundError();
    return addDevice(trx, found, device);
  });
  const certificate = await createCertificate(license, device.fingerprint);
  return {
    isNew,
    result: { activation: presentActivation(activation), license: presentLicense(license), certificate },
  };
}

export type VerificationCode = 'VALID' | 'NOT_FOUND' | 'EXPIRED' | 'SUSPENDED' | 'REVOKED' | 'NOT_ACTIVATED';

const CODE_OF_STATUS = { active: 'VALID', expired: 'EXPIRED', suspended: 'SUSPENDED', revoked: 'REVOKED' } as const;

export interface Verification {
  valid: boolean;
  code: VerificationCode;
  license?: License;
}

/** Says whether a license can be used now, and on this device if one is named. Does the same work for any key. */
export async function verifyLicense({
  key,
  fingerprint,
}: {
  key: string;
  fingerprint?: string;
}): Promise<Verification> {
  const license = await findLicenseByKey(database, hashLicenseKey(key));
  const isActivated = fingerprint === undefined || (await touchActivation(database, license?.id ?? 0, fingerprint));
  if (!license) return { valid: false, code: 'NOT_FOUND' };
  const code = license.status === 'active' && !isActivated ? 'NOT_ACTIVATED' : CODE_OF_STATUS[license.status];
  return { valid: code === 'VALID', code, license: presentLicense(license) };
}

/** Ends the activation of a device, whatever the status of the license. @throws AppError NOT_FOUND for an unknown key or device */
export async function deactivateDevice({ key, fingerprint }: { key: string; fingerprint: string }): Promise<void> {
  await runInTransaction(async (trx) => {
    const license = await lockLicenseByKey(trx, hashLicenseKey(key));
    const isDeleted = await deleteActivationOfDevice(trx, license?.id ?? 0, fingerprint);
    if (!license) throw createLicenseNotFoundError();
    if (!isDeleted) throw new AppError('NOT_FOUND', 'This license is not activated on this device.');
  });
}

/** Lists the devices of a license. @throws AppError NOT_FOUND, also for licenses of others */
export async function listActivations(actor: Actor, licenseId: number) {
  assertOwned(actor, await findLicense(database, licenseId));
  return (await listRows(database, licenseId)).map(presentActivation);
}

/** Ends an activation as the owner of the license. @throws AppError NOT_FOUND, also for licenses of others */
export async function deleteActivation(actor: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const owner = await findActivationOwner(trx, id);
    if (owner?.userId !== actor.userId) throw new AppError('NOT_FOUND', 'Activation not found.');
    await lockLicense(trx, owner.licenseId);
    await deleteRow(trx, id);
  });
}

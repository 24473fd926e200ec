import type { Db } from '../../database';
import { AppError, MAX_DETAILS } from '../../errors';
import { listActivations } from '../../models/licenses/activations';
import { presentActivation } from './present-license';

export function createLicenseNotFoundError(): AppError {
  return new AppError('NOT_FOUND', 'License not found.');
}

/** Names the devices that a license is in use on. */
export async function createLimitError(db: Db, licenseId: number): Promise<AppError> {
  const devices = (await listActivations(db, licenseId, MAX_DETAILS)).map(presentActivation);
  const details = devices.map(({ id, name, platform, lastSeenAt }) => ({
    path: 'fingerprint',
    message: `in use on ${name ?? platform ?? `device ${id}`}`,
    activationId: id,
    name,
    platform,
    lastSeenAt,
  }));
  return new AppError('ACTIVATION_LIMIT_REACHED', undefined, { details });
}

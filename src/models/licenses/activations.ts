import type { Db, Trx } from '../../database';
import { int4, query, statement } from '../statement';

export interface ActivationRow {
  id: number;
  fingerprint: string;
  name: string | null;
  platform: string | null;
  createdAt: Date;
  lastSeenAt: Date;
}

export interface Device {
  fingerprint: string;
  name?: string | null;
  platform?: string | null;
}

const COLUMNS = {
  id: 'id',
  fingerprint: 'fingerprint',
  name: 'name',
  platform: 'platform',
  createdAt: 'created_at',
  lastSeenAt: 'last_seen_at',
} as const;

export async function listActivations(db: Db, licenseId: number, limit?: number): Promise<ActivationRow[]> {
  const found = db('license_activations').where({ license_id: licenseId }).orderBy('id');
  if (limit !== undefined) void found.limit(limit);
  return found.select(COLUMNS);
}

/** Notes that a device was seen, with what it says of itself now. Returns it; undefined if it is not activated. */
export async function updateActivation(
  trx: Trx,
  licenseId: number,
  { fingerprint, name, platform }: Device,
): Promise<ActivationRow | undefined> {
  const [row] = await trx('license_activations')
    .where({ license_id: licenseId, fingerprint })
    .update({
      last_seen_at: trx.fn.now(),
      ...(name === undefined ? {} : { name }),
      ...(platform === undefined ? {} : { platform }),
    })
    .returning('id');
  return row && findActivation(trx, row.id);
}

export async function insertActivation(
  trx: Trx,
  licenseId: number,
  { fingerprint, name = null, platform = null }: Device,
): Promise<ActivationRow> {
  const [row] = await trx('license_activations')
    .insert({ license_id: licenseId, fingerprint, name, platform })
    .returning('id');
  return (await findActivation(trx, row!.id))!;
}

async function findActivation(db: Db, id: number): Promise<ActivationRow | undefined> {
  return db('license_activations').where({ id }).first(COLUMNS);
}

const SEEN = statement({
  name: 'licenses-device-seen',
  isPrepared: true,
  columns: { id: int4('a.id') },
  sql: (list) => `
  WITH seen AS (
    UPDATE license_activations
    SET last_seen_at = now()
    WHERE license_id = :licenseId AND fingerprint = :fingerprint AND last_seen_at < now() - interval '1 minute'
  )
  SELECT
    ${list}
  FROM license_activations a
  WHERE a.license_id = :licenseId AND a.fingerprint = :fingerprint`,
});

/** Returns whether a license is activated on a device, and notes that it was seen, at most once a minute. */
export async function touchActivation(db: Db, licenseId: number, fingerprint: string): Promise<boolean> {
  return (await query(db, SEEN, { licenseId, fingerprint })).length > 0;
}

/** Deletes the activation of a device. Returns whether there was one. */
export async function deleteActivationOfDevice(trx: Trx, licenseId: number, fingerprint: string): Promise<boolean> {
  return (await trx('license_activations').where({ license_id: licenseId, fingerprint }).delete()) > 0;
}

export async function deleteActivation(trx: Trx, id: number): Promise<void> {
  await trx('license_activations').where({ id }).delete();
}

/** Returns the license and the owner of an activation. */
export async function findActivationOwner(
  db: Db,
  id: number,
): Promise<{ licenseId: number; userId: number } | undefined> {
  const [row] = await query(db, OWNER, { id });
  return row;
}

const OWNER = statement({
  name: 'licenses-activation-owner',
  columns: { licenseId: int4('l.id'), userId: int4('l.user_id') },
  sql: (list) => `
  SELECT
    ${list}
  FROM license_activations a
  JOIN licenses l ON l.id = a.license_id
  WHERE a.id = :id`,
});

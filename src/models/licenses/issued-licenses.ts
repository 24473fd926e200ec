import type { Db, Trx } from '../../database';
import { bool, int2, int4, jsonb, neverNull, orNull, query, statement, text } from '../statement';

/** What a license product grants. */
export interface LicensePolicy {
  /** Null: forever. */
  durationDays: number | null;
  /** Null: any number of devices. */
  maxActivations: number | null;
  /** How long a certificate is valid without asking again; 0 for none. */
  offlineDays: number;
  entitlements: string[];
}

const POLICIES = statement({
  name: 'licenses-policies',
  columns: {
    productId: int4('p.id'),
    // Null: not a license product.
    policy: orNull(jsonb<Partial<LicensePolicy>>('p.license_policy')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM products p
  WHERE p.id = ANY (:ids)`,
});

/** Lists what these products grant; null for those that are not licenses. */
export async function listPolicies(db: Db, productIds: number[]) {
  return query(db, POLICIES, { ids: productIds });
}

export interface NewLicense {
  keyHash: Buffer;
  encryptedKey: Buffer;
  userId: number;
  productId: number;
  /** Null: given by an admin. */
  source: { orderId: number; position: number; unit: number } | null;
  maxActivations: number | null;
  offlineDays: number;
  entitlements: string[];
  expiresAt: Date | null;
}

const toRow = (license: NewLicense) => ({
  key_hash: license.keyHash,
  encrypted_key: license.encryptedKey,
  user_id: license.userId,
  product_id: license.productId,
  order_id: license.source?.orderId ?? null,
  order_item_position: license.source?.position ?? null,
  unit: license.source?.unit ?? null,
  max_activations: license.maxActivations,
  offline_days: license.offlineDays,
  entitlements: JSON.stringify(license.entitlements),
  expires_at: license.expiresAt,
});

/** Inserts licenses, each unit of an order item once. Returns the ids of the new ones. */
export async function insertLicenses(trx: Trx, licenses: NewLicense[]): Promise<number[]> {
  const rows = await trx('licenses').insert(licenses.map(toRow)).onConflict().ignore().returning('id');
  return rows.map(({ id }) => id);
}

const ISSUED = statement({
  name: 'licenses-issued-units',
  columns: { position: neverNull(int2('l.order_item_position')), unit: neverNull(int4('l.unit')) },
  sql: (list) => `
  SELECT
    ${list}
  FROM licenses l
  WHERE l.order_id = :orderId`,
});

/** Lists the units of an order that have their license. */
export async function listIssuedUnits(db: Db, orderId: number) {
  return query(db, ISSUED, { orderId });
}

const UNITS = statement({
  name: 'licenses-of-order',
  columns: {
    id: int4('l.id'),
    position: neverNull(int2('l.order_item_position')),
    unit: neverNull(int4('l.unit')),
    status: text<'active' | 'suspended' | 'revoked'>('l.status'),
    isActivated: bool('l.activated_at IS NOT NULL'),
    activationsCount: int4('l.activations_count'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM licenses l
  WHERE l.order_id = :orderId
  ORDER BY l.id`,
});

export async function listLicensesOfOrder(db: Db, orderId: number) {
  return query(db, UNITS, { orderId });
}

/** Locks the licenses of an order against activations and other changes. */
export async function lockLicensesOfOrder(trx: Trx, orderId: number): Promise<void> {
  await trx('licenses').where({ order_id: orderId }).orderBy('id').forNoKeyUpdate().select('id');
}

export async function updateRevoked(trx: Trx, ids: number[]): Promise<void> {
  await trx('licenses')
    .whereIn('id', ids)
    .update({ status: 'revoked', revoked_at: trx.fn.now(), suspended_by: null, suspended_at: null });
}

/** Suspends the active licenses of an order because of a dispute. Returns how many. */
export async function updateSuspendedByDispute(trx: Trx, orderId: number): Promise<number> {
  return trx('licenses')
    .where({ order_id: orderId, status: 'active' })
    .update({ status: 'suspended', suspended_by: 'dispute', suspended_at: trx.fn.now() });
}

/** Restores what a dispute has suspended. Returns how many. */
export async function updateRestored(trx: Trx, orderId: number): Promise<number> {
  return trx('licenses')
    .where({ order_id: orderId, suspended_by: 'dispute' })
    .update({ status: 'active', suspended_by: null, suspended_at: null });
}

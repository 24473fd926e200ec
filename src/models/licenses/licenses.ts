import type { Db, Trx } from '../../database';
import {
  bytea,
  int4,
  int8,
  jsonb,
  ms,
  orNull,
  query,
  queryPage,
  statement,
  statementFamily,
  text,
  type RowOf,
} from '../statement';

export const licenseStatuses = ['active', 'suspended', 'revoked', 'expired'] as const;
export type LicenseStatus = (typeof licenseStatuses)[number];

// Only the time ends a license, so no row says that it has expired.
const STATUS = "CASE WHEN l.status = 'active' AND l.expires_at <= now() THEN 'expired' ELSE l.status END";

const LICENSE = {
  id: int4('l.id'),
  userId: int4('l.user_id'),
  keyHash: bytea('l.key_hash'),
  encryptedKey: bytea('l.encrypted_key'),
  productId: int4('l.product_id'),
  productName: text('p.name'),
  orderId: orNull(int4('l.order_id')),
  status: text<LicenseStatus>(STATUS),
  maxActivations: orNull(int4('l.max_activations')),
  activationsCount: int4('l.activations_count'),
  /** In milliseconds since the epoch, like all times here. */
  expiresAt: orNull(ms('l.expires_at')),
  offlineDays: int4('l.offline_days'),
  entitlements: jsonb<string[]>('l.entitlements'),
  createdAt: ms('l.created_at'),
};

export type LicenseRow = RowOf<typeof LICENSE>;

const FROM = `FROM licenses l
  JOIN products p ON p.id = l.product_id`;

const FIND = statement({
  name: 'licenses-find',
  columns: LICENSE,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE l.id = :id`,
});

export async function findLicense(db: Db, id: number): Promise<LicenseRow | undefined> {
  return (await query(db, FIND, { id }))[0];
}

const FIND_BY_KEY = statement({
  name: 'licenses-find-by-key',
  isPrepared: true,
  columns: LICENSE,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE l.key_hash = :keyHash`,
});

/** Finds a license by the keyed hash of its key, so that how long it takes says nothing about any key. */
export async function findLicenseByKey(db: Db, keyHash: Buffer): Promise<LicenseRow | undefined> {
  return (await query(db, FIND_BY_KEY, { keyHash }))[0];
}

const LOCK_BY_KEY = statement({
  name: 'licenses-lock-by-key',
  columns: {},
  sql: () => 'SELECT FROM licenses WHERE key_hash = :keyHash FOR NO KEY UPDATE',
});

/** Locks a license against other activations and changes, then reads it. */
export async function lockLicenseByKey(trx: Trx, keyHash: Buffer): Promise<LicenseRow | undefined> {
  // Locked first and read afterwards, because a single statement that waits for the lock would see it as it was before.
  await query(trx, LOCK_BY_KEY, { keyHash });
  return findLicenseByKey(trx, keyHash);
}

/** Locks a license against activations and other changes. */
export async function lockLicense(trx: Trx, id: number): Promise<LicenseRow | undefined> {
  await trx('licenses').where({ id }).forNoKeyUpdate().first('id');
  return findLicense(trx, id);
}

const LIST_BY_IDS = statement({
  name: 'licenses-list-by-ids',
  columns: LICENSE,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE l.id = ANY (:ids)
  ORDER BY l.id`,
});

export async function listLicensesByIds(db: Db, ids: number[]): Promise<LicenseRow[]> {
  return query(db, LIST_BY_IDS, { ids });
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

export interface LicenseFilter {
  userId?: number;
  productId?: number;
  orderId?: number;
  status?: LicenseStatus;
  keyHash?: Buffer;
  limit: number;
  offset: number;
}

type ListForm = Omit<LicenseFilter, 'limit' | 'offset'>;

function toConditions({ userId, productId, orderId, status, keyHash }: ListForm): string {
  const conditions = [
    'true',
    userId !== undefined && 'l.user_id = :userId',
    productId !== undefined && 'l.product_id = :productId',
    orderId !== undefined && 'l.order_id = :orderId',
    status && `${STATUS} = :status`,
    keyHash && 'l.key_hash = :keyHash',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

const LIST_FORMS: ListForm[] = [
  {},
  { userId: 1, productId: 1, orderId: 1, status: 'active', keyHash: Buffer.alloc(32) },
];

const LIST = statementFamily({
  name: 'licenses-list',
  columns: LICENSE,
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  ${FROM}
  WHERE ${toConditions(form)}
  ORDER BY l.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'licenses-count',
  columns: { total: int8('count(*)') },
  examples: LIST_FORMS,
  sql: (list, form: ListForm) =>
    `SELECT ${list} FROM (SELECT 1 FROM licenses l WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

/** Returns a page, newest first, with the total. */
export async function listLicenses(db: Db, filter: LicenseFilter): Promise<{ rows: LicenseRow[]; total: number }> {
  return queryPage(db, { list: LIST(filter), count: COUNT(filter) }, { ...filter });
}

interface NewKey {
  keyHash: Buffer;
  encryptedKey: Buffer;
}

export async function updateLicenseKey(trx: Trx, id: number, { keyHash, encryptedKey }: NewKey): Promise<void> {
  await trx('licenses')
    .where({ id })
    .update({ key_hash: keyHash, encrypted_key: encryptedKey, rotated_at: trx.fn.now() });
}

export interface LicenseChanges {
  status?: 'active' | 'suspended' | 'revoked';
  maxActivations?: number | null;
  expiresAt?: Date | null;
}

export async function updateLicense(trx: Trx, id: number, changes: LicenseChanges): Promise<void> {
  const { status, maxActivations, expiresAt } = changes;
  const statusColumns = status && {
    status,
    suspended_by: status === 'suspended' ? ('admin' as const) : null,
    suspended_at: status === 'suspended' ? trx.fn.now() : null,
    revoked_at: status === 'revoked' ? trx.fn.now() : null,
  };
  await trx('licenses')
    .where({ id })
    .update({
      ...statusColumns,
      ...(maxActivations === undefined ? {} : { max_activations: maxActivations }),
      ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    });
}

import type { Db, Trx } from '../database';
import type { Column } from '../database/query';
import type { Address } from '../lib/address';
import { toColumns } from './columns';

/** A saved address as its owner writes it. */
export interface AddressValues extends Address {
  /** At most one address of a user is the default. */
  isDefault: boolean;
}

export interface AddressRow extends AddressValues {
  id: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = {
  name: 'name',
  company: 'company',
  line1: 'line1',
  line2: 'line2',
  city: 'city',
  postalCode: 'postal_code',
  region: 'region',
  country: 'country',
  phone: 'phone',
  isDefault: 'is_default',
} as const satisfies Record<keyof AddressValues, Column<'addresses'>>;

const SELECTED = { ...COLUMNS, id: 'id', createdAt: 'created_at', updatedAt: 'updated_at' } as const;

/** Lists a user's addresses, the default first, then the newest. There are at most 20. */
export async function listAddresses(db: Db, userId: number): Promise<AddressRow[]> {
  return db('addresses')
    .where({ user_id: userId })
    .orderBy('is_default', 'desc')
    .orderBy('id', 'desc')
    .select(SELECTED);
}

export async function findAddress(db: Db, owner: { userId: number; id: number }): Promise<AddressRow | undefined> {
  return db('addresses').where({ id: owner.id, user_id: owner.userId }).first(SELECTED);
}

/** Ends that any of the user's addresses is the default. */
export async function clearDefaultAddress(trx: Trx, userId: number): Promise<void> {
  await trx('addresses')
    .where({ user_id: userId, is_default: true })
    .update({ is_default: false, updated_at: trx.fn.now() });
}

export async function insertAddress(trx: Trx, userId: number, values: AddressValues): Promise<AddressRow> {
  const [row] = await trx('addresses')
    .insert({ ...toColumns(COLUMNS, values), user_id: userId })
    .returning(SELECTED);
  return row!;
}

export async function updateAddress(trx: Trx, id: number, values: Partial<AddressValues>): Promise<AddressRow> {
  const [row] = await trx('addresses')
    .where({ id })
    .update({ ...toColumns(COLUMNS, values), updated_at: trx.fn.now() })
    .returning(SELECTED);
  return row!;
}

export async function deleteAddress(trx: Trx, id: number): Promise<void> {
  await trx('addresses').where({ id }).delete();
}

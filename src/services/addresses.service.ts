import { database, runInTransaction, type Db } from '../database';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { toPage } from '../lib/paging';
import {
  clearDefaultAddress,
  deleteAddress as deleteRow,
  findAddress,
  insertAddress,
  listAddresses as listRows,
  updateAddress as updateRow,
  type AddressRow,
  type AddressValues,
} from '../models/addresses.model';
import { runOnce } from './idempotency.service';
import { lockAccountById } from './users/accounts';

/** The most addresses that a user can save. */
export const MAX_ADDRESSES = 20;

export type { AddressRow, AddressValues } from '../models/addresses.model';

/** A new address; the first one is the default unless it says otherwise. */
export interface NewAddress extends Omit<AddressValues, 'isDefault'> {
  isDefault?: boolean;
}

/** Read: returns one of the user's addresses. @throws AppError NOT_FOUND */
export async function getAddressOf(db: Db, owner: { userId: number; id: number }): Promise<AddressRow> {
  const address = await findAddress(db, owner);
  if (!address) throw new AppError('NOT_FOUND', 'Address not found.');
  return address;
}

/** Read: returns the address that a user's orders go to by default, if there is one. */
export async function findDefaultAddress(db: Db, userId: number): Promise<AddressRow | undefined> {
  const [first] = await listRows(db, userId);
  return first?.isDefault ? first : undefined;
}

/** Lists the caller's addresses, the default first, then the newest. */
export async function listAddresses({ userId }: Actor, { page, limit }: { page: number; limit: number }) {
  const addresses = await listRows(database, userId);
  return toPage(addresses.slice((page - 1) * limit, page * limit), { page, limit }, { total: addresses.length });
}

/** @throws AppError NOT_FOUND, also for an address of somebody else */
export async function getAddress({ userId }: Actor, id: number): Promise<AddressRow> {
  return getAddressOf(database, { userId, id });
}

/** Saves an address. @throws AppError QUANTITY_LIMIT */
export async function createAddress(actor: Actor, input: NewAddress): Promise<AddressRow> {
  const { userId } = actor;
  return runOnce(actor, async (trx) => {
    // Locked, so that concurrent requests respect the limit together and leave one default.
    await lockAccountById(trx, userId);
    const others = await listRows(trx, userId);
    if (others.length >= MAX_ADDRESSES)
      throw new AppError('QUANTITY_LIMIT', `You can save at most ${MAX_ADDRESSES} addresses.`, {
        details: [{ path: '', message: `at most ${MAX_ADDRESSES} addresses`, limit: MAX_ADDRESSES }],
      });
    const isDefault = input.isDefault ?? others.length === 0;
    if (isDefault) await clearDefaultAddress(trx, userId);
    return insertAddress(trx, userId, { ...input, isDefault });
  });
}

/** Changes an address; orders keep the copy that they were made with. @throws AppError NOT_FOUND */
export async function updateAddress(
  { userId }: Actor,
  id: number,
  changes: Partial<AddressValues>,
): Promise<AddressRow> {
  return runInTransaction(async (trx) => {
    await lockAccountById(trx, userId);
    await getAddressOf(trx, { userId, id });
    if (changes.isDefault) await clearDefaultAddress(trx, userId);
    // An empty string clears the field.
    const entries = Object.entries(changes).map(([field, value]) => [field, value === '' ? null : value]);
    return updateRow(trx, id, Object.fromEntries(entries) as Partial<AddressValues>);
  });
}

/** @throws AppError NOT_FOUND */
export async function deleteAddress({ userId }: Actor, id: number): Promise<void> {
  await runInTransaction(async (trx) => {
    await lockAccountById(trx, userId);
    await getAddressOf(trx, { userId, id });
    await deleteRow(trx, id);
  });
}

import type { Db } from '../database';

interface Unsubscribed {
  addressHash: Buffer;
  kind: string;
}

export async function insertUnsubscribed(db: Db, { addressHash, kind }: Unsubscribed): Promise<void> {
  await db('unsubscribed_addresses').insert({ address_hash: addressHash, kind }).onConflict().ignore();
}

export async function isUnsubscribed(db: Db, { addressHash, kind }: Unsubscribed): Promise<boolean> {
  return (await db('unsubscribed_addresses').where({ address_hash: addressHash, kind }).first('kind')) !== undefined;
}

/** Returns those of the address hashes that have unsubscribed from a kind of mail. */
export async function listUnsubscribed(db: Db, kind: string, addressHashes: Buffer[]): Promise<Buffer[]> {
  return db('unsubscribed_addresses').where({ kind }).whereIn('address_hash', addressHashes).pluck('address_hash');
}

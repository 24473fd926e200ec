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

import type { Db } from '../../database';

export interface TicketKeyRow {
  id: number;
  /** 32 bytes. */
  publicKey: Buffer;
  createdAt: Date;
  revokedAt: Date | null;
}

export async function listTicketKeys(db: Db): Promise<TicketKeyRow[]> {
  return db('ticket_keys')
    .orderBy('id')
    .select({ id: 'id', publicKey: 'public_key', createdAt: 'created_at', revokedAt: 'revoked_at' });
}

/** Inserts a key unless its id exists; another process with the same secret has then derived the same key. */
export async function insertTicketKey(
  db: Db,
  { id, publicKey }: Pick<TicketKeyRow, 'id' | 'publicKey'>,
): Promise<void> {
  await db('ticket_keys').insert({ id, public_key: publicKey }).onConflict('id').ignore();
}

/** Revokes a key. Returns whether it was active. */
export async function updateTicketKeyRevoked(db: Db, id: number): Promise<boolean> {
  const count = await db('ticket_keys').where({ id, revoked_at: null }).update({ revoked_at: db.fn.now() });
  return count > 0;
}

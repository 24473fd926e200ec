import type { Knex } from 'knex';
import { parseAddress } from '../lib/email-address';
import { logger } from '../logger';

interface Account {
  id: number;
  email: string;
}

/** Normalizes the address of an account and of the tickets it holds. @returns false if another account has that address */
async function respell(db: Knex, { id, email }: Account, address: string): Promise<boolean> {
  const { rowCount } = await db.raw<{ rowCount: number }>(
    `UPDATE users SET email = :address, updated_at = now()
     WHERE id = :id AND NOT EXISTS (SELECT FROM users other WHERE lower(other.email) = :address)`,
    { id, address },
  );
  if (rowCount === 0) return false;
  await db.raw('UPDATE tickets SET attendee_email = :address WHERE lower(attendee_email) = lower(:email)', {
    address,
    email,
  });
  return true;
}

/**
 * Normalizes addresses that were stored before addresses were normalized, because sign-in looks up the normalized form.
 * If another account already has the normalized address, both stay as they are.
 */
export async function spellOldAddresses(db: Knex): Promise<void> {
  const { rows: tables } = await db.raw<{ rows: object[] }>("SELECT FROM to_regclass('tickets') t WHERE t IS NOT NULL");
  if (tables.length === 0) return;
  const { rows } = await db.raw<{ rows: Account[] }>(
    'SELECT id, email FROM users WHERE octet_length(email) <> char_length(email) ORDER BY id',
  );
  for (const account of rows) {
    const parsed = parseAddress(account.email);
    if ('problem' in parsed || parsed.address === account.email) continue;
    if (!(await respell(db, account, parsed.address)))
      logger.warn(
        { userId: account.id },
        'Another account has the address of this one in its usual spelling: nobody can sign in to this one until its address is changed',
      );
  }
}

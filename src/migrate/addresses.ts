import type { Knex } from 'knex';
import { parseAddress } from '../lib/email-address';
import { logger } from '../logger';

interface Account {
  id: number;
  email: string;
}

/** Gives an account its address in the one spelling, and the tickets that it holds under it. @returns whether that address was free */
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
 * Brings addresses that were taken before there was one spelling of each into it: whoever signs in is looked for by that.
 * Where another account has it already, both stay as they are.
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

import type { Db, Trx } from '../database';

/** The seller's details on an organizer's invoices. */
export interface BillingProfile {
  name: string | null;
  address: string | null;
  vatId: string | null;
  email: string | null;
}

export async function findBillingProfile(db: Db, userId: number): Promise<BillingProfile | undefined> {
  return db('billing_profiles')
    .where({ user_id: userId })
    .first({ name: 'name', address: 'address', vatId: 'vat_id', email: 'email' });
}

export async function saveBillingProfile(
  trx: Trx,
  userId: number,
  { name, address, vatId, email }: BillingProfile,
): Promise<void> {
  await trx('billing_profiles')
    .insert({ user_id: userId, name, address, vat_id: vatId, email, updated_at: trx.fn.now() })
    .onConflict('user_id')
    .merge();
}

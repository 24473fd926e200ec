import { granted, holding } from './credits';
import { activated, issued } from './licenses';
import type { Sold } from './orders';

/** Sets credits aside for an unpaid order, and issues licenses, one of which is in use. */
export async function fillCredits({ owner, orderId }: Pick<Sold, 'owner' | 'orderId'>): Promise<void> {
  await granted(owner, '10.00');
  await holding(owner, '4.00', orderId);
  const { licenses } = await issued({ maxActivations: 1 });
  await activated(licenses[0]!.key, 1);
}

/** For each invariant of credits and licenses, a statement that breaks it. */
export const creditCorruptions: Record<string, string> = {
  'a balance of credits is the sum of its entries': 'UPDATE credit_balances SET balance = balance + 1',
  'a balance of credits is the sum of its lots': 'UPDATE credit_lots SET remaining = 0',
  'what is held of a balance is what its orders hold': `UPDATE credit_holds SET status = 'released', released_at = now() WHERE status = 'held'`,
  'a hold is the sum of what it took from lots': 'UPDATE credit_holds SET amount = amount + 1',
  'a lot is what is left of it, what was taken from it, and what was removed':
    'UPDATE credit_lots SET removed = removed + 0.01',
  'what comes in with an entry is in its lots': `UPDATE credit_entries SET kind = 'adjust' WHERE kind = 'grant'`,
  'what is held or spent has its entries': `UPDATE credit_entries SET order_id = NULL WHERE kind = 'spend'`,
  'credits that come or go without a payment are in the ledger': 'UPDATE ledger_entries SET credit_entry_id = NULL',
  'the credits that are owed are in the ledger': `UPDATE ledger_entries SET account = 'provider:stripe' WHERE account = 'provider:credits'`,
  'the activations of a license are counted': 'UPDATE licenses SET activations_count = activations_count + 1',
  'no license is in use on more devices than it allows': `INSERT INTO license_activations (license_id, fingerprint) SELECT max(license_id), 'another' FROM license_activations`,
  'a unit of a license that is paid for has its license, and no other unit has one': `UPDATE licenses SET order_item_position = 2 WHERE unit = 2`,
  'the credits that a paid order bought have come in, and no others': `UPDATE credit_entries SET kind = 'purchase', order_id = (SELECT min(id) FROM orders) WHERE kind = 'grant'`,
  'a license in use says since when': 'UPDATE licenses SET activated_at = NULL',
  'a license that was bought is of a unit of its order, and of whoever bought it': `UPDATE licenses SET unit = 3 WHERE unit = 2`,
  'a unit has one license': `
    ALTER TABLE licenses DROP CONSTRAINT licenses_unit_key;
    UPDATE licenses SET unit = 1 WHERE unit = 2`,
  'the owner of a license is told of it once': `DELETE FROM outbox_messages WHERE topic = 'license.issued'`,
};

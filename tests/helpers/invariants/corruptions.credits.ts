import { aProduct, ordered } from '../checkout';
import { granted, holding } from '../credits';
import { activated, issued } from '../licenses';
import { theOrganizer } from '../bookings';
import { aPaidOrder, refunding, type Sold } from '../orders';

/** Sets credits aside for an unpaid order, pays another one with them, and issues licenses, one of which is in use. */
export async function fillCredits({ owner, orderId }: Pick<Sold, 'owner' | 'orderId'>): Promise<void> {
  await granted(owner, '10.00');
  await holding(owner, '4.00', orderId);
  const productId = await aProduct({ currency: 'EUR', price: '5.00' });
  const { id } = await ordered(owner, [{ productId }], { paymentMethod: 'credits' });
  await refunding(await theOrganizer(), id, { amount: '1.00' }).expect(200);
  const paidWithMoney = await aPaidOrder();
  await refunding(await theOrganizer(), paidWithMoney.orderId, { amount: '2.00', to: 'credits' }).expect(200);
  const { licenses } = await issued({ maxActivations: 1 });
  await activated(licenses[0]!.key, 1);
}

/** For each invariant of credits and licenses, a statement that breaks it. */
export const creditCorruptions: Record<string, string> = {
  'a credit balance equals the sum of its entries': 'UPDATE credit_balances SET balance = balance + 1',
  'a credit balance equals the sum of its lots': 'UPDATE credit_lots SET remaining = 0',
  'the held part of a credit balance equals the holds of its orders': `UPDATE credit_holds SET status = 'released', released_at = now() WHERE status = 'held'`,
  'a credit hold equals the sum of its parts from lots': 'UPDATE credit_holds SET amount = amount + 1',
  'a credit lot’s remaining, used and removed amounts add up to its amount':
    'UPDATE credit_lots SET removed = removed + 0.01',
  'a credit entry that adds credits has lots of that amount': `UPDATE credit_entries SET kind = 'release' WHERE kind = 'grant'`,
  'held and spent credits have matching entries': `UPDATE credit_entries SET order_id = NULL WHERE kind = 'spend'`,
  'credits granted, expired or removed without a payment are in the ledger':
    'UPDATE ledger_entries SET credit_entry_id = NULL',
  'the ledger’s liability for credits equals the balances': `UPDATE ledger_entries SET account = 'provider:stripe' WHERE account = 'provider:credits'`,
  'the credits of a checkout are held, spent or released with it': `UPDATE orders SET credits_applied = 0.01 WHERE request_id IS NOT NULL`,
  'the status of an order paid with credits alone matches how much of them was refunded': `UPDATE orders SET status = 'refunded' WHERE credits_applied = total AND total > 0`,
  'a license’s activation counter equals its activations':
    'UPDATE licenses SET activations_count = activations_count + 1',
  'no license has more activations than it allows': `INSERT INTO license_activations (license_id, fingerprint) SELECT max(license_id), 'another' FROM license_activations`,
  'every paid unit of a license product has one license, and no unpaid unit has any': `UPDATE licenses SET order_item_position = 2 WHERE unit = 2`,
  'credits bought with an order are added when it is paid, and not before': `UPDATE credit_entries SET kind = 'purchase', order_id = (SELECT min(id) FROM orders) WHERE kind = 'grant'`,
  'a license with activations has the time of its first activation': 'UPDATE licenses SET activated_at = NULL',
  'a bought license belongs to a unit of its order and to the customer of that order': `UPDATE licenses SET unit = 3 WHERE unit = 2`,
  'no unit of an order item has two licenses': `
    ALTER TABLE licenses DROP CONSTRAINT licenses_unit_key;
    UPDATE licenses SET unit = 1 WHERE unit = 2`,
  'a license has one message to its owner': `DELETE FROM outbox_messages WHERE topic = 'license.issued'`,
};

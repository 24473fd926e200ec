import Big from 'big.js';
import { database } from '../database';
import { provider, providerNames } from '../integrations/payments';
import { logger } from '../logger';
import { listPaymentsToReconcile, updateDiscrepancy, type ReconcileRow } from '../models/payments.reconcile.model';

const DAYS = 7;
const CHUNK = 100;

/** What ledger, order and provider say differently about a payment; undefined where they agree. */
async function differenceOf(row: ReconcileRow): Promise<string | undefined> {
  const { captured, refunded, booked, sent, currency } = row;
  const kept = new Big(captured).minus(sent);
  if (!kept.eq(booked)) return `The ledger has ${booked} ${currency}, the payment ${kept.toFixed(3)}.`;
  if (!row.isOrderRight) return 'Its order neither keeps this payment nor has given it back.';
  if (!providerNames().includes(row.provider)) return undefined;
  const state = await provider(row.provider).findState(row.intentId);
  if (!new Big(state.captured).eq(captured)) return `The provider has captured ${state.captured}, we ${captured}.`;
  return new Big(state.refunded).gt(refunded) || new Big(state.refunded).lt(sent)
    ? `The provider has refunded ${state.refunded}, we ${sent} of ${refunded}.`
    : undefined;
}

/** Compares the last days' payments with ledger, orders and providers, and raises what differs. Returns how many do. */
export async function reconcilePayments(): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const rows = await listPaymentsToReconcile(database, { days: DAYS, after, limit: CHUNK });
    for (const row of rows) {
      const difference = (await differenceOf(row)) ?? null;
      await updateDiscrepancy(database, row.id, difference);
      if (difference === null) continue;
      count += 1;
      logger.error({ paymentId: row.id, provider: row.provider }, `Books differ: ${difference}`);
    }
    if (rows.length < CHUNK) return count;
    after = rows[rows.length - 1]!.id;
  }
}

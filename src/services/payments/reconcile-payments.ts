import Big from 'big.js';
import { database } from '../../database';
import { getProvider, listProviderNames } from '../../integrations/payments';
import { logger } from '../../logger';
import { describeWrongAmount } from './discrepancies';
import { syncPayment } from './sync-payment';
import { listPaymentsToReconcile, updateDiscrepancy, type ReconcileRow } from '../../models/payments/reconciliation';

const RECONCILED_DAYS = 7;
const RECONCILE_CHUNK_SIZE = 100;

/** What our own books say differently. */
function findLedgerDifference(row: ReconcileRow): string | undefined {
  const { captured, refunded, booked, disputed, sent, currency } = row;
  const taken = row.isDisputed ? new Big(captured).minus(refunded) : new Big(0);
  if (!taken.eq(disputed))
    return `The ledger has ${disputed} ${currency} as disputed, the payment ${taken.toFixed(3)}.`;
  const kept = new Big(captured).minus(sent).minus(taken);
  if (!kept.eq(booked)) return `The ledger has ${booked} ${currency}, the payment ${kept.toFixed(3)}.`;
  return row.isOrderRight ? undefined : 'Its order neither keeps this payment nor has given it back.';
}

/** What the provider says differently. What only it can know is taken over, so that the next comparison finds nothing. */
async function findProviderDifference(row: ReconcileRow): Promise<string | undefined> {
  const { id, captured, refunded, sent } = row;
  if (!listProviderNames().includes(row.provider)) return undefined;
  const state = await getProvider(row.provider).findState(row.intentId);
  if (!new Big(state.captured).eq(captured)) return `The provider has captured ${state.captured}, we ${captured}.`;
  const isDisputed = state.isDisputed ?? row.isDisputed;
  const isRefundedThere = new Big(state.refunded).gt(refunded);
  if (isDisputed !== row.isDisputed || isRefundedThere) await syncPayment(id);
  if (isDisputed !== row.isDisputed) return `The provider says ${isDisputed ? '' : 'no longer '}disputed: taken over.`;
  return isRefundedThere || new Big(state.refunded).lt(sent)
    ? `The provider has refunded ${state.refunded}, we ${sent} of ${refunded}.`
    : undefined;
}

/** What ledger, order and provider say differently about a payment; undefined where they agree, or the provider is away. */
async function findDifference(row: ReconcileRow): Promise<string | undefined> {
  const difference = describeWrongAmount(row, row.askedCurrency) ?? findLedgerDifference(row);
  if (difference !== undefined) return difference;
  return findProviderDifference(row).catch((error: Error) => {
    logger.warn({ err: error, paymentId: row.id }, 'A payment is not compared with its provider');
    return row.discrepancy ?? undefined;
  });
}

/** Compares the last days' payments with ledger, orders and providers, and raises what differs. Returns how many do. */
export async function reconcilePayments(): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const rows = await listPaymentsToReconcile(database, { days: RECONCILED_DAYS, after, limit: RECONCILE_CHUNK_SIZE });
    for (const row of rows) {
      const difference = (await findDifference(row)) ?? null;
      if (difference !== null) count += 1;
      if (difference === row.discrepancy) continue;
      await updateDiscrepancy(database, row.id, difference);
      if (difference !== null)
        logger.error({ paymentId: row.id, provider: row.provider }, `Books differ: ${difference}`);
    }
    if (rows.length < RECONCILE_CHUNK_SIZE) return count;
    after = rows[rows.length - 1]!.id;
  }
}

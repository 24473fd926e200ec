import Big from 'big.js';
import { database } from '../../database';
import { getProvider, listProviderNames } from '../../integrations/payments';
import { logger } from '../../logger';
import { describeWrongAmount } from './discrepancies';
import { syncPayment } from './sync-payment';
import { listPaymentsToReconcile, updateDiscrepancy, type ReconcileRow } from '../../models/payments/reconciliation';

const RECONCILED_DAYS = 7;
const RECONCILE_CHUNK_SIZE = 100;

/** Describes how ledger and order differ from a payment; undefined if they agree. */
function findLedgerMismatch(row: ReconcileRow): string | undefined {
  const { captured, refunded, refundedToCredits, posted, disputed, sent, currency } = row;
  const taken = row.isDisputed ? new Big(captured).minus(refunded).plus(refundedToCredits) : new Big(0);
  if (!taken.eq(disputed))
    return `The ledger shows ${disputed} ${currency} as disputed, the payment ${taken.toFixed(3)}.`;
  const kept = new Big(captured).minus(sent).minus(taken);
  if (!kept.eq(posted)) return `The ledger shows ${posted} ${currency}, the payment ${kept.toFixed(3)}.`;
  return row.isOrderConsistent ? undefined : 'The order neither uses this payment nor has refunded it.';
}

/** Describes how the provider differs from a payment. Refunds and disputes are synced, so that the next comparison agrees. */
async function findProviderMismatch(row: ReconcileRow): Promise<string | undefined> {
  const { id, captured, sent } = row;
  const refunded = new Big(row.refunded).minus(row.refundedToCredits).toFixed(3);
  if (!listProviderNames().includes(row.provider)) return undefined;
  const state = await getProvider(row.provider).findState(row.intentId);
  if (!new Big(state.captured).eq(captured))
    return `The provider shows ${state.captured} as captured, the payment ${captured}.`;
  const isDisputed = state.isDisputed ?? row.isDisputed;
  const isRefundedThere = new Big(state.refunded).gt(refunded);
  if (isDisputed !== row.isDisputed || isRefundedThere) await syncPayment(id);
  if (isDisputed !== row.isDisputed)
    return `The provider reports the payment as ${isDisputed ? '' : 'no longer '}disputed; this was synced.`;
  return isRefundedThere || new Big(state.refunded).lt(sent)
    ? `The provider shows ${state.refunded} as refunded, the payment ${sent} of ${refunded}.`
    : undefined;
}

/** Describes how ledger, order and provider differ from a payment; undefined if they agree. If the provider is unavailable, keeps the previous result. */
async function findMismatch(row: ReconcileRow): Promise<string | undefined> {
  const mismatch = describeWrongAmount(row, row.orderCurrency) ?? findLedgerMismatch(row);
  if (mismatch !== undefined) return mismatch;
  return findProviderMismatch(row).catch((error: Error) => {
    logger.warn({ err: error, paymentId: row.id }, 'A payment could not be compared with its provider');
    return row.discrepancy ?? undefined;
  });
}

/** Compares recent payments with ledger, orders and providers, and reports mismatches. Returns how many it found. */
export async function reconcilePayments(): Promise<number> {
  let count = 0;
  for (let after = 0; ;) {
    const rows = await listPaymentsToReconcile(database, { days: RECONCILED_DAYS, after, limit: RECONCILE_CHUNK_SIZE });
    for (const row of rows) {
      const mismatch = (await findMismatch(row)) ?? null;
      if (mismatch !== null) count += 1;
      if (mismatch === row.discrepancy) continue;
      await updateDiscrepancy(database, row.id, mismatch);
      if (mismatch !== null)
        logger.error({ paymentId: row.id, provider: row.provider }, `Reconciliation mismatch: ${mismatch}`);
    }
    if (rows.length < RECONCILE_CHUNK_SIZE) return count;
    after = rows[rows.length - 1]!.id;
  }
}

import Big from 'big.js';
import type { Trx } from '../../database';
import { getDecimals } from '../../lib/money/money';
import type { OrderRow } from '../../models/orders/orders';
import {
  insertLedgerTransaction,
  listRefundLines,
  sumDisputed,
  sumTaxRefunded,
  type LedgerTransaction,
} from '../../models/payments/ledger';
import type { PaymentRow } from '../../models/payments/payments';
import type { RefundRow } from '../../models/payments/refunds';

/** Returns whether the captured amount equals the order total. Other amounts and currencies are posted without tax. */
function isFullAmount({ total, currency }: OrderRow, payment: { captured: string; currency: string }): boolean {
  return payment.currency === currency && new Big(payment.captured).eq(total);
}

const negate = (amount: string | Big): string => new Big(amount).times(-1).toFixed();

interface PostedPayment {
  order: OrderRow;
  payment: PaymentRow;
}

function getReferences({
  order,
  payment,
}: PostedPayment): Pick<LedgerTransaction, 'currency' | 'orderId' | 'paymentId'> {
  return { currency: payment.currency, orderId: order.id, paymentId: payment.id };
}

/** Step: posts a captured amount. `payment` is the state after the capture. */
export async function postCapture(trx: Trx, { order, payment }: PostedPayment, amount: string): Promise<void> {
  const tax = isFullAmount(order, payment) ? order.tax : '0';
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'capture',
    refundId: null,
    lines: [
      { account: `provider:${payment.provider}`, amount },
      { account: 'sales', amount: negate(new Big(amount).minus(tax)) },
      { account: 'tax', amount: negate(tax) },
    ],
  });
}

/** Step: posts a refund owed to the customer. `payment` is the state before the refund. */
export async function postRefund(trx: Trx, { order, payment }: PostedPayment, refund: RefundRow): Promise<void> {
  const after = new Big(payment.refunded).plus(refund.amount);
  // The tax on the total refunded, rounded once, less the tax of earlier refunds.
  const taxAfter = isFullAmount(order, payment)
    ? new Big(order.tax).times(after).div(order.total).round(getDecimals(order.currency), Big.roundHalfUp)
    : new Big(0);
  const tax = taxAfter.minus(await sumTaxRefunded(trx, payment.id));
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund',
    refundId: refund.id,
    lines: [
      { account: 'sales', amount: new Big(refund.amount).minus(tax).toFixed() },
      { account: 'tax', amount: tax.toFixed() },
      { account: 'refunds_due', amount: negate(refund.amount) },
    ],
  });
}

/** Step: posts that a refund was paid out. */
export async function postRefundPaid(trx: Trx, { order, payment }: PostedPayment, refund: RefundRow): Promise<void> {
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund_paid',
    refundId: refund.id,
    lines: [
      { account: 'refunds_due', amount: refund.amount },
      { account: `provider:${payment.provider}`, amount: negate(refund.amount) },
    ],
  });
}

/** Step: reverses the entries of a refund that failed. */
export async function postRefundFailed(trx: Trx, { order, payment }: PostedPayment, refund: RefundRow): Promise<void> {
  const lines = await listRefundLines(trx, refund.id);
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund_failed',
    refundId: refund.id,
    lines: lines.map(({ account, amount }) => ({ account, amount: negate(amount) })),
  });
}

/** Step: posts what a bank has charged back, or returned after a won dispute. `payment` is the current state. */
export async function postDispute(trx: Trx, { order, payment }: PostedPayment): Promise<void> {
  const taken = payment.isDisputed ? new Big(payment.captured).minus(payment.refunded) : new Big(0);
  const change = taken.minus(await sumDisputed(trx, payment.id));
  if (change.eq(0)) return;
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: change.gt(0) ? 'dispute' : 'dispute_reversed',
    refundId: null,
    lines: [
      { account: 'disputes', amount: change.toFixed() },
      { account: `provider:${payment.provider}`, amount: negate(change) },
    ],
  });
}

export interface CreditPosting {
  kind: 'credit_purchase' | 'credit_grant' | 'credit_expire' | 'credit_adjust';
  entryId: number;
  orderId: number | null;
  currency: string;
  /** What the credits came from or go to: `sales` if they were bought, `promotions` if they were given. */
  account: 'sales' | 'promotions';
  /** Negative for credits that go. */
  amount: string;
}

/** Step: posts credits that come in or go without a payment. What they pay for is posted as any other payment, by `provider:credits`. */
export async function postCredits(
  trx: Trx,
  { kind, entryId, orderId, currency, account, amount }: CreditPosting,
): Promise<void> {
  await insertLedgerTransaction(trx, {
    kind,
    currency,
    orderId,
    paymentId: null,
    refundId: null,
    creditEntryId: entryId,
    lines: [
      { account, amount },
      { account: 'provider:credits', amount: negate(amount) },
    ],
  });
}

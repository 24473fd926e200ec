import Big from 'big.js';
import type { Trx } from '../database';
import { currencyDecimals } from '../lib/money';
import type { OrderRow } from '../models/orders.model';
import {
  insertLedgerTransaction,
  listRefundLines,
  sumDisputed,
  sumTaxRefunded,
  type LedgerTransaction,
} from '../models/payments.ledger.model';
import type { PaymentRow } from '../models/payments.model';
import type { RefundRow } from '../models/payments.refunds.model';

/** Whether what was captured is what the order costs; another amount or currency carries no tax of ours. */
function isWhole({ total, currency }: OrderRow, payment: { captured: string; currency: string }): boolean {
  return payment.currency === currency && new Big(payment.captured).eq(total);
}

const minus = (amount: string | Big): string => new Big(amount).times(-1).toFixed();

interface Booked {
  order: OrderRow;
  payment: PaymentRow;
}

function about({ order, payment }: Booked): Pick<LedgerTransaction, 'currency' | 'orderId' | 'paymentId'> {
  return { currency: payment.currency, orderId: order.id, paymentId: payment.id };
}

/** Step: money has come in; `payment` is as it is with it. */
export async function bookCapture(trx: Trx, { order, payment }: Booked, amount: string): Promise<void> {
  const tax = isWhole(order, payment) ? order.tax : '0';
  await insertLedgerTransaction(trx, {
    ...about({ order, payment }),
    kind: 'capture',
    refundId: null,
    lines: [
      { account: `provider:${payment.provider}`, amount },
      { account: 'sales', amount: minus(new Big(amount).minus(tax)) },
      { account: 'tax', amount: minus(tax) },
    ],
  });
}

/** Step: money is owed to the customer; `payment` is as it was before. */
export async function bookRefund(trx: Trx, { order, payment }: Booked, refund: RefundRow): Promise<void> {
  const after = new Big(payment.refunded).plus(refund.amount);
  // The tax on all that is given back, rounded once, less what earlier refunds took back of it.
  const taxAfter = isWhole(order, payment)
    ? new Big(order.tax).times(after).div(order.total).round(currencyDecimals(order.currency), Big.roundHalfUp)
    : new Big(0);
  const tax = taxAfter.minus(await sumTaxRefunded(trx, payment.id));
  await insertLedgerTransaction(trx, {
    ...about({ order, payment }),
    kind: 'refund',
    refundId: refund.id,
    lines: [
      { account: 'sales', amount: new Big(refund.amount).minus(tax).toFixed() },
      { account: 'tax', amount: tax.toFixed() },
      { account: 'refunds_due', amount: minus(refund.amount) },
    ],
  });
}

/** Step: it has gone out. */
export async function bookRefundPaid(trx: Trx, { order, payment }: Booked, refund: RefundRow): Promise<void> {
  await insertLedgerTransaction(trx, {
    ...about({ order, payment }),
    kind: 'refund_paid',
    refundId: refund.id,
    lines: [
      { account: 'refunds_due', amount: refund.amount },
      { account: `provider:${payment.provider}`, amount: minus(refund.amount) },
    ],
  });
}

/** Step: it can't go out: what was booked for it is taken back. */
export async function bookRefundFailed(trx: Trx, { order, payment }: Booked, refund: RefundRow): Promise<void> {
  const lines = await listRefundLines(trx, refund.id);
  await insertLedgerTransaction(trx, {
    ...about({ order, payment }),
    kind: 'refund_failed',
    refundId: refund.id,
    lines: lines.map(({ account, amount }) => ({ account, amount: minus(amount) })),
  });
}

/** Step: what a bank has taken of a payment, or given back as the dispute was won; `payment` is as it is now. */
export async function bookDispute(trx: Trx, { order, payment }: Booked): Promise<void> {
  const taken = payment.isDisputed ? new Big(payment.captured).minus(payment.refunded) : new Big(0);
  const change = taken.minus(await sumDisputed(trx, payment.id));
  if (change.eq(0)) return;
  await insertLedgerTransaction(trx, {
    ...about({ order, payment }),
    kind: change.gt(0) ? 'dispute' : 'dispute_reversed',
    refundId: null,
    lines: [
      { account: 'disputes', amount: change.toFixed() },
      { account: `provider:${payment.provider}`, amount: minus(change) },
    ],
  });
}

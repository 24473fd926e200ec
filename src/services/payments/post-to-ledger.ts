import Big from 'big.js';
import type { Trx } from '../../database';
import { getDecimals } from '../../lib/money/money';
import { divideAmount, takeFromShares } from '../../lib/money/shares';
import type { OrderRow } from '../../models/orders/orders';
import {
  insertLedgerTransaction,
  listRefundLines,
  listSharesOfOrder,
  listSharesOfPayment,
  sumDisputed,
  sumTaxRefunded,
  type LedgerLine,
  type LedgerTransaction,
  type PaymentShare,
  type ShareKey,
} from '../../models/payments/ledger';
import type { PaymentRow } from '../../models/payments/payments';
import type { RefundRow } from '../../models/payments/refunds';

/** Returns whether the captured amount equals what was due. Other amounts and currencies are posted without tax. */
function isFullAmount({ due, currency }: OrderRow, payment: { captured: string; currency: string }): boolean {
  return payment.currency === currency && new Big(payment.captured).eq(due);
}

/** Returns the tax in what is paid with money; the rest is in what credits pay. */
function getTaxDue({ tax, due, total, currency }: OrderRow): Big {
  if (new Big(due).eq(total)) return new Big(tax);
  return new Big(tax).times(due).div(total).round(getDecimals(currency), Big.roundHalfUp);
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

type CapturedPayment = Pick<PaymentRow, 'id' | 'currency'>;

/** Returns the lines of a captured amount, divided among the sellers of an order that a checkout made. */
async function listCaptureLines(trx: Trx, { order, payment }: PostedPayment, amount: string): Promise<LedgerLine[]> {
  const account = `provider:${payment.provider}`;
  const isFull = isFullAmount(order, payment);
  const shares = order.isCheckout ? await listSharesOfOrder(trx, order.id) : [{ total: order.total, tax: order.tax }];
  const totals = shares.map(({ total }) => new Big(total));
  const amounts = divideAmount(new Big(amount), totals, payment.currency);
  // Other amounts and currencies than were asked for are posted without tax.
  const taxDue = isFull ? getTaxDue(order) : new Big(0);
  const taxes = divideAmount(
    taxDue,
    shares.map(({ tax }) => new Big(tax)),
    payment.currency,
  );
  return shares.flatMap(({ total: _total, tax: _tax, ...share }, index) => {
    const key = order.isCheckout ? { share: share as ShareKey } : {};
    return [
      { account, amount: amounts[index]!.toFixed(), ...key },
      { account: 'sales', amount: negate(amounts[index]!.minus(taxes[index]!)), ...key },
      { account: 'tax', amount: negate(taxes[index]!), ...key },
    ];
  });
}

/** Step: posts a captured amount. `payment` is the state after the capture. */
export async function postCapture(trx: Trx, { order, payment }: PostedPayment, amount: string): Promise<void> {
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'capture',
    refundId: null,
    lines: await listCaptureLines(trx, { order, payment }, amount),
  });
}

/** The parts of a refund that are for these sellers, events and products. */
export type WantedShare = ShareKey & { amount: Big };

const isSameShare = (a: ShareKey, b: ShareKey): boolean =>
  a.sellerId === b.sellerId && a.eventId === b.eventId && a.productId === b.productId;

/** Divides an amount among the shares of a payment: what is wanted of each first, then by what is left of them. */
function takeShares(
  shares: PaymentShare[],
  amount: Big,
  { wanted = [], currency, isDispute = false }: { wanted?: WantedShare[]; currency: string; isDispute?: boolean },
): Big[] {
  const rests = shares.map(({ captured, refunded, disputed, toCredits }) => {
    const rest = new Big(captured).minus(refunded).minus(disputed);
    // A bank takes back what became credits as well.
    return isDispute ? rest.plus(toCredits) : rest;
  });
  const wishes = shares.map((share) =>
    wanted.filter((each) => isSameShare(each, share)).reduce((all, each) => all.plus(each.amount), new Big(0)),
  );
  return takeFromShares(amount, rests, { wanted: wishes, currency });
}

const toKey = ({ sellerId, eventId, productId }: ShareKey): ShareKey => ({ sellerId, eventId, productId });

/** Returns the lines of a refund of an order that a checkout made. The tax of each share follows from all that was refunded of it. */
async function listSharedRefundLines(
  trx: Trx,
  { id, currency }: CapturedPayment,
  { amount, wanted }: { amount: string; wanted: WantedShare[] },
): Promise<LedgerLine[]> {
  const shares = await listSharesOfPayment(trx, id);
  const parts = takeShares(shares, new Big(amount), { wanted, currency });
  return shares.flatMap((each, index) => {
    const part = parts[index]!;
    const after = new Big(each.refunded).plus(part);
    const taxAfter = new Big(each.captured).eq(0) ? new Big(0) : new Big(each.tax).times(after).div(each.captured);
    const tax = taxAfter.round(getDecimals(currency), Big.roundHalfUp).minus(each.refundedTax);
    const share = toKey(each);
    return [
      { account: 'sales', amount: part.minus(tax).toFixed(), share },
      { account: 'tax', amount: tax.toFixed(), share },
      { account: 'refunds_due', amount: negate(part), share },
    ];
  });
}

async function listRefundLinesOfBooking(trx: Trx, { order, payment }: PostedPayment, amount: string) {
  const after = new Big(payment.refunded).plus(amount);
  // The tax on the total refunded, rounded once, less the tax of earlier refunds.
  const taxAfter = isFullAmount(order, payment)
    ? new Big(order.tax).times(after).div(order.total).round(getDecimals(order.currency), Big.roundHalfUp)
    : new Big(0);
  const tax = taxAfter.minus(await sumTaxRefunded(trx, payment.id));
  return [
    { account: 'sales', amount: new Big(amount).minus(tax).toFixed() },
    { account: 'tax', amount: tax.toFixed() },
    { account: 'refunds_due', amount: negate(amount) },
  ];
}

/** Step: posts a refund owed to the customer, with the parts that it is for. `payment` is the state before the refund. */
export async function postRefund(
  trx: Trx,
  { order, payment }: PostedPayment,
  refund: RefundRow & { shares?: WantedShare[] },
): Promise<void> {
  const { amount, shares: wanted = [] } = refund;
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund',
    refundId: refund.id,
    lines: order.isCheckout
      ? await listSharedRefundLines(trx, payment, { amount, wanted })
      : await listRefundLinesOfBooking(trx, { order, payment }, amount),
  });
}

/** Step: posts that a refund was paid out, by the provider or as credits. */
export async function postRefundPaid(trx: Trx, { order, payment }: PostedPayment, refund: RefundRow): Promise<void> {
  const account = refund.isToCredits ? 'provider:credits' : `provider:${payment.provider}`;
  const owed = await listRefundLines(trx, refund.id);
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund_paid',
    refundId: refund.id,
    lines: owed
      .filter((line) => line.account === 'refunds_due')
      .flatMap(({ amount, share }) => [
        { account: 'refunds_due', amount: negate(amount), share },
        { account, amount, share },
      ]),
  });
}

/** Step: reverses the entries of a refund that failed. */
export async function postRefundFailed(trx: Trx, { order, payment }: PostedPayment, refund: RefundRow): Promise<void> {
  const lines = await listRefundLines(trx, refund.id);
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: 'refund_failed',
    refundId: refund.id,
    lines: lines.map(({ account, amount, share }) => ({ account, amount: negate(amount), share })),
  });
}

/** Returns a change of what a bank has taken, divided among the sellers of an order that a checkout made. */
async function listDisputedParts(trx: Trx, { order, payment }: PostedPayment, change: Big) {
  if (!order.isCheckout) return [{ amount: change }];
  const shares = await listSharesOfPayment(trx, payment.id);
  const parts = change.gt(0)
    ? takeShares(shares, change, { currency: payment.currency, isDispute: true })
    : divideAmount(
        change.abs(),
        shares.map(({ disputed }) => new Big(disputed)),
        payment.currency,
      ).map((part) => part.times(-1));
  return shares.map((share, index) => ({ amount: parts[index]!, share: toKey(share) }));
}

/** Step: posts what a bank has charged back, or returned after a won dispute. `payment` is the current state. */
export async function postDispute(trx: Trx, { order, payment }: PostedPayment): Promise<void> {
  const { isDisputed, captured, refunded, refundedToCredits } = payment;
  const taken = isDisputed ? new Big(captured).minus(refunded).plus(refundedToCredits) : new Big(0);
  const change = taken.minus(await sumDisputed(trx, payment.id));
  if (change.eq(0)) return;
  const parts = await listDisputedParts(trx, { order, payment }, change);
  await insertLedgerTransaction(trx, {
    ...getReferences({ order, payment }),
    kind: change.gt(0) ? 'dispute' : 'dispute_reversed',
    refundId: null,
    lines: parts.flatMap(({ amount, ...key }) => [
      { account: 'disputes', amount: amount.toFixed(), ...key },
      { account: `provider:${payment.provider}`, amount: negate(amount), ...key },
    ]),
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

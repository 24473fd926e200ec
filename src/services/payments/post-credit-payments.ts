import Big from 'big.js';
import type { Trx } from '../../database';
import { getDecimals } from '../../lib/money/money';
import { divideAmount, takeFromShares } from '../../lib/money/shares';
import type { OrderRow } from '../../models/orders/orders';
import {
  insertLedgerTransaction,
  listCreditShares,
  listSharesOfOrder,
  type ShareKey,
} from '../../models/payments/ledger';
import { getOrderRow } from '../orders/order-status';

const NOBODY: ShareKey = { sellerId: null, eventId: null, productId: null };

const negate = (amount: Big): string => amount.times(-1).toFixed();

/**
 * Step: posts what credits have paid of an order, divided among its sellers. The tax in it is what is not in the
 * payment of the rest.
 */
export async function postCreditCapture(trx: Trx, orderId: number): Promise<void> {
  const { tax, total, due, currency, isCheckout } = await getOrderRow(trx, orderId);
  const taxDue = new Big(tax).times(due).div(total).round(getDecimals(currency), Big.roundHalfUp);
  // An order that a booking made has one seller, who is known by its event.
  const shares = isCheckout ? await listSharesOfOrder(trx, orderId) : [{ total, tax, ...NOBODY }];
  // What the payment of the rest does not have of each share, so that both add up to it to the cent.
  const getRests = (amounts: Big[], paid: Big): Big[] => {
    const parts = divideAmount(paid, amounts, currency);
    return amounts.map((amount, index) => amount.minus(parts[index]!));
  };
  const amounts = getRests(
    shares.map((share) => new Big(share.total)),
    new Big(due),
  );
  const taxes = getRests(
    shares.map((share) => new Big(share.tax)),
    taxDue,
  );
  const lines = shares.flatMap(({ total: _total, tax: _tax, ...share }, index) => [
    { account: 'provider:credits', amount: amounts[index]!.toFixed(), share },
    { account: 'sales', amount: negate(amounts[index]!.minus(taxes[index]!)), share },
    { account: 'tax', amount: negate(taxes[index]!), share },
  ]);
  const references = { kind: 'capture' as const, currency, orderId, paymentId: null, refundId: null };
  await insertLedgerTransaction(trx, { ...references, lines });
}

/**
 * Step: posts that a part of what credits have paid goes back to them, divided like the order. It is owed and paid in the same moment.
 */
export async function postCreditRefund(trx: Trx, { id: orderId, currency }: OrderRow, amount: Big): Promise<void> {
  const shares = await listCreditShares(trx, orderId);
  const rests = shares.map(({ captured, refunded }) => new Big(captured).minus(refunded));
  const parts = takeFromShares(amount, rests, { currency });
  const references = { currency, orderId, paymentId: null, refundId: null };
  const keys = shares.map(({ sellerId, eventId, productId }) => ({ sellerId, eventId, productId }));
  const owed = shares.flatMap(({ captured, refunded, tax, refundedTax }, index) => {
    const [part, share] = [parts[index]!, keys[index]!];
    const after = new Big(refunded).plus(part);
    const taxAfter = new Big(captured).eq(0) ? new Big(0) : new Big(tax).times(after).div(captured);
    const partTax = taxAfter.round(getDecimals(currency), Big.roundHalfUp).minus(refundedTax);
    return [
      { account: 'sales', amount: part.minus(partTax).toFixed(), share },
      { account: 'tax', amount: partTax.toFixed(), share },
      { account: 'refunds_due', amount: negate(part), share },
    ];
  });
  await insertLedgerTransaction(trx, { ...references, kind: 'refund', lines: owed });
  const paid = keys.flatMap((share, index) => [
    { account: 'refunds_due', amount: parts[index]!.toFixed(), share },
    { account: 'provider:credits', amount: negate(parts[index]!), share },
  ]);
  await insertLedgerTransaction(trx, { ...references, kind: 'refund_paid', lines: paid });
}

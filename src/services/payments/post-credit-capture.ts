import Big from 'big.js';
import type { Trx } from '../../database';
import { getDecimals } from '../../lib/money/money';
import { divideAmount } from '../../lib/money/shares';
import { insertLedgerTransaction, listSharesOfOrder } from '../../models/payments/ledger';
import { getOrderRow } from '../orders/order-status';

const negate = (amount: Big): string => amount.times(-1).toFixed();

/**
 * Step: posts what credits have paid of an order that a checkout made, divided among its sellers. The tax in it is what is not in the
 * payment of the rest.
 */
export async function postCreditCapture(trx: Trx, orderId: number): Promise<void> {
  const { tax, total, due, creditsApplied, currency } = await getOrderRow(trx, orderId);
  const taxDue = new Big(tax).times(due).div(total).round(getDecimals(currency), Big.roundHalfUp);
  const shares = await listSharesOfOrder(trx, orderId);
  const totals = shares.map((share) => new Big(share.total));
  const amounts = divideAmount(new Big(creditsApplied), totals, currency);
  const shareTaxes = shares.map((share) => new Big(share.tax));
  const taxes = divideAmount(new Big(tax).minus(taxDue), shareTaxes, currency);
  const lines = shares.flatMap(({ total: _total, tax: _tax, ...share }, index) => [
    { account: 'provider:credits', amount: amounts[index]!.toFixed(), share },
    { account: 'sales', amount: negate(amounts[index]!.minus(taxes[index]!)), share },
    { account: 'tax', amount: negate(taxes[index]!), share },
  ]);
  const references = { kind: 'capture' as const, currency, orderId, paymentId: null, refundId: null };
  await insertLedgerTransaction(trx, { ...references, lines });
}

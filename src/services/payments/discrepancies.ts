import Big from 'big.js';
import { formatMoney, fitsCurrency } from '../../lib/money/money';
import type { PaymentRow } from '../../models/payments/payments';

const describeMoney = (amount: string, currency: string): string =>
  `${fitsCurrency(amount, currency) ? formatMoney(amount, currency) : amount} ${currency}`;

type CapturedAmount = Pick<PaymentRow, 'amount' | 'captured' | 'currency'>;

/** Describes a payment whose captured amount or currency differs from what was requested; undefined if it matches. */
export function describeWrongAmount(
  { amount, captured, currency }: CapturedAmount,
  requestedCurrency: string,
): string | undefined {
  if (new Big(captured).eq(amount) && currency === requestedCurrency) return undefined;
  return `The provider captured ${describeMoney(captured, currency)} instead of ${describeMoney(amount, requestedCurrency)}.`;
}

import Big from 'big.js';
import { formatMoney, fitsCurrency } from '../../lib/money/money';
import type { PaymentRow } from '../../models/payments/payments';

const describeMoney = (amount: string, currency: string): string =>
  `${fitsCurrency(amount, currency) ? formatMoney(amount, currency) : amount} ${currency}`;

type CapturedAmount = Pick<PaymentRow, 'amount' | 'captured' | 'currency'>;

/** What is wrong where the provider has taken another amount or currency than it was asked for. */
export function describeWrongAmount({ amount, captured, currency }: CapturedAmount, asked: string): string | undefined {
  if (new Big(captured).eq(amount) && currency === asked) return undefined;
  return `The provider has taken ${describeMoney(captured, currency)}, we asked for ${describeMoney(amount, asked)}.`;
}

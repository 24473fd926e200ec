import Big from 'big.js';
import { formatMoney, fitsCurrency } from '../lib/money';
import type { PaymentRow } from '../models/payments.model';

const money = (amount: string, currency: string): string =>
  `${fitsCurrency(amount, currency) ? formatMoney(amount, currency) : amount} ${currency}`;

type Taken = Pick<PaymentRow, 'amount' | 'captured' | 'currency'>;

/** What is wrong where the provider has taken another amount or currency than it was asked for. */
export function wrongAmount({ amount, captured, currency }: Taken, asked: string): string | undefined {
  if (new Big(captured).eq(amount) && currency === asked) return undefined;
  return `The provider has taken ${money(captured, currency)}, we asked for ${money(amount, asked)}.`;
}

import Big from 'big.js';
import { type AppError, invalid } from '../../errors';
import { fitsCurrency, formatMoney } from '../../lib/money';

/** With the currency's decimals where that loses nothing, else as it is: a wrong amount never looks right. */
export function exactAmount(amount: Big, currency: string): string {
  const exact = amount.toFixed();
  return fitsCurrency(exact, currency) ? formatMoney(exact, currency) : exact;
}

export function sum(amounts: (string | Big)[]): Big {
  return amounts.reduce<Big>((total, amount) => total.plus(amount), new Big(0));
}

export function notTaken(provider: string, what: string): AppError {
  return invalid('paymentMethod', `${provider} can not take ${what}: choose another way to pay.`);
}

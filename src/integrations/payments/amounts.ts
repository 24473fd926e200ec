import Big from 'big.js';
import { type AppError, createValidationError } from '../../errors';
import { fitsCurrency, formatMoney } from '../../lib/money/money';

/** Formats an amount with the decimals of its currency if that is exact; otherwise unchanged, so that a wrong amount never looks right. */
export function toExactAmount(amount: Big, currency: string): string {
  const exact = amount.toFixed();
  return fitsCurrency(exact, currency) ? formatMoney(exact, currency) : exact;
}

export function sum(amounts: (string | Big)[]): Big {
  return amounts.reduce<Big>((total, amount) => total.plus(amount), new Big(0));
}

export function createUnsupportedError(provider: string, what: string): AppError {
  return createValidationError('paymentMethod', `${provider} cannot take ${what}: choose another way to pay.`);
}

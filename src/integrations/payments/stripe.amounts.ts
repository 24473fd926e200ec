import Big from 'big.js';
import { toExactAmount, createUnsupportedError } from './amounts';
import { getDecimals } from '../../lib/money/money';

// docs.stripe.com/currencies: currencies whose smallest units at Stripe differ from ISO 4217.
const OWN_DECIMALS: Record<string, number> = { ISK: 2, UGX: 2, UYI: 2, MGA: 0, IQD: 2, LYD: 2 };

function getStripeDecimals(currency: string): number {
  return OWN_DECIMALS[currency] ?? getDecimals(currency);
}

/** Returns an amount in smallest units. @throws AppError VALIDATION_ERROR if it has a fraction of one; with three decimals, Stripe requires the last to be 0 */
export function toStripeAmount(amount: string, currency: string): number {
  const units = new Big(amount).times(new Big(10).pow(getStripeDecimals(currency)));
  const step = getStripeDecimals(currency) === 3 ? 10 : 1;
  if (!units.mod(step).eq(0)) throw createUnsupportedError('Stripe', `${amount} ${currency}`);
  return units.toNumber();
}

export function fromStripeAmount(units: number, currency: string): string {
  return toExactAmount(new Big(units).div(new Big(10).pow(getStripeDecimals(currency))), currency);
}

import Big from 'big.js';
import { toExactAmount, createUnsupportedError } from './amounts';

// docs.stripe.com/currencies: Stripe's smallest units, which are not always those of ISO 4217.
const ZERO_DECIMALS = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const THREE_DECIMALS = new Set('BHD JOD KWD OMR TND'.split(' '));

function decimals(currency: string): number {
  if (ZERO_DECIMALS.has(currency)) return 0;
  return THREE_DECIMALS.has(currency) ? 3 : 2;
}

/** In smallest units. @throws AppError VALIDATION_ERROR where it has none: of three decimals Stripe wants the last to be 0 */
export function toStripeAmount(amount: string, currency: string): number {
  const units = new Big(amount).times(new Big(10).pow(decimals(currency)));
  const step = THREE_DECIMALS.has(currency) ? 10 : 1;
  if (!units.mod(step).eq(0)) throw createUnsupportedError('Stripe', `${amount} ${currency}`);
  return units.toNumber();
}

export function fromStripeAmount(units: number, currency: string): string {
  return toExactAmount(new Big(units).div(new Big(10).pow(decimals(currency))), currency);
}

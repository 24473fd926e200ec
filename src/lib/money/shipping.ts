import Big from 'big.js';
import { formatMoney } from './money';

/** Where a shipping option is offered, and what it costs. */
export interface ShippingTerms {
  /** ISO 3166-1. */
  countries: readonly string[];
  price: string;
  /** The only currency that it is offered in. Null: any; its amounts are then in the currency of the order. */
  currency: string | null;
  /** Goods that cost at least this much are shipped for nothing. */
  freeFrom: string | null;
  maxWeightGrams: number | null;
}

export interface Parcel {
  country: string;
  currency: string;
  weightGrams: number;
}

/** True if this option ships the parcel. */
export function canShip(
  { countries, currency, maxWeightGrams }: ShippingTerms,
  { country, currency: paidIn, weightGrams }: Parcel,
): boolean {
  return (
    countries.includes(country) &&
    (currency === null || currency === paidIn) &&
    (maxWeightGrams === null || weightGrams <= maxWeightGrams)
  );
}

/** Returns the price of shipping; `goods` is what the order costs without it, after the discount. */
export function getShippingPrice(
  { price, freeFrom }: Pick<ShippingTerms, 'price' | 'freeFrom'>,
  { currency, goods }: { currency: string; goods: string },
): string {
  const isFree = freeFrom !== null && new Big(goods).gte(freeFrom);
  return formatMoney(isFree ? '0' : price, currency);
}

/** Returns the cheapest option that ships the parcel; of several, the first. */
export function findCheapestShipping<T extends ShippingTerms>(
  options: readonly T[],
  { goods, ...parcel }: Parcel & { goods: string },
): T | undefined {
  const priced = options
    .filter((option) => canShip(option, parcel))
    .map((option) => ({ option, price: new Big(getShippingPrice(option, { currency: parcel.currency, goods })) }));
  return priced.sort((a, b) => a.price.cmp(b.price))[0]?.option;
}

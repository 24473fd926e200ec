/** A tax rate that applies in a country, or in one region of it. */
export interface TaxRate {
  /** ISO 3166-1. */
  country: string;
  /** Null: all regions without a rate of their own. */
  region: string | null;
  /** In percent. */
  rate: string;
}

/** Where something is sold to. */
export interface TaxPlace {
  country: string;
  region: string | null;
}

/** True if two names of a region differ at most in case and surrounding spaces. */
const isSameRegion = (first: string, second: string): boolean =>
  first.trim().toLowerCase() === second.trim().toLowerCase();

/** Returns the rate of the region, else that of the country. */
export function findTaxRate({ country, region }: TaxPlace, rates: readonly TaxRate[]): string | undefined {
  const national = rates.filter((rate) => rate.country === country);
  const regional = national.find(
    (rate) => region !== null && rate.region !== null && isSameRegion(rate.region, region),
  );
  return (regional ?? national.find((rate) => rate.region === null))?.rate;
}

interface TaxChoice {
  /** Undefined: not known yet, as in the cart of somebody who has no address. */
  place: TaxPlace | undefined;
  rates: readonly TaxRate[];
  /** The product's own rate. */
  own: string | null;
  /** The rate of everything else. */
  fallback: string;
}

/** Returns the tax rate of a product in percent: that of the place, else its own, else the fallback. */
export function chooseTaxRate({ place, rates, own, fallback }: TaxChoice): string {
  return (place && findTaxRate(place, rates)) ?? own ?? fallback;
}

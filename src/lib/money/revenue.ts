import Big from 'big.js';
import { getDecimals, formatMoney } from './money';
import { apportion } from './pricing';

/** Ledger sums in one currency. */
export interface RevenueSums {
  currency: string;
  gross: string;
  refunded: string;
  tax: string;
}

/** Adds up revenue by currency, sorted by currency. */
export function sumRevenues(rows: RevenueSums[]) {
  const byCurrency = new Map<string, { gross: Big; refunded: Big; tax: Big }>();
  for (const { currency, gross, refunded, tax } of rows) {
    const sum = byCurrency.get(currency) ?? { gross: new Big(0), refunded: new Big(0), tax: new Big(0) };
    byCurrency.set(currency, {
      gross: sum.gross.plus(gross),
      refunded: sum.refunded.plus(refunded),
      tax: sum.tax.plus(tax),
    });
  }
  return [...byCurrency]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([currency, { gross, refunded, tax }]) => ({
      currency,
      gross: formatMoney(gross.toFixed(), currency),
      refunded: formatMoney(refunded.toFixed(), currency),
      net: formatMoney(gross.minus(refunded).toFixed(), currency),
      tax: formatMoney(tax.toFixed(), currency),
    }));
}

export type Revenue = ReturnType<typeof sumRevenues>[number];

/** The share of one part in the revenue, not rounded yet. */
export interface RevenueShare {
  key: number;
  currency: string;
  gross: string;
  refunded: string;
}

/** Rounds shares to the decimals of the currency so that they add up to the whole. */
export function roundShares(whole: Revenue, shares: RevenueShare[]): Map<number, Omit<Revenue, 'tax'>> {
  const sharesInCurrency = shares.filter(({ currency }) => currency === whole.currency);
  const decimals = getDecimals(whole.currency);
  const round = (field: 'gross' | 'refunded'): Big[] =>
    apportion(
      new Big(whole[field]),
      sharesInCurrency.map((share) => new Big(share[field])),
      decimals,
    );
  const [gross, refunded] = [round('gross'), round('refunded')];
  return new Map(
    sharesInCurrency.map(({ key }, index) => [
      key,
      {
        currency: whole.currency,
        gross: gross[index]!.toFixed(decimals),
        refunded: refunded[index]!.toFixed(decimals),
        net: gross[index]!.minus(refunded[index]!).toFixed(decimals),
      },
    ]),
  );
}

import Big from 'big.js';

// Decimals per ISO 4217. Intl omits those that are rarely used in cash, for example of HUF and IDR.
const DECIMALS: Record<number, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const decimalsByCurrency = new Map(
  Object.entries(DECIMALS).flatMap(([decimals, codes]) =>
    codes.split(' ').map((code): [string, number] => [code, Number(decimals)]),
  ),
);

/** Returns the number of decimals of a currency: 0, 2 or 3. */
export function getDecimals(currency: string): number {
  return decimalsByCurrency.get(currency) ?? 2;
}

/** The ISO 4217 currencies whose amounts fit our columns. */
export const currencies: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((currency) => getDecimals(currency) <= 3),
);

/** Returns a percentage of an amount, not rounded. */
export function takePercent(amount: Big, percent: string | number): Big {
  return amount.times(percent).div(100);
}

/** Formats an amount with the decimals of its currency: `25.00`, or `1500` for JPY. */
export function formatMoney(amount: string, currency: string): string {
  return new Big(amount).toFixed(getDecimals(currency), Big.roundHalfUp);
}

/** True if an amount has no more decimals than its currency. */
export function fitsCurrency(amount: string, currency: string): boolean {
  const exact = new Big(amount);
  return exact.eq(exact.round(getDecimals(currency), Big.roundDown));
}

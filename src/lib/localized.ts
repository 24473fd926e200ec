import { getDecimals, formatMoney } from './money/money';

// Making a formatter takes longer than writing the rest of a mail.
const MAX_FORMATTERS = 500;

function createCache<T>(make: (...key: string[]) => T): (...key: string[]) => T {
  const known = new Map<string, T>();
  return (...key) => {
    const name = key.join(' ');
    const formatter = known.get(name) ?? make(...key);
    if (known.size >= MAX_FORMATTERS) known.clear();
    known.set(name, formatter);
    return formatter;
  };
}

export type DateStyle = 'full' | 'long' | 'medium';

// Some locales imply another calendar or other digits (Persian, Buddhist), which nobody expects between our sentences.
const PLAIN = { calendar: 'gregory', numberingSystem: 'latn' } as const;

const dateFormatter = createCache((locale, timeZone, dateStyle, timeStyle) => {
  const styles = { ...PLAIN, dateStyle: dateStyle as DateStyle, ...(timeStyle ? { timeStyle: 'short' as const } : {}) };
  try {
    return new Intl.DateTimeFormat(locale, { ...styles, timeZone });
  } catch {
    // A zone or a language that this machine does not know is no reason to fail.
    return new Intl.DateTimeFormat('en', { ...styles, timeZone: 'UTC' });
  }
});

interface When {
  timeZone: string;
  locale: string;
  style: DateStyle;
}

/** A date and a time of day as readers of this locale write them, always by the Gregorian calendar; `time` in milliseconds. */
export function formatTime(time: number, { timeZone, locale, style }: When): { text: string; timeZone: string } {
  const formatter = dateFormatter(locale, timeZone, style, 'short');
  return { text: formatter.format(time), timeZone: formatter.resolvedOptions().timeZone };
}

/** The date alone. */
export function formatDate(time: number, { timeZone, locale, style }: When): string {
  return dateFormatter(locale, timeZone, style, '').format(time);
}

const percentFormatter = createCache((locale) => {
  const options: Intl.NumberFormatOptions = {
    style: 'percent',
    maximumFractionDigits: 3,
    numberingSystem: PLAIN.numberingSystem,
  };
  try {
    return new Intl.NumberFormat(locale, options);
  } catch {
    return new Intl.NumberFormat('en', options);
  }
});

const toPlainText = (text: string): string =>
  // Plain blanks, and no direction marks: the text goes into messages whose alphabet has neither.
  text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f\u061c]/g, '');

/** A rate in per cent as readers of this locale write it: `7,5 %`. */
export function formatPercent(rate: number, locale: string): string {
  return toPlainText(percentFormatter(locale).format(rate / 100));
}

const moneyFormatter = createCache((locale, currency) => {
  const decimals = getDecimals(currency);
  const options: Intl.NumberFormatOptions = {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    numberingSystem: PLAIN.numberingSystem,
  };
  try {
    return new Intl.NumberFormat(locale, options);
  } catch {
    return new Intl.NumberFormat('en', options);
  }
});

/** An amount as readers of this locale write it: `7.932,80 €`. Exact: it is formatted from its decimal string. */
export function formatLocalizedMoney(amount: string, currency: string, locale: string): string {
  const exact = formatMoney(amount, currency) as `${number}`;
  return toPlainText(moneyFormatter(locale, currency).format(exact));
}

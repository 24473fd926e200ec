import { getDecimals, formatMoney } from '../money/money';

// Creating a formatter takes longer than rendering the rest of a mail, so formatters are cached.
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

// Some locales imply another calendar or other digits (Persian, Buddhist), which would not fit our texts.
const PLAIN = { calendar: 'gregory', numberingSystem: 'latn' } as const;

const dateFormatter = createCache((locale, timeZone, dateStyle, timeStyle) => {
  const styles = { ...PLAIN, dateStyle: dateStyle as DateStyle, ...(timeStyle ? { timeStyle: 'short' as const } : {}) };
  try {
    return new Intl.DateTimeFormat(locale, { ...styles, timeZone });
  } catch {
    // Fall back to defaults if this machine does not know the time zone or language.
    return new Intl.DateTimeFormat('en', { ...styles, timeZone: 'UTC' });
  }
});

interface When {
  timeZone: string;
  locale: string;
  style: DateStyle;
}

/** Formats a date and time for a locale, always in the Gregorian calendar; `time` is in milliseconds. */
export function formatTime(time: number, { timeZone, locale, style }: When): { text: string; timeZone: string } {
  const formatter = dateFormatter(locale, timeZone, style, 'short');
  return { text: formatter.format(time), timeZone: formatter.resolvedOptions().timeZone };
}

/** Formats only the date. */
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
  // Use plain spaces and no direction marks, because the text message alphabet has neither.
  text.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u200e\u200f\u061c]/g, '');

/** Formats a percentage for a locale, such as `7,5 %`. */
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

/** Formats an amount for a locale, such as `7.932,80 €`. It is exact, because it is formatted from its decimal string. */
export function formatLocalizedMoney(amount: string, currency: string, locale: string): string {
  const exact = formatMoney(amount, currency) as `${number}`;
  return toPlainText(moneyFormatter(locale, currency).format(exact));
}

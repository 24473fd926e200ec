import { useTexts } from './locale.js';
import { getTimeZone } from './zoned-time.js';

const NONE = '–';
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];

/** @type {Record<string, Intl.DateTimeFormatOptions>} */
const PERIODS = {
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
};

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** Formats what figures and charts show; missing values are a dash. */
export function useNumbers() {
  const { language: page, desk } = useTexts();
  const language = page === 'en' ? 'en-GB' : page;
  /** @param {Intl.NumberFormatOptions} options @returns {(value: number | string | null | undefined) => string} */
  const create = (options) => {
    const format = new Intl.NumberFormat(language, options);
    return (value) => (value === null || value === undefined ? NONE : format.format(/** @type {any} */ (value)));
  };
  const bytes = (/** @type {number | null | undefined} */ value) => {
    if (value === null || value === undefined) return NONE;
    const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
    return create({ style: 'unit', unit: UNITS[step], maximumFractionDigits: 1 })(value / 1000 ** step);
  };
  const since = (/** @type {string | null | undefined} */ time) => {
    if (!time) return NONE;
    const seconds = (Date.parse(time) - Date.now()) / 1000;
    const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }).format(
      Math.round(seconds / length),
      unit,
    );
  };
  return {
    count: create({}),
    decimal: create({ maximumFractionDigits: 1 }),
    share: create({ style: 'percent', maximumFractionDigits: 1 }),
    change: create({ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' }),
    money: (
      /** @type {string | number} */ amount,
      /** @type {string} */ currency,
      /** @type {Intl.NumberFormatOptions} */ options = {},
    ) => create({ style: 'currency', currency, ...options })(amount),
    bytes,
    since,
    /** The first day of a period, which is already in the zone that was asked for. @param {string} date @param {string} unit */
    period: (date, unit) => {
      const label = new Intl.DateTimeFormat(language, { ...PERIODS[unit], timeZone: 'UTC' }).format(new Date(date));
      return unit === 'week' ? desk.weekFrom(label) : label;
    },
    /** @param {string | null | undefined} time */
    clock: (time) =>
      time
        ? new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: getTimeZone() }).format(new Date(time))
        : NONE,
  };
}

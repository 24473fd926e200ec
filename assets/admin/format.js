// Formats numbers and times in the languages and time zone of the browser.
export const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const whole = new Intl.NumberFormat();
const parts = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const signed = new Intl.NumberFormat(undefined, {
  style: 'percent',
  maximumFractionDigits: 0,
  signDisplay: 'exceptZero',
});
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' });

const NONE = '–';
const orNone = (format) => (value) => (value === null || value === undefined ? NONE : format(value));

export const count = orNone((value) => whole.format(value));
export const decimal = orNone((value) => parts.format(value));
export const share = orNone((value) => percent.format(value));
export const change = (value) => signed.format(value);
export const time = orNone((value) => moment.format(new Date(value)));
export const hour = orNone((value) => clock.format(new Date(value)));

/** Formats a decimal amount exactly, without converting it to a float. */
export function money(amount, currency, options = {}) {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency, ...options }).format(amount);
}

const LABELS = {
  day: { day: 'numeric', month: 'short' },
  week: { day: 'numeric', month: 'short' },
  month: { month: 'short', year: 'numeric' },
};

/** Formats the first date of a period, which is already in the requested time zone. */
export function period(date, unit) {
  const label = new Intl.DateTimeFormat(undefined, { ...LABELS[unit], timeZone: 'UTC' }).format(new Date(date));
  return unit === 'week' ? `from ${label}` : label;
}

const STEPS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

export const since = orNone((value) => {
  const seconds = (Date.parse(value) - Date.now()) / 1000;
  const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? STEPS[3];
  return ago.format(Math.round(seconds / length), unit);
});

export function bytes(value) {
  if (value === null || value === undefined) return NONE;
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const format = new Intl.NumberFormat(undefined, { style: 'unit', unit: units[step], maximumFractionDigits: 1 });
  return format.format(value / 1000 ** step);
}

export const nameOf = ({ firstName, lastName, email }) => [firstName, lastName].filter(Boolean).join(' ') || email;

import { DateTime } from 'luxon';

// Intl also accepts offsets such as +03:00, which have no daylight saving time.
const PLACE = /^[A-Za-z][\w+-]*(\/[\w+-]+)+$/;
// Names from Java and old Unix systems that only ICU knows.
const ONLY_ICU = /^(SystemV|Etc\/Unknown)/i;

/**
 * Names without a place that mean the same everywhere. PostgreSQL treats others as abbreviations (CET without daylight saving
 * time, IST as Israel), and some are known only to ICU, such as AET, MIT and VST.
 */
const PLACELESS_NAMES = (
  'UTC UCT GMT GMT0 GMT+0 GMT-0 Greenwich Universal Zulu EST5EDT CST6CDT MST7MDT PST8PDT Cuba Egypt Eire GB GB-Eire ' +
  'Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT Navajo PRC Poland Portugal ROC ROK Singapore Turkey W-SU'
).split(' ');
const PLACELESS = new Set(PLACELESS_NAMES.map((name) => name.toLowerCase()));

/** True for a time zone name that means the same to Node and PostgreSQL. */
export function isTimeZone(name: string): boolean {
  if (!PLACELESS.has(name.toLowerCase()) && (!PLACE.test(name) || ONLY_ICU.test(name))) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const SPELLINGS = new Map(Intl.supportedValuesOf('timeZone').map((name) => [name.toLowerCase(), name]));
for (const name of PLACELESS_NAMES) SPELLINGS.set(name.toLowerCase(), name);

/** Returns the canonical case of a time zone, such as `Europe/Berlin` for `europe/berlin`; undefined if it does not exist. */
export function spellTimeZone(name: string): string | undefined {
  if (!isTimeZone(name)) return undefined;
  const known = SPELLINGS.get(name.toLowerCase());
  if (known) return known;
  // ICU replaces some names, such as Asia/Kolkata, by an older alias; only the case should change.
  if (name !== name.toLowerCase() && name !== name.toUpperCase()) return name;
  return name
    .toLowerCase()
    .replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^Us\//, 'US/')
    .replace(/^Etc\/(Gmt|Utc|Uct)/, (prefix) => `Etc/${prefix.slice(4).toUpperCase()}`);
}

/** Returns a function that formats the calendar date of an instant in a time zone, such as `2030-01-31`. */
export function localDate(timeZone: string): (time: Date) => string {
  // Swedish dates are in ISO format.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (time) => format.format(time);
}

/** When a calendar date, `2030-01-31`, begins in a zone; that is later than midnight where the clocks are put forward then. */
export function startOfLocalDay(date: string, timeZone: string): Date {
  return DateTime.fromISO(date, { zone: timeZone }).startOf('day').toJSDate();
}

import { DateTime } from 'luxon';

// Intl also takes offsets such as +03:00, which say nothing about summer time.
const PLACE = /^[A-Za-z][\w+-]*(\/[\w+-]+)+$/;
// Names of Java's and of an old Unix that ICU knows and nobody else.
const ONLY_ICU = /^(SystemV|Etc\/Unknown)/i;

/**
 * Names without a place that mean the same everywhere. Others are abbreviations to PostgreSQL, which takes CET for an
 * hour without summer time and IST for Israel, or are known to ICU alone, such as AET, MIT and VST.
 */
const PLACELESS_NAMES = (
  'UTC UCT GMT GMT0 GMT+0 GMT-0 Greenwich Universal Zulu EST5EDT CST6CDT MST7MDT PST8PDT Cuba Egypt Eire GB GB-Eire ' +
  'Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT Navajo PRC Poland Portugal ROC ROK Singapore Turkey W-SU'
).split(' ');
const PLACELESS = new Set(PLACELESS_NAMES.map((name) => name.toLowerCase()));

/** Whether this is the name of a time zone that means the same to Node and to PostgreSQL. */
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

/** A time zone in its usual letters: `Europe/Berlin` for `europe/berlin`. Undefined where there is none of this name. */
export function spellTimeZone(name: string): string | undefined {
  if (!isTimeZone(name)) return undefined;
  const known = SPELLINGS.get(name.toLowerCase());
  if (known) return known;
  // ICU resolves names of the past, such as Asia/Kolkata to it, to another one: only their letters are to change.
  if (name !== name.toLowerCase() && name !== name.toUpperCase()) return name;
  return name
    .toLowerCase()
    .replace(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase())
    .replace(/^Us\//, 'US/')
    .replace(/^Etc\/(Gmt|Utc|Uct)/, (prefix) => `Etc/${prefix.slice(4).toUpperCase()}`);
}

/** Makes the function that tells the calendar date, `2030-01-31`, of an instant in a zone. */
export function localDate(timeZone: string): (time: Date) => string {
  // Sweden writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (time) => format.format(time);
}

/** When a calendar date, `2030-01-31`, begins in a zone; that is later than midnight where the clocks are put forward then. */
export function startOfLocalDay(date: string, timeZone: string): Date {
  return DateTime.fromISO(date, { zone: timeZone }).startOf('day').toJSDate();
}

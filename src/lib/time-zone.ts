// Intl also takes offsets such as +03:00, which say nothing about summer time.
const IANA_NAME = /^[A-Za-z][\w+-]*(\/[\w+-]+)*$/;

/** Whether this is the IANA name of a time zone. */
export function isTimeZone(name: string): boolean {
  if (!IANA_NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Makes the function that tells the calendar date, `2030-01-31`, of an instant in a zone. */
export function localDate(timeZone: string): (time: Date) => string {
  // Sweden writes dates as ISO does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (time) => format.format(time);
}

/** When a calendar date, `2030-01-31`, begins in a zone; that is later than midnight where the clocks are put forward then. */
export function startOfLocalDay(date: string, timeZone: string): Date {
  const wallClock = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const offsetAt = (time: number): number => Date.parse(`${wallClock.format(time).replace(' ', 'T')}Z`) - time;
  const midnight = Date.parse(date);
  // The offset of that moment is not known before the moment is: two tries, of which at least one is of the day.
  const first = midnight - offsetAt(midnight);
  const second = midnight - offsetAt(first);
  const dateOf = localDate(timeZone);
  return new Date(Math.min(...[first, second].filter((time) => dateOf(new Date(time)) === date)));
}

interface Reader {
  locale: string;
  timezone: string;
}

// Making one takes longer than all the rest of a mail.
const MOST_FORMATTERS = 500;
const formatters = new Map<string, Intl.DateTimeFormat>();

function makeFormatter(locale: string, timeZone: string): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeStyle: 'short', timeZone };
  try {
    return new Intl.DateTimeFormat(locale, options);
  } catch {
    // A zone or a language that this machine doesn't know is no reason not to send a mail.
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
}

function inZone(time: number, locale: string, timeZone: string): string {
  const key = `${locale} ${timeZone}`;
  const format = formatters.get(key) ?? makeFormatter(locale, timeZone);
  if (formatters.size >= MOST_FORMATTERS) formatters.clear();
  formatters.set(key, format);
  return `${format.format(time)} (${format.resolvedOptions().timeZone})`;
}

/** A time where the event takes place, and where the reader is if that is elsewhere; written as the reader is used to. */
export function describeTime(time: number, eventZone: string, { locale, timezone }: Reader): string {
  const there = inZone(time, locale, eventZone);
  // UTC is what nobody chose.
  return timezone === eventZone || timezone === 'UTC' ? there : `${there}\n${inZone(time, locale, timezone)}`;
}

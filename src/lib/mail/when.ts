interface Reader {
  locale: string;
  timezone: string;
}

// Making one takes longer than all the rest of a mail.
const MOST_FORMATTERS = 500;
const formatters = new Map<string, Intl.DateTimeFormat>();

type DateStyle = 'full' | 'medium';

function makeFormatter(locale: string, timeZone: string, dateStyle: DateStyle): Intl.DateTimeFormat {
  const options: Intl.DateTimeFormatOptions = { dateStyle, timeStyle: 'short', timeZone };
  try {
    return new Intl.DateTimeFormat(locale, options);
  } catch {
    // A zone or a language that this machine doesn't know is no reason not to send a mail.
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
  }
}

function formatter(locale: string, timeZone: string, dateStyle: DateStyle): Intl.DateTimeFormat {
  const key = `${dateStyle} ${locale} ${timeZone}`;
  const format = formatters.get(key) ?? makeFormatter(locale, timeZone, dateStyle);
  if (formatters.size >= MOST_FORMATTERS) formatters.clear();
  formatters.set(key, format);
  return format;
}

function inZone(time: number, locale: string, timeZone: string): string {
  const format = formatter(locale, timeZone, 'full');
  return `${format.format(time)} (${format.resolvedOptions().timeZone})`;
}

/** A time where the event takes place, and where the reader is if that is elsewhere; written as the reader is used to. */
export function describeTime(time: number, eventZone: string, { locale, timezone }: Reader): string {
  const there = inZone(time, locale, eventZone);
  // UTC is what nobody chose.
  return timezone === eventZone || timezone === 'UTC' ? there : `${there}\n${inZone(time, locale, timezone)}`;
}

/** A time where the event takes place, in as few characters as a text message has. */
export function describeTimeShortly(time: number, eventZone: string, locale: string): string {
  return formatter(locale, eventZone, 'medium').format(time);
}

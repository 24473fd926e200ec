import { formatTime } from '../../../lib/text/localized';
import { getLanguage } from '../../../lib/text/languages';

interface Reader {
  locale: string;
  timezone: string;
}

function formatInZone(time: number, locale: string, timeZone: string): string {
  const { text, timeZone: zone } = formatTime(time, { locale, timeZone, style: 'full' });
  return `${text} (${zone})`;
}

/** Formats a time in the zone of the event, followed by a line in the reader's zone if that differs, in the reader's locale. */
export function describeTime(time: number, eventZone: string, { locale, timezone }: Reader): string {
  const there = formatInZone(time, locale, eventZone);
  // UTC means that the reader has not chosen a time zone.
  return timezone === eventZone || timezone === 'UTC' ? there : `${there}\n${formatInZone(time, locale, timezone)}`;
}

/** Returns the reader's locale if we write in its language, otherwise English: another script can triple the price of a text message. */
function toShortLocale(locale: string): string {
  const language = getLanguage(locale);
  return locale.toLowerCase().startsWith(language) ? locale : language;
}

/** Formats a time in the zone of the event, short enough for a text message. */
export function describeTimeShortly(time: number, eventZone: string, locale: string): string {
  return formatTime(time, { locale: toShortLocale(locale), timeZone: eventZone, style: 'medium' }).text;
}

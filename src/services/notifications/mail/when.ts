import { formatTime } from '../../../lib/localized';
import { getLanguage } from '../../../lib/languages';

interface Reader {
  locale: string;
  timezone: string;
}

function formatInZone(time: number, locale: string, timeZone: string): string {
  const { text, timeZone: zone } = formatTime(time, { locale, timeZone, style: 'full' });
  return `${text} (${zone})`;
}

/** A time where the event takes place, and where the reader is if that is elsewhere; written as the reader is used to. */
export function describeTime(time: number, eventZone: string, { locale, timezone }: Reader): string {
  const there = formatInZone(time, locale, eventZone);
  // UTC is what nobody chose.
  return timezone === eventZone || timezone === 'UTC' ? there : `${there}\n${formatInZone(time, locale, timezone)}`;
}

/** The reader's locale where it is in a language we write, else English: another script would triple a text message's price. */
function toShortLocale(locale: string): string {
  const language = getLanguage(locale);
  return locale.toLowerCase().startsWith(language) ? locale : language;
}

/** A time where the event takes place, in as few characters as a text message has. */
export function describeTimeShortly(time: number, eventZone: string, locale: string): string {
  return formatTime(time, { locale: toShortLocale(locale), timeZone: eventZone, style: 'medium' }).text;
}

import { eventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNews } from './news';
import { languageOf, textsFor } from './texts';

/** In the language of who passed it on: of one who needs no account here, neither language nor time zone are known. */
export function ticketTransferred({ event, ticketTypeName, reference, locale }: TicketNews, links: Links): Content {
  const { ticketTransferred: texts, facts, actions } = textsFor(locale);
  return {
    language: languageOf(locale),
    title: texts.title(event.title),
    paragraphs: [texts.body],
    facts: [
      ...eventFacts(event, { locale, timezone: 'UTC' }),
      [facts.ticket, ticketTypeName],
      [facts.reference, reference],
    ],
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}

import { eventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNews } from './news';
import { seatLabel } from '../seat-label';
import { languageOf, textsFor } from './texts';

/** In the language of who passed it on: of one who needs no account here, neither language nor time zone are known. */
export function ticketTransferred(
  { event, ticketTypeName, seat, reference, locale }: TicketNews,
  links: Links,
): Content {
  const { ticketTransferred: texts, facts, actions, seatWords } = textsFor(locale);
  return {
    language: languageOf(locale),
    title: texts.title(event.title),
    paragraphs: [texts.body],
    facts: [
      ...eventFacts(event, { locale, timezone: 'UTC' }),
      [facts.ticket, ticketTypeName],
      ...(seat ? ([[facts.seat, seatLabel(seat, seatWords)]] satisfies Content['facts']) : []),
      [facts.reference, reference],
    ],
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}

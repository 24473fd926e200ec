import { describeMove, eventFacts, type CancelledBy } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNews, TimeAndPlace } from './news';
import { seatLabel } from '../seat-label';
import { languageOf, textsFor, type Texts } from './texts';

/** Where no account has verified the address, language is the booker's, and no time zone is known. */
const readerOf = ({ recipient, locale }: TicketNews) => recipient ?? { locale, timezone: 'UTC' };

type Said = Pick<Content, 'title' | 'paragraphs' | 'aboutFiles'>;

function aboutTicket(news: TicketNews, say: (texts: Texts) => Said, links: Links): Content {
  const { event, ticketTypeName, seat, reference } = news;
  const reader = readerOf(news);
  const texts = textsFor(reader.locale);
  const { facts, actions, seatWords } = texts;
  return {
    language: languageOf(reader.locale),
    ...say(texts),
    facts: [
      ...eventFacts(event, reader),
      [facts.ticket, ticketTypeName],
      ...(seat ? ([[facts.seat, seatLabel(seat, seatWords)]] satisfies Content['facts']) : []),
      [facts.reference, reference],
    ],
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}

export function ticketTransferred(news: TicketNews, links: Links): Content {
  const say = ({ ticketTransferred: { title, body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
  });
  return aboutTicket(news, say, links);
}

/** To an attendee whom the booker has named with an address. */
export function ticketIssued(news: TicketNews, links: Links): Content {
  const say = ({ ticketIssued: { title, body, attached } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
    aboutFiles: attached,
  });
  return aboutTicket(news, say, links);
}

export function ticketReminder(news: TicketNews, links: Links): Content {
  const say = ({ bookingReminder: { title }, ticketReminder: { body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
  });
  return aboutTicket(news, say, links);
}

export function ticketRescheduled(news: TicketNews, before: TimeAndPlace | undefined, links: Links): Content {
  const changes = describeMove(news.event, before, readerOf(news));
  const say = ({ bookingRescheduled: { title }, ticketRescheduled: { body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: changes.length > 0 ? [body, changes.join('\n')] : [body],
  });
  return aboutTicket(news, say, links);
}

export function ticketVoid(news: TicketNews, by: CancelledBy, links: Links): Content {
  // Only the organizer's reason, and only to a verified address: mail to others carries no words of strangers.
  const why = by === 'event' && news.recipient ? news.cancelReason : null;
  const say = ({ bookingCancelled: { titleByEvent }, reason, ticketVoid: { title, event, booking } }: Texts) => ({
    title: by === 'event' ? titleByEvent(news.event.title) : title(news.event.title),
    paragraphs: [by === 'event' ? event : booking, ...(why ? [reason(why)] : [])],
  });
  return aboutTicket(news, say, links);
}

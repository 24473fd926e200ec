import { describeMove, listEventFacts, type CancelledBy } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNotificationData, TimeAndPlace } from './news';
import { formatSeatLabel } from '../seat-label';
import { getLanguage, getTexts, type Texts } from './texts';

/** Where no account has verified the address, language is the booker's, and no time zone is known. */
const getReader = ({ recipient, locale }: TicketNotificationData) => recipient ?? { locale, timezone: 'UTC' };

type TicketText = Pick<Content, 'title' | 'paragraphs' | 'aboutFiles'>;

function composeTicketMail(news: TicketNotificationData, say: (texts: Texts) => TicketText, links: Links): Content {
  const { event, ticketTypeName, seat, reference } = news;
  const reader = getReader(news);
  const texts = getTexts(reader.locale);
  const { facts, actions, seatWords } = texts;
  return {
    language: getLanguage(reader.locale),
    ...say(texts),
    facts: [
      ...listEventFacts(event, reader),
      [facts.ticket, ticketTypeName],
      ...(seat ? ([[facts.seat, formatSeatLabel(seat, seatWords)]] satisfies Content['facts']) : []),
      [facts.reference, reference],
    ],
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}

export function composeTicketTransferred(news: TicketNotificationData, links: Links): Content {
  const say = ({ ticketTransferred: { title, body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
  });
  return composeTicketMail(news, say, links);
}

/** To an attendee whom the booker has named with an address. */
export function composeTicketIssued(news: TicketNotificationData, links: Links): Content {
  const say = ({ ticketIssued: { title, body, attached } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
    aboutFiles: attached,
  });
  return composeTicketMail(news, say, links);
}

export function composeTicketReminder(news: TicketNotificationData, links: Links): Content {
  const say = ({ bookingReminder: { title }, ticketReminder: { body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: [body],
  });
  return composeTicketMail(news, say, links);
}

export function composeTicketRescheduled(
  news: TicketNotificationData,
  before: TimeAndPlace | undefined,
  links: Links,
): Content {
  const changes = describeMove(news.event, before, getReader(news));
  const say = ({ bookingRescheduled: { title }, ticketRescheduled: { body } }: Texts) => ({
    title: title(news.event.title),
    paragraphs: changes.length > 0 ? [body, changes.join('\n')] : [body],
  });
  return composeTicketMail(news, say, links);
}

export function composeTicketVoid(news: TicketNotificationData, by: CancelledBy, links: Links): Content {
  // Only the organizer's reason, and only to a verified address: mail to others carries no words of strangers.
  const why = by === 'event' && news.recipient ? news.cancelReason : null;
  const say = ({ bookingCancelled: { titleByEvent }, reason, ticketVoid: { title, event, booking } }: Texts) => ({
    title: by === 'event' ? titleByEvent(news.event.title) : title(news.event.title),
    paragraphs: [by === 'event' ? event : booking, ...(why ? [reason(why)] : [])],
  });
  return composeTicketMail(news, say, links);
}

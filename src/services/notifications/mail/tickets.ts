import { describeMove, listEventFacts, type CancelledBy } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { TicketNotificationData, TimeAndPlace } from '../../../models/notifications/notification-data';
import { formatSeatLabel } from '../../../lib/seats/seat-label';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts, type Texts } from './texts';

/** Returns the recipient, or the booker's language and UTC if no account has verified the address. */
const getReader = ({ recipient, locale }: TicketNotificationData) => recipient ?? { locale, timezone: 'UTC' };

type TicketText = Pick<Content, 'title' | 'paragraphs' | 'aboutFiles'>;

function composeTicketMail(data: TicketNotificationData, getText: (texts: Texts) => TicketText, links: Links): Content {
  const { event, ticketTypeName, seat, reference } = data;
  const reader = getReader(data);
  const texts = getTexts(reader.locale);
  const { facts, actions, seatWords } = texts;
  return {
    language: getLanguage(reader.locale),
    ...getText(texts),
    facts: [
      ...listEventFacts(event, reader),
      [facts.ticket, ticketTypeName],
      ...(seat ? ([[facts.seat, formatSeatLabel(seat, seatWords)]] satisfies Content['facts']) : []),
      [facts.reference, reference],
    ],
    action: { label: actions.showEvent, url: links.event(event.id) },
  };
}

export function composeTicketTransferred(data: TicketNotificationData, links: Links): Content {
  const getText = ({ ticketTransferred: { title, body } }: Texts) => ({
    title: title(data.event.title),
    paragraphs: [body],
  });
  return composeTicketMail(data, getText, links);
}

/** Composes the mail to an attendee whom the booker named with an email address. */
export function composeTicketIssued(data: TicketNotificationData, links: Links): Content {
  const getText = ({ ticketIssued: { title, body, attached } }: Texts) => ({
    title: title(data.event.title),
    paragraphs: [body],
    aboutFiles: attached,
  });
  return composeTicketMail(data, getText, links);
}

export function composeTicketReminder(data: TicketNotificationData, links: Links): Content {
  const getText = ({ bookingReminder: { title }, ticketReminder: { body } }: Texts) => ({
    title: title(data.event.title),
    paragraphs: [body],
  });
  return composeTicketMail(data, getText, links);
}

export function composeTicketRescheduled(
  data: TicketNotificationData,
  before: TimeAndPlace | undefined,
  links: Links,
): Content {
  const changes = describeMove(data.event, before, getReader(data));
  const getText = ({ bookingRescheduled: { title }, ticketRescheduled: { body } }: Texts) => ({
    title: title(data.event.title),
    paragraphs: changes.length > 0 ? [body, changes.join('\n')] : [body],
  });
  return composeTicketMail(data, getText, links);
}

export function composeTicketVoid(data: TicketNotificationData, by: CancelledBy, links: Links): Content {
  // Includes only the organizer's reason, and only for a verified address: other mail must not contain text written by strangers.
  const why = by === 'event' && data.recipient ? data.cancelReason : null;
  const getText = ({ bookingCancelled: { titleByEvent }, reason, ticketVoid: { title, event, booking } }: Texts) => ({
    title: by === 'event' ? titleByEvent(data.event.title) : title(data.event.title),
    paragraphs: [by === 'event' ? event : booking, ...(why ? [reason(why)] : [])],
  });
  return composeTicketMail(data, getText, links);
}

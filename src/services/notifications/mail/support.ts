import { getLanguage } from '../../../lib/text/languages';
import type { Recipient } from '../../../models/notifications/notification-data';
import type { Content } from './content';
import type { Links } from './links';
import { getTexts } from './texts';

export interface SupportTicketData {
  id: number;
  number: string;
  subject: string;
  recipient: Recipient;
}

export interface SupportMessageData extends SupportTicketData {
  body: string;
  isCustomer: boolean;
  authorFirstName: string | null;
}

function compose(
  { number, subject, recipient }: SupportTicketData,
  { title, paragraphs, url }: Pick<Content, 'title' | 'paragraphs'> & { url: string },
): Content {
  const { facts: names, actions } = getTexts(recipient.locale);
  return {
    language: getLanguage(recipient.locale),
    title,
    paragraphs,
    facts: [
      [names.supportTicket, number],
      [names.subject, subject],
    ],
    action: { label: actions.showSupportTicket, url },
  };
}

/** Composes the mail or notification with a message of the other side of a support ticket. */
export function composeSupportMessage(data: SupportMessageData, links: Links): Content {
  const { id, number, subject, body, isCustomer, authorFirstName, recipient } = data;
  const texts = getTexts(recipient.locale).supportMessage;
  const title = isCustomer ? texts.replied(number, subject) : texts.asked(number, subject);
  const writes = isCustomer ? texts.staffWrites : texts.customerWrites(authorFirstName);
  const url = isCustomer ? links.supportTicket(id) : links.supportDesk(id);
  return compose(data, { title, paragraphs: [writes, ...body.split(/\n\s*\n/)], url });
}

/** Composes the notification of staff that nobody has responded in time. */
export function composeSupportOverdue(data: SupportTicketData, links: Links): Content {
  const texts = getTexts(data.recipient.locale).supportOverdue;
  return compose(data, {
    title: texts.title(data.number, data.subject),
    paragraphs: [texts.body],
    url: links.supportDesk(data.id),
  });
}

/** Composes the notification of the customer that the support ticket is resolved. */
export function composeSupportResolved(data: SupportTicketData, links: Links): Content {
  const texts = getTexts(data.recipient.locale).supportResolved;
  return compose(data, {
    title: texts.title(data.number, data.subject),
    paragraphs: [texts.body],
    url: links.supportTicket(data.id),
  });
}

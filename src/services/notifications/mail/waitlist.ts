import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { WaitlistNotificationData } from '../../../models/notifications/notification-data';
import { getLanguage } from '../../../lib/text/languages';
import { getTexts } from './texts';
import { describeTime } from './when';

function composeWaitlistMail(
  { event, recipient }: WaitlistNotificationData,
  { title, paragraphs }: Pick<Content, 'title' | 'paragraphs'>,
  links: Links,
): Content {
  return {
    language: getLanguage(recipient.locale),
    title,
    paragraphs,
    facts: listEventFacts(event, recipient),
    action: { label: getTexts(recipient.locale).actions.showEvent, url: links.event(event.id) },
  };
}

export function composeWaitlistOffered(data: WaitlistNotificationData, links: Links): Content {
  const { event, recipient } = data;
  const { tickets, facts, actions, waitlistOffered: texts } = getTexts(recipient.locale);
  const count = data.offeredCount ?? data.ticketsCount;
  const deadline = describeTime(data.offerExpiresAt ?? event.startsAt, event.timezone, recipient);
  const [deadlineAtVenue = ''] = deadline.split('\n', 1);
  const content = composeWaitlistMail(
    data,
    { title: texts.title(count, event.title), paragraphs: [texts.body(count, deadlineAtVenue), texts.how] },
    links,
  );
  return {
    ...content,
    facts: [...content.facts, [facts.held, tickets(count)], [facts.until, deadline]],
    action: { label: actions.bookNow, url: links.event(event.id) },
  };
}

export function composeWaitlistExpired(data: WaitlistNotificationData, links: Links): Content {
  const { title, body } = getTexts(data.recipient.locale).waitlistExpired;
  return composeWaitlistMail(data, { title: title(data.event.title), paragraphs: [body] }, links);
}

/** Composes the mail about a waitlist that closed because the event was cancelled, or because its ticket type was withdrawn. */
export function composeWaitlistClosed(
  data: WaitlistNotificationData,
  cause: { because?: 'type'; reason?: string },
  links: Links,
): Content {
  const texts = getTexts(data.recipient.locale);
  const { title, body } = cause.because === 'type' ? texts.waitlistTypeClosed : texts.waitlistClosed;
  const paragraphs = cause.reason && data.recipient.isVerified ? [body, texts.reason(cause.reason)] : [body];
  return composeWaitlistMail(data, { title: title(data.event.title), paragraphs }, links);
}

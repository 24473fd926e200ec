import { listEventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { WaitlistNotificationData } from './news';
import { getLanguage, getTexts } from './texts';
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

export function composeWaitlistOffered(news: WaitlistNotificationData, links: Links): Content {
  const { event, recipient } = news;
  const { tickets, facts, actions, waitlistOffered: texts } = getTexts(recipient.locale);
  const count = news.offeredCount ?? news.ticketsCount;
  const deadline = describeTime(news.offerExpiresAt ?? event.startsAt, event.timezone, recipient);
  const [there = ''] = deadline.split('\n', 1);
  const content = composeWaitlistMail(
    news,
    { title: texts.title(count, event.title), paragraphs: [texts.body(count, there), texts.how] },
    links,
  );
  return {
    ...content,
    facts: [...content.facts, [facts.held, tickets(count)], [facts.until, deadline]],
    action: { label: actions.bookNow, url: links.event(event.id) },
  };
}

export function composeWaitlistExpired(news: WaitlistNotificationData, links: Links): Content {
  const { title, body } = getTexts(news.recipient.locale).waitlistExpired;
  return composeWaitlistMail(news, { title: title(news.event.title), paragraphs: [body] }, links);
}

/** The event is cancelled, with the organizer's reason if there is one, or the one type that was waited for is withdrawn. */
export function composeWaitlistClosed(
  news: WaitlistNotificationData,
  cause: { because?: 'type'; reason?: string },
  links: Links,
): Content {
  const texts = getTexts(news.recipient.locale);
  const { title, body } = cause.because === 'type' ? texts.waitlistTypeClosed : texts.waitlistClosed;
  const paragraphs = cause.reason && news.recipient.isVerified ? [body, texts.reason(cause.reason)] : [body];
  return composeWaitlistMail(news, { title: title(news.event.title), paragraphs }, links);
}

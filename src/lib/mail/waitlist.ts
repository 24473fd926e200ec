import { eventFacts } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { EntryNews } from './news';
import { languageOf, textsFor } from './texts';
import { describeTime } from './when';

function aboutEntry(
  { event, recipient }: EntryNews,
  { title, paragraphs }: Pick<Content, 'title' | 'paragraphs'>,
  links: Links,
): Content {
  return {
    language: languageOf(recipient.locale),
    title,
    paragraphs,
    facts: eventFacts(event, recipient),
    action: { label: textsFor(recipient.locale).actions.showEvent, url: links.event(event.id) },
  };
}

export function waitlistOffered(news: EntryNews, links: Links): Content {
  const { event, recipient } = news;
  const { tickets, facts, actions, waitlistOffered: texts } = textsFor(recipient.locale);
  const count = news.offeredCount ?? news.ticketsCount;
  const deadline = describeTime(news.offerExpiresAt ?? event.startsAt, event.timezone, recipient);
  const [there = ''] = deadline.split('\n', 1);
  const content = aboutEntry(
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

export function waitlistExpired(news: EntryNews, links: Links): Content {
  const { title, body } = textsFor(news.recipient.locale).waitlistExpired;
  return aboutEntry(news, { title: title(news.event.title), paragraphs: [body] }, links);
}

/** The event is cancelled, with the organizer's reason if there is one, or the one type that was waited for is withdrawn. */
export function waitlistClosed(news: EntryNews, cause: { because?: 'type'; reason?: string }, links: Links): Content {
  const texts = textsFor(news.recipient.locale);
  const { title, body } = cause.because === 'type' ? texts.waitlistTypeClosed : texts.waitlistClosed;
  const paragraphs = cause.reason && news.recipient.isVerified ? [body, texts.reason(cause.reason)] : [body];
  return aboutEntry(news, { title: title(news.event.title), paragraphs }, links);
}

import { eventFacts, tickets } from './bookings';
import type { Content } from './content';
import type { Links } from './links';
import type { EntryNews } from './news';
import { describeTime } from './when';

export function waitlistOffered(news: EntryNews, links: Links): Content {
  const { event, recipient } = news;
  const offered = tickets(news.offeredCount ?? news.ticketsCount);
  const deadline = describeTime(news.offerExpiresAt ?? event.startsAt, event.timezone, recipient);
  return {
    title: `${offered} for ${event.title}: yours if you book in time`,
    paragraphs: [
      `You are next in line: ${offered} ${offered === '1 ticket' ? 'is' : 'are'} held for you until ${deadline.split('\n', 1)[0]}.`,
      'To take the offer, book the event before then, as you would book any other. If you do nothing, the tickets go to the next in line.',
    ],
    facts: [...eventFacts(event, recipient), ['Held for you', offered], ['Until', deadline]],
    action: { label: 'Book now', url: links.event(event.id) },
  };
}

export function waitlistExpired(news: EntryNews, links: Links): Content {
  const { event, recipient } = news;
  return {
    title: `Your offer for ${event.title} has expired`,
    paragraphs: [
      'The tickets held for you were not booked in time and have gone to the next in line. You may join the waitlist again, at its end.',
    ],
    facts: eventFacts(event, recipient),
    action: { label: 'Show the event', url: links.event(event.id) },
  };
}

export function waitlistClosed(news: EntryNews, links: Links): Content {
  const { event, recipient } = news;
  return {
    title: `${event.title} is cancelled`,
    paragraphs: ['The event will not take place, so its waitlist is closed.'],
    facts: eventFacts(event, recipient),
    action: { label: 'Show the event', url: links.event(event.id) },
  };
}

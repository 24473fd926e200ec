import { database } from '../database';
import type { EntryNews } from '../lib/mail/news';
import { smsOfEntry } from '../lib/mail/sms';
import { waitlistClosed, waitlistExpired, waitlistOffered } from '../lib/mail/waitlist';
import { findEntryNews } from '../models/notifications.news.model';
import { links, requestSms, tell, type DueSms, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';

const about = (news: EntryNews) =>
  ({
    recipient: news.recipient,
    about: 'waitlist',
    eventId: news.event.id,
    bookingId: null,
    organizer: news.event.organizer,
  }) as const;

export async function tellWaitlistOffered(message: LeasedMessage<'waitlist.offered'>): Promise<Sent> {
  const news = await findEntryNews(database, message.payload.entryId);
  // Claimed, given up or expired by now: nothing to claim any more.
  if (news?.status !== 'offered') return undefined;
  const { recipient } = news;
  await requestSms(message, { recipient, topic: 'waitlist.offered', about: 'waitlist', thing: { entryId: news.id } });
  return tell(message, { ...about(news), kind: 'waitlist.offered', content: waitlistOffered(news, links) });
}

export async function tellWaitlistExpired(message: LeasedMessage<'waitlist.expired'>): Promise<Sent> {
  const news = await findEntryNews(database, message.payload.entryId);
  if (news?.status !== 'expired') return undefined;
  return tell(message, { ...about(news), kind: 'waitlist.expired', content: waitlistExpired(news, links) });
}

export async function tellWaitlistClosed(message: LeasedMessage<'waitlist.closed'>): Promise<Sent> {
  const news = await findEntryNews(database, message.payload.entryId);
  if (!news) return undefined;
  return tell(message, {
    ...about(news),
    kind: 'waitlist.closed',
    content: waitlistClosed(news, message.payload, links),
  });
}

/** The text of a message about an offer; undefined where it holds no longer. */
export async function findSmsOfEntry(entryId: number): Promise<DueSms | undefined> {
  const news = await findEntryNews(database, entryId);
  if (news?.status !== 'offered') return undefined;
  return { phone: news.recipient.phone, text: smsOfEntry(news), url: links.event(news.event.id) };
}

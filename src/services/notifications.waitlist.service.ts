import { database } from '../database';
import type { WaitlistNotificationData } from '../lib/mail/news';
import { composeWaitlistSms } from '../lib/mail/sms';
import { composeWaitlistClosed, composeWaitlistExpired, composeWaitlistOffered } from '../lib/mail/waitlist';
import { findWaitlistNotificationData } from '../models/notifications.news.model';
import { links, requestSms, notify, type DueSms, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';

const getReferences = (news: WaitlistNotificationData) =>
  ({
    recipient: news.recipient,
    about: 'waitlist',
    eventId: news.event.id,
    bookingId: null,
    organizer: news.event.organizer,
  }) as const;

export async function notifyWaitlistOffered(message: LeasedMessage<'waitlist.offered'>): Promise<Sent> {
  const news = await findWaitlistNotificationData(database, message.payload.entryId);
  // Claimed, given up or expired by now: nothing to claim any more.
  if (news?.status !== 'offered') return undefined;
  const { recipient } = news;
  await requestSms(message, { recipient, topic: 'waitlist.offered', about: 'waitlist', thing: { entryId: news.id } });
  return notify(message, {
    ...getReferences(news),
    kind: 'waitlist.offered',
    content: composeWaitlistOffered(news, links),
  });
}

export async function notifyWaitlistExpired(message: LeasedMessage<'waitlist.expired'>): Promise<Sent> {
  const news = await findWaitlistNotificationData(database, message.payload.entryId);
  if (news?.status !== 'expired') return undefined;
  return notify(message, {
    ...getReferences(news),
    kind: 'waitlist.expired',
    content: composeWaitlistExpired(news, links),
  });
}

export async function notifyWaitlistClosed(message: LeasedMessage<'waitlist.closed'>): Promise<Sent> {
  const news = await findWaitlistNotificationData(database, message.payload.entryId);
  if (!news) return undefined;
  return notify(message, {
    ...getReferences(news),
    kind: 'waitlist.closed',
    content: composeWaitlistClosed(news, message.payload, links),
  });
}

/** The text of a message about an offer; undefined where it holds no longer. */
export async function findSmsOfEntry(entryId: number): Promise<DueSms | undefined> {
  const news = await findWaitlistNotificationData(database, entryId);
  if (news?.status !== 'offered') return undefined;
  return { phone: news.recipient.phone, text: composeWaitlistSms(news), url: links.event(news.event.id) };
}

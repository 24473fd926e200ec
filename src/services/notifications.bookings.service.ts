import { database } from '../database';
import * as mail from '../lib/mail/bookings';
import type { BookingNews } from '../lib/mail/news';
import { wantsNotification } from '../lib/notification-preferences';
import { inSets } from '../lib/sets';
import { listBookingNews } from '../models/notifications.news.model';
import { smsOfBooking } from '../lib/mail/sms';
import { calendarOf, links, requestSms, sendMail, tell, type DueSms, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';
import { unsubscribeUrl } from './unsubscribe.links.service';

const findBookingNews = inSets(async (ids: number[]) => {
  const news = new Map((await listBookingNews(database, ids)).map((found) => [found.id, found]));
  return ids.map((id) => news.get(id));
});

/** The booking, if it still is what the message says: news that has been overtaken is no news. */
async function findNews(
  { payload }: { payload: { bookingId: number } },
  status: string,
): Promise<BookingNews | undefined> {
  const news = await findBookingNews(payload.bookingId);
  return news?.status === status ? news : undefined;
}

const about = (news: BookingNews) => ({ recipient: news.recipient, eventId: news.event.id, bookingId: news.id });

const entryOf = ({ id, status, hasExpired }: BookingNews) => ({ kind: 'booking', id, status, hasExpired }) as const;

const bySms = ({ id, recipient }: BookingNews) => ({ recipient, thing: { bookingId: id } });

export async function tellBookingConfirmed(message: LeasedMessage<'booking.confirmed'>): Promise<Sent> {
  const news = await findNews(message, 'confirmed');
  if (!news) return undefined;
  const content = mail.bookingConfirmed(news, links);
  return tell(message, {
    ...about(news),
    about: 'bookings',
    kind: 'booking.confirmed',
    content,
    calendar: calendarOf(news.event, entryOf(news)),
  });
}

export async function tellBookingCancelled(message: LeasedMessage<'booking.cancelled'>): Promise<Sent> {
  const news = await findNews(message, 'cancelled');
  if (!news) return undefined;
  const by = message.payload.because ?? 'organizer';
  const content = mail.bookingCancelled(news, by, links);
  const kind = by === 'event' ? 'event.cancelled' : 'booking.cancelled';
  if (kind === 'event.cancelled') await requestSms(message, { ...bySms(news), topic: kind, about: 'events' });
  return tell(message, {
    ...about(news),
    about: 'bookings',
    kind,
    content,
    calendar: calendarOf(news.event, entryOf(news), { isCancelled: true }),
  });
}

export async function tellBookingExpired(message: LeasedMessage<'booking.expired'>): Promise<Sent> {
  const news = await findNews(message, 'expired');
  if (!news) return undefined;
  return tell(message, {
    ...about(news),
    about: 'bookings',
    kind: 'booking.expired',
    content: mail.bookingExpired(news, links),
  });
}

export async function tellBookingReminder(message: LeasedMessage<'booking.reminder'>): Promise<Sent> {
  const news = await findNews(message, 'confirmed');
  if (!news || news.event.status !== 'published' || news.event.startsAt <= Date.now()) return undefined;
  await requestSms(message, { ...bySms(news), topic: 'booking.reminder', about: 'reminders' });
  return tell(message, {
    ...about(news),
    about: 'reminders',
    kind: 'booking.reminder',
    content: mail.bookingReminder(news, links),
    unsubscribeUrl: unsubscribeUrl({ userId: news.recipient.userId, kind: 'reminders' }),
  });
}

/** Not in the app: there everybody has been told of every change already. */
export async function tellBookingRescheduled(message: LeasedMessage<'booking.rescheduled'>): Promise<Sent> {
  const news = await findBookingNews(message.payload.bookingId);
  if (!news || !['pending', 'confirmed'].includes(news.status) || news.event.status !== 'published') return undefined;
  await requestSms(message, { ...bySms(news), topic: 'booking.rescheduled', about: 'events' });
  if (!wantsNotification(news.recipient.preferences, 'email', 'events')) return undefined;
  return sendMail(message, {
    recipient: news.recipient,
    content: mail.bookingRescheduled(news, links),
    calendar: calendarOf(news.event, entryOf(news)),
  });
}

/** The text of a message about a booking; undefined where that is no news any more. */
export async function findSmsOfBooking(
  topic: Parameters<typeof smsOfBooking>[0],
  bookingId: number,
): Promise<DueSms | undefined> {
  const news = await findBookingNews(bookingId);
  if (!news) return undefined;
  const isNews =
    topic === 'event.cancelled'
      ? news.event.status === 'cancelled'
      : ['pending', 'confirmed'].includes(news.status) && news.event.startsAt > Date.now();
  return isNews
    ? { phone: news.recipient.phone, text: smsOfBooking(topic, news), url: links.event(news.event.id) }
    : undefined;
}

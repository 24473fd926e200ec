import { config } from '../config';
import { database } from '../database';
import type { MailFile } from '../integrations/email';
import * as mail from '../lib/mail/bookings';
import type { BookingNews } from '../lib/mail/news';
import { wantsNotification } from '../lib/notification-preferences';
import { inSets } from '../lib/sets';
import { listBookingNews } from '../models/notifications.news.model';
import { smsOfBooking } from '../lib/mail/sms';
import { findTimeAndPlaceBefore } from '../models/notifications.changes.model';
import { addTicketNotices } from './notifications.holders.service';
import { bookingLinkToken, bookingLinkUrl } from './booking-links.tokens.service';
import { calendarOf, links, requestSms, sendMail, tell, type DueSms, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';
import { drawTicketsOfBooker } from './tickets.pdf.service';
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

const about = (news: BookingNews) => ({
  recipient: news.recipient,
  eventId: news.event.id,
  bookingId: news.id,
  organizer: news.event.organizer,
});

const entryOf = ({ id, status, hasExpired }: BookingNews) => ({ kind: 'booking', id, status, hasExpired }) as const;

const bySms = ({ id, recipient }: BookingNews) => ({ recipient, thing: { bookingId: id } });

/** More make a mail that some servers refuse. */
const MAX_ATTACHED = 10;

async function ticketFiles({ id, ticketsCount, event, holdsTickets, recipient }: BookingNews): Promise<MailFile[]> {
  if (config.mailTickets === 'link' || ticketsCount > MAX_ATTACHED || !holdsTickets) return [];
  const content = await drawTicketsOfBooker(event, { id, locale: recipient.locale, isPlain: !recipient.isVerified });
  return content ? [{ filename: 'tickets.pdf', content, contentType: 'application/pdf' }] : [];
}

function accessTo({ id: bookingId, recipient: { userId } }: BookingNews, isAttached: boolean): mail.TicketsAccess {
  const booking = { bookingId, userId };
  return {
    isAttached,
    token: bookingLinkToken(booking),
    ticketsUrl: bookingLinkUrl(booking, 'tickets.pdf'),
    invoiceUrl: bookingLinkUrl(booking, 'invoice.pdf'),
  };
}

export async function tellBookingConfirmed(message: LeasedMessage<'booking.confirmed'>): Promise<Sent> {
  const news = await findNews(message, 'confirmed');
  if (!news) return undefined;
  const { id: bookingId } = news;
  if (news.hasOtherHolders)
    await addTicketNotices(message, { bookingId, about: 'issued', notice: `issued ${bookingId}` });
  const files = await ticketFiles(news);
  const content = mail.bookingConfirmed(news, accessTo(news, files.length > 0), links);
  return tell(message, {
    ...about(news),
    about: 'bookings',
    kind: 'booking.confirmed',
    content,
    calendar: calendarOf(news.event, entryOf(news)),
    files,
  });
}

export async function tellBookingCancelled(message: LeasedMessage<'booking.cancelled'>): Promise<Sent> {
  const news = await findNews(message, 'cancelled');
  if (!news) return undefined;
  const by = message.payload.because ?? 'organizer';
  if (news.hasOtherHolders) {
    const notice = by === 'event' ? 'void with the event' : `void ${news.id}`;
    await addTicketNotices(message, { bookingId: news.id, about: 'void', notice, because: by });
  }
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
  if (news.hasOtherHolders) {
    const notice = `reminder ${news.event.startsAt}`;
    await addTicketNotices(message, { bookingId: news.id, about: 'reminder', notice });
  }
  // Whoever has given all tickets away does not come.
  if (!news.holdsTickets) return undefined;
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
  const { bookingId, changeId } = message.payload;
  const news = await findBookingNews(bookingId);
  if (!news || !['pending', 'confirmed'].includes(news.status) || news.event.status !== 'published') return undefined;
  if (news.hasOtherHolders && changeId !== undefined) {
    const notice = `rescheduled ${changeId}`;
    await addTicketNotices(message, { bookingId, about: 'rescheduled', notice, changeId });
  }
  if (news.status === 'confirmed' && !news.holdsTickets) return undefined;
  const before = changeId === undefined ? undefined : await findTimeAndPlaceBefore(database, changeId);
  await requestSms(message, { ...bySms(news), topic: 'booking.rescheduled', about: 'events' });
  if (!wantsNotification(news.recipient.preferences, 'email', 'events')) return undefined;
  return sendMail(message, {
    recipient: news.recipient,
    organizer: news.event.organizer,
    content: mail.bookingRescheduled(news, before, links),
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

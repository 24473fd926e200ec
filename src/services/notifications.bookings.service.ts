import { config } from '../config';
import { database } from '../database';
import type { MailFile } from '../integrations/email';
import * as mail from '../lib/mail/bookings';
import type { BookingNotificationData } from '../lib/mail/news';
import { wantsNotification } from '../lib/notification-preferences';
import { createBatcher } from '../lib/sets';
import { listBookingNotificationData } from '../models/notifications.news.model';
import { composeBookingSms } from '../lib/mail/sms';
import { findTimeAndPlaceBefore } from '../models/notifications.changes.model';
import { addTicketNotices } from './notifications.holders.service';
import { createBookingLinkToken, getBookingLinkUrl } from './booking-links.tokens.service';
import { toCalendar, links, requestSms, sendMail, notify, type DueSms, type Sent } from './notifications.tell.service';
import type { LeasedMessage } from './outbox.handle.service';
import { drawTicketsOfBooker } from './tickets.pdf.service';
import { getUnsubscribeUrl } from './unsubscribe.links.service';

const findBookingData = createBatcher(async (ids: number[]) => {
  const news = new Map((await listBookingNotificationData(database, ids)).map((found) => [found.id, found]));
  return ids.map((id) => news.get(id));
});

/** The booking, if it still is what the message says: news that has been overtaken is no news. */
async function findDataInStatus(
  { payload }: { payload: { bookingId: number } },
  status: string,
): Promise<BookingNotificationData | undefined> {
  const news = await findBookingData(payload.bookingId);
  return news?.status === status ? news : undefined;
}

const getReferences = (news: BookingNotificationData) => ({
  recipient: news.recipient,
  eventId: news.event.id,
  bookingId: news.id,
  organizer: news.event.organizer,
});

const toCalendarSubject = ({ id, status, hasExpired }: BookingNotificationData) =>
  ({ kind: 'booking', id, status, hasExpired }) as const;

const toSmsRequest = ({ id, recipient }: BookingNotificationData) => ({ recipient, thing: { bookingId: id } });

/** More make a mail that some servers refuse. */
const MAX_ATTACHED_TICKETS = 10;

async function renderTicketFiles({
  id,
  ticketsCount,
  event,
  holdsTickets,
  recipient,
}: BookingNotificationData): Promise<MailFile[]> {
  if (config.mailTickets === 'link' || ticketsCount > MAX_ATTACHED_TICKETS || !holdsTickets) return [];
  const content = await drawTicketsOfBooker(event, { id, locale: recipient.locale, isPlain: !recipient.isVerified });
  return content ? [{ filename: 'tickets.pdf', content, contentType: 'application/pdf' }] : [];
}

function getTicketsAccess(
  { id: bookingId, recipient: { userId } }: BookingNotificationData,
  isAttached: boolean,
): mail.TicketsAccess {
  const booking = { bookingId, userId };
  return {
    isAttached,
    token: createBookingLinkToken(booking),
    ticketsUrl: getBookingLinkUrl(booking, 'tickets.pdf'),
    invoiceUrl: getBookingLinkUrl(booking, 'invoice.pdf'),
  };
}

export async function notifyBookingConfirmed(message: LeasedMessage<'booking.confirmed'>): Promise<Sent> {
  const news = await findDataInStatus(message, 'confirmed');
  if (!news) return undefined;
  const { id: bookingId } = news;
  if (news.hasOtherHolders)
    await addTicketNotices(message, { bookingId, about: 'issued', notice: `issued ${bookingId}` });
  const files = await renderTicketFiles(news);
  const content = mail.composeBookingConfirmed(news, getTicketsAccess(news, files.length > 0), links);
  return notify(message, {
    ...getReferences(news),
    about: 'bookings',
    kind: 'booking.confirmed',
    content,
    calendar: toCalendar(news.event, toCalendarSubject(news)),
    files,
  });
}

export async function notifyBookingCancelled(message: LeasedMessage<'booking.cancelled'>): Promise<Sent> {
  const news = await findDataInStatus(message, 'cancelled');
  if (!news) return undefined;
  const by = message.payload.because ?? 'organizer';
  if (news.hasOtherHolders) {
    const notice = by === 'event' ? 'void with the event' : `void ${news.id}`;
    await addTicketNotices(message, { bookingId: news.id, about: 'void', notice, because: by });
  }
  const content = mail.composeBookingCancelled(news, by, links);
  const kind = by === 'event' ? 'event.cancelled' : 'booking.cancelled';
  if (kind === 'event.cancelled') await requestSms(message, { ...toSmsRequest(news), topic: kind, about: 'events' });
  return notify(message, {
    ...getReferences(news),
    about: 'bookings',
    kind,
    content,
    calendar: toCalendar(news.event, toCalendarSubject(news), { isCancelled: true }),
  });
}

export async function notifyBookingExpired(message: LeasedMessage<'booking.expired'>): Promise<Sent> {
  const news = await findDataInStatus(message, 'expired');
  if (!news) return undefined;
  return notify(message, {
    ...getReferences(news),
    about: 'bookings',
    kind: 'booking.expired',
    content: mail.composeBookingExpired(news, links),
  });
}

export async function notifyBookingReminder(message: LeasedMessage<'booking.reminder'>): Promise<Sent> {
  const news = await findDataInStatus(message, 'confirmed');
  if (!news || news.event.status !== 'published' || news.event.startsAt <= Date.now()) return undefined;
  if (news.hasOtherHolders) {
    const notice = `reminder ${news.event.startsAt}`;
    await addTicketNotices(message, { bookingId: news.id, about: 'reminder', notice });
  }
  // Whoever has given all tickets away does not come.
  if (!news.holdsTickets) return undefined;
  await requestSms(message, { ...toSmsRequest(news), topic: 'booking.reminder', about: 'reminders' });
  return notify(message, {
    ...getReferences(news),
    about: 'reminders',
    kind: 'booking.reminder',
    content: mail.composeBookingReminder(news, links),
    unsubscribeUrl: getUnsubscribeUrl({ userId: news.recipient.userId, kind: 'reminders' }),
  });
}

/** Not in the app: there everybody has been told of every change already. */
export async function notifyBookingRescheduled(message: LeasedMessage<'booking.rescheduled'>): Promise<Sent> {
  const { bookingId, changeId } = message.payload;
  const news = await findBookingData(bookingId);
  if (!news || !['pending', 'confirmed'].includes(news.status) || news.event.status !== 'published') return undefined;
  if (news.hasOtherHolders && changeId !== undefined) {
    const notice = `rescheduled ${changeId}`;
    await addTicketNotices(message, { bookingId, about: 'rescheduled', notice, changeId });
  }
  if (news.status === 'confirmed' && !news.holdsTickets) return undefined;
  const before = changeId === undefined ? undefined : await findTimeAndPlaceBefore(database, changeId);
  await requestSms(message, { ...toSmsRequest(news), topic: 'booking.rescheduled', about: 'events' });
  if (!wantsNotification(news.recipient.preferences, 'email', 'events')) return undefined;
  return sendMail(message, {
    recipient: news.recipient,
    organizer: news.event.organizer,
    content: mail.composeBookingRescheduled(news, before, links),
    calendar: toCalendar(news.event, toCalendarSubject(news)),
  });
}

/** The text of a message about a booking; undefined where that is no news any more. */
export async function findSmsOfBooking(
  topic: Parameters<typeof composeBookingSms>[0],
  bookingId: number,
): Promise<DueSms | undefined> {
  const news = await findBookingData(bookingId);
  if (!news) return undefined;
  const isNews =
    topic === 'event.cancelled'
      ? news.event.status === 'cancelled'
      : ['pending', 'confirmed'].includes(news.status) && news.event.startsAt > Date.now();
  return isNews
    ? { phone: news.recipient.phone, text: composeBookingSms(topic, news), url: links.event(news.event.id) }
    : undefined;
}

import { config } from '../../config';
import { database } from '../../database';
import type { MailFile } from '../../integrations/email';
import * as mail from './mail/bookings';
import type { BookingNotificationData } from '../../models/notifications/notification-data';
import { wantsNotification } from '../../lib/notification-preferences';
import { createLoader } from '../../lib/loader';
import { listBookingNotificationData } from '../../models/notifications/find-notification-data';
import { composeBookingSms } from './mail/sms';
import { findTimeAndPlaceBefore } from '../../models/notifications/event-changes';
import { addTicketNotices } from './notify-ticket-holders';
import { createBookingLinkToken, getBookingLinkUrl } from '../booking-links/link-tokens';
import { toCalendar, links, requestSms, sendMail, notify, type DueSms, type Sent } from './notify';
import type { LeasedMessage } from '../outbox/handle-messages';
import { renderTicketsOfCustomer } from '../tickets/render-tickets';
import { getUnsubscribeUrl } from '../unsubscribe/unsubscribe-links';
import { isActiveBooking } from '../../lib/statuses';

const findBookingData = createLoader(async (ids: readonly number[]) => {
  const data = new Map(
    (await listBookingNotificationData(database, [...new Set(ids)])).map((found) => [found.id, found]),
  );
  return ids.map((id) => data.get(id));
});

/** Returns the booking if it still has this status; otherwise the message is outdated. */
async function findDataInStatus(
  { payload }: { payload: { bookingId: number } },
  status: string,
): Promise<BookingNotificationData | undefined> {
  const data = await findBookingData(payload.bookingId);
  return data?.status === status ? data : undefined;
}

const getReferences = (data: BookingNotificationData) => ({
  recipient: data.recipient,
  eventId: data.event.id,
  bookingId: data.id,
  organizer: data.event.organizer,
});

const toCalendarSubject = ({ id, status, hasExpired }: BookingNotificationData) =>
  ({ kind: 'booking', id, status, hasExpired }) as const;

const toSmsRequest = ({ id, recipient }: BookingNotificationData) => ({ recipient, reference: { bookingId: id } });

/** Some mail servers refuse mails with larger attachments. */
const MAX_ATTACHED_TICKETS = 10;

async function renderTicketFiles({
  id,
  ticketsCount,
  event,
  holdsTickets,
  recipient,
}: BookingNotificationData): Promise<MailFile[]> {
  if (config.mailTickets === 'link' || ticketsCount > MAX_ATTACHED_TICKETS || !holdsTickets) return [];
  const content = await renderTicketsOfCustomer(event, {
    id,
    locale: recipient.locale,
    isPlain: !recipient.isVerified,
  });
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
  const data = await findDataInStatus(message, 'confirmed');
  if (!data) return undefined;
  const { id: bookingId } = data;
  if (data.hasOtherHolders)
    await addTicketNotices(message, { bookingId, about: 'issued', notice: `issued ${bookingId}` });
  const files = await renderTicketFiles(data);
  const content = mail.composeBookingConfirmed(data, getTicketsAccess(data, files.length > 0), links);
  return notify(message, {
    ...getReferences(data),
    preferenceKind: 'bookings',
    kind: 'booking.confirmed',
    content,
    calendar: toCalendar(data.event, toCalendarSubject(data)),
    files,
  });
}

export async function notifyBookingCancelled(message: LeasedMessage<'booking.cancelled'>): Promise<Sent> {
  const data = await findDataInStatus(message, 'cancelled');
  if (!data) return undefined;
  const by = message.payload.because ?? 'organizer';
  if (data.hasOtherHolders) {
    const notice = by === 'event' ? 'void with the event' : `void ${data.id}`;
    await addTicketNotices(message, { bookingId: data.id, about: 'void', notice, because: by });
  }
  const content = mail.composeBookingCancelled(data, by, links);
  const kind = by === 'event' ? 'event.cancelled' : 'booking.cancelled';
  if (kind === 'event.cancelled')
    await requestSms(message, { ...toSmsRequest(data), topic: kind, preferenceKind: 'events' });
  return notify(message, {
    ...getReferences(data),
    preferenceKind: 'bookings',
    kind,
    content,
    calendar: toCalendar(data.event, toCalendarSubject(data), { isCancelled: true }),
  });
}

export async function notifyBookingExpired(message: LeasedMessage<'booking.expired'>): Promise<Sent> {
  const data = await findDataInStatus(message, 'expired');
  if (!data) return undefined;
  return notify(message, {
    ...getReferences(data),
    preferenceKind: 'bookings',
    kind: 'booking.expired',
    content: mail.composeBookingExpired(data, links),
  });
}

export async function notifyBookingReminder(message: LeasedMessage<'booking.reminder'>): Promise<Sent> {
  const data = await findDataInStatus(message, 'confirmed');
  if (!data || data.event.status !== 'published' || data.event.startsAt <= Date.now()) return undefined;
  if (data.hasOtherHolders) {
    const notice = `reminder ${data.event.startsAt}`;
    await addTicketNotices(message, { bookingId: data.id, about: 'reminder', notice });
  }
  // Customers who have transferred all their tickets do not attend.
  if (!data.holdsTickets) return undefined;
  await requestSms(message, { ...toSmsRequest(data), topic: 'booking.reminder', preferenceKind: 'reminders' });
  return notify(message, {
    ...getReferences(data),
    preferenceKind: 'reminders',
    kind: 'booking.reminder',
    content: mail.composeBookingReminder(data, links),
    unsubscribeUrl: getUnsubscribeUrl({ userId: data.recipient.userId, kind: 'reminders' }),
  });
}

/** Mails the new time and place to a customer. The app has already shown each change. */
export async function notifyBookingRescheduled(message: LeasedMessage<'booking.rescheduled'>): Promise<Sent> {
  const { bookingId, changeId } = message.payload;
  const data = await findBookingData(bookingId);
  if (!data || !isActiveBooking(data.status) || data.event.status !== 'published') return undefined;
  if (data.hasOtherHolders && changeId !== undefined) {
    const notice = `rescheduled ${changeId}`;
    await addTicketNotices(message, { bookingId, about: 'rescheduled', notice, changeId });
  }
  if (data.status === 'confirmed' && !data.holdsTickets) return undefined;
  const before = changeId === undefined ? undefined : await findTimeAndPlaceBefore(database, changeId);
  await requestSms(message, { ...toSmsRequest(data), topic: 'booking.rescheduled', preferenceKind: 'events' });
  if (!wantsNotification(data.recipient.preferences, 'email', 'events')) return undefined;
  return sendMail(message, {
    recipient: data.recipient,
    organizer: data.event.organizer,
    content: mail.composeBookingRescheduled(data, before, links),
    calendar: toCalendar(data.event, toCalendarSubject(data)),
  });
}

/** Returns the text message about a booking; undefined if it is outdated. */
export async function findSmsOfBooking(
  topic: Parameters<typeof composeBookingSms>[0],
  bookingId: number,
): Promise<DueSms | undefined> {
  const data = await findBookingData(bookingId);
  if (!data) return undefined;
  const isCurrent =
    topic === 'event.cancelled'
      ? data.event.status === 'cancelled'
      : isActiveBooking(data.status) && data.event.startsAt > Date.now();
  return isCurrent
    ? { phone: data.recipient.phone, text: composeBookingSms(topic, data), url: links.event(data.event.id) }
    : undefined;
}

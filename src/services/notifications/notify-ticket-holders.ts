import type { NotificationKind } from '../../lib/notification-kinds';
import { database, runInTransaction } from '../../database';
import type { MailFile } from '../../integrations/email';
import type { Content } from './mail/content';
import type { TicketNotificationData } from '../../models/notifications/notification-data';
import {
  composeTicketIssued,
  composeTicketReminder,
  composeTicketRescheduled,
  composeTicketTransferred,
  composeTicketVoid,
} from './mail/tickets';
import { isRequiredMail, wantsNotification, type Kind } from '../../lib/notification-preferences';
import { findTimeAndPlaceBefore } from '../../models/notifications/event-changes';
import {
  claimNotice,
  deleteOldNotices,
  hasEarlierNotice,
  insertTicketNotices,
  isBookerNotified,
} from '../../models/notifications/ticket-notices';
import { findTicketNotificationData } from '../../models/notifications/find-notification-data';
import { toCalendar, links, sendMail, notifyInApp, type Sent } from './notify';
import { recordEffect, type LeasedMessage } from '../outbox/handle-messages';
import { wakeRelay, type TicketNotice } from '../outbox/add-messages';
import { canMailStranger } from '../strangers.service';
import { renderTicketsOfAttendee } from '../tickets/render-tickets';
import { hashAddress, getUnsubscribeUrl } from '../unsubscribe/unsubscribe-links';

type ToHolders = Omit<TicketNotice, 'ticketId' | 'transfers'> & { bookingId: number };

/** Adds messages that notify all holders of a booking's tickets other than the customer, once. */
export async function addTicketNotices(message: LeasedMessage, notices: ToHolders): Promise<void> {
  if (message.effects.includes('holders')) return;
  await runInTransaction(async (trx) => {
    if (await recordEffect(trx, message.id, 'holders'))
      await insertTicketNotices(trx, { messageId: message.id, ...notices });
  });
  wakeRelay();
}

type Notice = LeasedMessage<'ticket.notice'>;

/** The kind of notification for each topic, and the preference that controls it. */
const KINDS: Record<TicketNotice['about'], { kind: NotificationKind; about: Kind }> = {
  issued: { kind: 'ticket.issued', about: 'bookings' },
  reminder: { kind: 'booking.reminder', about: 'reminders' },
  rescheduled: { kind: 'event.updated', about: 'events' },
  void: { kind: 'ticket.void', about: 'bookings' },
};

function isStillCurrent({ payload: { about, transfers } }: Notice, data: TicketNotificationData): boolean {
  if (data.transfers !== transfers) return false;
  if (about === 'void') return data.status === 'void';
  if (about === 'issued' && !data.sendsToAttendees) return false;
  return data.status === 'valid' && data.event.status === 'published' && data.event.startsAt > Date.now();
}

async function renderContent(
  { payload: { about, changeId, because } }: Notice,
  data: TicketNotificationData,
): Promise<Content> {
  if (about === 'issued') return composeTicketIssued(data, links);
  if (about === 'reminder') return composeTicketReminder(data, links);
  if (about === 'void') return composeTicketVoid(data, because ?? 'organizer', links);
  const before = changeId === undefined ? undefined : await findTimeAndPlaceBefore(database, changeId);
  return composeTicketRescheduled(data, before, links);
}

/** Returns whether a notice may be mailed: it is no duplicate, and within the limits for strangers. */
async function mayMail({ id, payload }: Notice, data: TicketNotificationData, email: string): Promise<boolean> {
  const { about, notice } = payload;
  const { recipient, event, bookerId, hasAccount } = data;
  const eventId = event.id;
  if (
    recipient &&
    (about === 'reminder' || about === 'rescheduled') &&
    (await isBookerNotified(database, { eventId, userId: recipient.userId }))
  )
    return false;
  const address = { eventId, addressHash: hashAddress(email), messageId: id };
  return runInTransaction(async (trx) => {
    if (!(await claimNotice(trx, { ...address, notice }))) return false;
    // Only the first mail to a stranger counts; later ones about the same ticket are always sent.
    if (hasAccount || (await hasEarlierNotice(trx, address)) || !(await recordEffect(trx, id, 'counted'))) return true;
    return canMailStranger(trx, { senderId: bookerId, role: 'booker' });
  });
}

const getStyle = ({ recipient, locale }: TicketNotificationData) => ({ locale, isPlain: !recipient?.isVerified });

async function renderFiles(
  { payload: { about, ticketId } }: Notice,
  data: TicketNotificationData,
): Promise<MailFile[] | undefined> {
  if (about !== 'issued') return undefined;
  return [
    {
      filename: 'tickets.pdf',
      content: await renderTicketsOfAttendee(data.event, { id: ticketId, ...getStyle(data) }),
      contentType: 'application/pdf',
    },
  ];
}

/** Notifies a holder who is not the customer: by mail, and in the app if the address belongs to an account. */
export async function notifyTicketHolder(message: Notice): Promise<Sent> {
  const { ticketId, about: topic, transfers } = message.payload;
  const data = await findTicketNotificationData(database, ticketId);
  const email = data?.attendeeEmail;
  if (!data || !email || !isStillCurrent(message, data) || !(await mayMail(message, data, email))) return undefined;
  const { kind, about } = KINDS[topic];
  const content = await renderContent(message, data);
  const { recipient, event } = data;
  if (recipient) {
    await notifyInApp(message, { recipient, preferenceKind: about, kind, content, eventId: event.id, bookingId: null });
    if (!isRequiredMail(kind) && !wantsNotification(recipient.preferences, 'email', about)) return undefined;
  }
  const isReminder = topic === 'reminder' && recipient;
  return sendMail(message, {
    recipient: recipient ?? { email, firstName: null, isVerified: false },
    content,
    calendar: toCalendar(event, { kind: 'ticket', id: ticketId, transfers }, { isCancelled: topic === 'void' }),
    files: await renderFiles(message, data),
    organizer: event.organizer,
    unsubscribeUrl: isReminder ? getUnsubscribeUrl({ userId: recipient.userId, kind: 'reminders' }) : undefined,
  });
}

/** Mails the ticket to its new holder, who may not have an account. Skipped if it was transferred again or voided in the meantime. */
export async function mailTicketTransferred(message: LeasedMessage<'ticket.transferred'>): Promise<Sent> {
  const { ticketId, transfer } = message.payload;
  const data = await findTicketNotificationData(database, ticketId);
  const email = data?.attendeeEmail;
  if (data?.status !== 'valid' || data.transfers !== transfer || !email) return undefined;
  const { event, recipient } = data;
  const address = { eventId: event.id, addressHash: hashAddress(email), messageId: message.id };
  await claimNotice(database, { ...address, notice: `transferred ${ticketId} ${transfer}` });
  return sendMail(message, {
    recipient: recipient ?? { email, firstName: null, isVerified: false },
    content: composeTicketTransferred(data, links),
    calendar: toCalendar(event, { kind: 'ticket', id: ticketId, transfers: transfer }),
    files: [
      {
        filename: 'ticket.pdf',
        content: await renderTicketsOfAttendee(event, { id: ticketId, ...getStyle(data) }),
        contentType: 'application/pdf',
      },
    ],
    organizer: event.organizer,
  });
}

const RETENTION_DAYS = 30;

/** Deletes the records of notices for past events. Returns how many. */
export async function cleanUpNotices(): Promise<number> {
  return deleteOldNotices(database, RETENTION_DAYS);
}

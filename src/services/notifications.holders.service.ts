import type { NotificationKind } from '../lib/notification-kinds';
import { database, runInTransaction } from '../database';
import type { MailFile } from '../integrations/email';
import type { Content } from '../lib/mail/content';
import type { TicketNews } from '../lib/mail/news';
import { ticketIssued, ticketReminder, ticketRescheduled, ticketTransferred, ticketVoid } from '../lib/mail/tickets';
import { isRequiredMail, wantsNotification, type Kind } from '../lib/notification-preferences';
import { findTimeAndPlaceBefore } from '../models/notifications.changes.model';
import {
  claimNotice,
  deleteOldNotices,
  hasEarlierNotice,
  insertTicketNotices,
  isTellingBooker,
} from '../models/notifications.holders.model';
import { findTicketNews } from '../models/notifications.news.model';
import { calendarOf, links, sendMail, tellInApp, type Sent } from './notifications.tell.service';
import { recordEffect, type LeasedMessage } from './outbox.handle.service';
import { wakeRelay, type TicketNotice } from './outbox.service';
import { mayMailStranger } from './strangers.service';
import { drawTicketsOfAttendee } from './tickets.pdf.service';
import { hashAddress, unsubscribeUrl } from './unsubscribe.links.service';

type ToHolders = Omit<TicketNotice, 'ticketId' | 'transfers'> & { bookingId: number };

/** Has everybody told who holds a ticket of a booking without being its booker; by messages of their own, once. */
export async function addTicketNotices(message: LeasedMessage, notices: ToHolders): Promise<void> {
  if (message.effects.includes('holders')) return;
  await runInTransaction(async (trx) => {
    if (await recordEffect(trx, message.id, 'holders'))
      await insertTicketNotices(trx, { messageId: message.id, ...notices });
  });
  wakeRelay();
}

type Notice = LeasedMessage<'ticket.notice'>;

/** Of what it is: kind of notification, and what its reader may have said about such. */
const KINDS: Record<TicketNotice['about'], { kind: NotificationKind; about: Kind }> = {
  issued: { kind: 'ticket.issued', about: 'bookings' },
  reminder: { kind: 'booking.reminder', about: 'reminders' },
  rescheduled: { kind: 'event.updated', about: 'events' },
  void: { kind: 'ticket.void', about: 'bookings' },
};

function isStillTrue({ payload: { about, transfers } }: Notice, news: TicketNews): boolean {
  if (news.transfers !== transfers) return false;
  if (about === 'void') return news.status === 'void';
  if (about === 'issued' && !news.sendsToAttendees) return false;
  return news.status === 'valid' && news.event.status === 'published' && news.event.startsAt > Date.now();
}

async function contentOf({ payload: { about, changeId, because } }: Notice, news: TicketNews): Promise<Content> {
  if (about === 'issued') return ticketIssued(news, links);
  if (about === 'reminder') return ticketReminder(news, links);
  if (about === 'void') return ticketVoid(news, because ?? 'organizer', links);
  const before = changeId === undefined ? undefined : await findTimeAndPlaceBefore(database, changeId);
  return ticketRescheduled(news, before, links);
}

/** Whether this message is to be sent there: not twice the same, and not more than may go to strangers. */
async function isAdmitted({ id, payload }: Notice, news: TicketNews, email: string): Promise<boolean> {
  const { about, notice } = payload;
  const { recipient, event, bookerId, hasAccount } = news;
  const eventId = event.id;
  if (
    recipient &&
    (about === 'reminder' || about === 'rescheduled') &&
    (await isTellingBooker(database, { eventId, userId: recipient.userId }))
  )
    return false;
  const address = { eventId, addressHash: hashAddress(email), messageId: id };
  return runInTransaction(async (trx) => {
    if (!(await claimNotice(trx, { ...address, notice }))) return false;
    // Whoever has had the ticket hears what becomes of it; who hears of us the first time counts.
    if (hasAccount || (await hasEarlierNotice(trx, address)) || !(await recordEffect(trx, id, 'counted'))) return true;
    return mayMailStranger(trx, { senderId: bookerId, role: 'booker' });
  });
}

const styleFor = ({ recipient, locale }: TicketNews) => ({ locale, isPlain: !recipient?.isVerified });

async function filesOf({ payload: { about, ticketId } }: Notice, news: TicketNews): Promise<MailFile[] | undefined> {
  if (about !== 'issued') return undefined;
  return [
    {
      filename: 'tickets.pdf',
      content: await drawTicketsOfAttendee(news.event, { id: ticketId, ...styleFor(news) }),
      contentType: 'application/pdf',
    },
  ];
}

/** Tells somebody who holds a ticket without having booked it, in the app where the address is an account's, and by mail. */
export async function notifyTicketHolder(message: Notice): Promise<Sent> {
  const { ticketId, about: topic, transfers } = message.payload;
  const news = await findTicketNews(database, ticketId);
  const email = news?.attendeeEmail;
  if (!news || !email || !isStillTrue(message, news) || !(await isAdmitted(message, news, email))) return undefined;
  const { kind, about } = KINDS[topic];
  const content = await contentOf(message, news);
  const { recipient, event } = news;
  if (recipient) {
    await tellInApp(message, { recipient, about, kind, content, eventId: event.id, bookingId: null });
    if (!isRequiredMail(kind) && !wantsNotification(recipient.preferences, 'email', about)) return undefined;
  }
  const isReminder = topic === 'reminder' && recipient;
  return sendMail(message, {
    recipient: recipient ?? { email, firstName: null, isVerified: false },
    content,
    calendar: calendarOf(event, { kind: 'ticket', id: ticketId, transfers }, { isCancelled: topic === 'void' }),
    files: await filesOf(message, news),
    organizer: event.organizer,
    unsubscribeUrl: isReminder ? unsubscribeUrl({ userId: recipient.userId, kind: 'reminders' }) : undefined,
  });
}

/** To whom a ticket was transferred, who may have no account: unless it went on from there meanwhile, or is void. */
export async function mailTicketTransferred(message: LeasedMessage<'ticket.transferred'>): Promise<Sent> {
  const { ticketId, transfer } = message.payload;
  const news = await findTicketNews(database, ticketId);
  const email = news?.attendeeEmail;
  if (news?.status !== 'valid' || news.transfers !== transfer || !email) return undefined;
  const { event, recipient } = news;
  const address = { eventId: event.id, addressHash: hashAddress(email), messageId: message.id };
  await claimNotice(database, { ...address, notice: `transferred ${ticketId} ${transfer}` });
  return sendMail(message, {
    recipient: recipient ?? { email, firstName: null, isVerified: false },
    content: ticketTransferred(news, links),
    calendar: calendarOf(event, { kind: 'ticket', id: ticketId, transfers: transfer }),
    files: [
      {
        filename: 'ticket.pdf',
        content: await drawTicketsOfAttendee(event, { id: ticketId, ...styleFor(news) }),
        contentType: 'application/pdf',
      },
    ],
    organizer: event.organizer,
  });
}

const DAYS_KEPT = 30;

/** Forgets whom tickets of past events were mailed to. Returns how many. */
export async function cleanUpNotices(): Promise<number> {
  return deleteOldNotices(database, DAYS_KEPT);
}

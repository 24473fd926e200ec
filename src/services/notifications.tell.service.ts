import { config } from '../config';
import { database } from '../database';
import { email, type MailFile } from '../integrations/email';
import { eventCalendar } from '../lib/calendar';
import { notificationBody, type Content } from '../lib/mail/content';
import { renderMail } from '../lib/mail/layout';
import { frontendLinks } from '../lib/mail/links';
import type { NewsEvent, Recipient } from '../lib/mail/news';
import { wantsNotification, type Kind } from '../lib/notification-preferences';
import { inSets } from '../lib/sets';
import { insertNotifications, type NewNotification } from '../models/notifications.model';
import type { LeasedMessage } from './outbox.handle.service';

export { EMAIL_CONNECTIONS } from '../integrations/email';

const origin = (config.frontendUrl.split(',')[0] ?? '').trim().replace(/\/+$/, '');
const host = new URL(config.publicUrl ?? 'http://localhost').hostname;
const mailDomain = /@([^\s>]+)>?\s*$/.exec(config.mailFrom)?.[1] ?? host;

export const links = frontendLinks(origin);

export function calendarOf(event: NewsEvent, { isCancelled = false } = {}): string {
  const { startsAt, endsAt, updatedAt, ...rest } = event;
  const times = { startsAt: new Date(startsAt), endsAt: new Date(endsAt), updatedAt: new Date(updatedAt) };
  return eventCalendar({ ...rest, ...times }, { host, url: links.event(event.id), isCancelled });
}

const insert = inSets(async (notifications: NewNotification[]) => {
  await insertNotifications(database, notifications);
  return notifications.map(() => undefined);
});

interface InApp {
  recipient: Recipient;
  about: Kind;
  kind: string;
  content: Content;
  eventId: number;
  bookingId: number | null;
}

/** Shows it to the user in the app, once, unless the user doesn't want that. */
export async function tellInApp(
  message: LeasedMessage,
  { recipient, about, kind, content, eventId, bookingId }: InApp,
): Promise<void> {
  if (!wantsNotification(recipient.preferences, 'inApp', about)) return;
  await insert({
    messageId: message.id,
    userId: recipient.userId,
    kind,
    title: content.title,
    body: notificationBody(content),
    eventId,
    bookingId,
  });
}

interface ByMail {
  recipient: Pick<Recipient, 'email' | 'firstName'>;
  content: Content;
  calendar?: string;
  files?: MailFile[];
}

/** The last step of a handler: to be recorded with the message being done. */
export type Sent = 'email' | undefined;

/** Sends it, unless that is on record. A process that dies before it could say so leaves a repetition, with the same Message-ID. */
export async function sendMail(message: LeasedMessage, { recipient, content, calendar, files }: ByMail): Promise<Sent> {
  if (message.effects.includes('email')) return undefined;
  // With the time, since ids begin anew where a database does.
  const messageId = `message-${message.id}-${message.createdAt.getTime()}@${mailDomain}`;
  const mail = renderMail({ firstName: recipient.firstName, content });
  await email().send({ to: recipient.email, ...mail, messageId, calendar, files });
  return 'email';
}

/** In the app and by mail, as far as the user wants. */
export async function tell(message: LeasedMessage, news: InApp & { calendar?: string }): Promise<Sent> {
  await tellInApp(message, news);
  return wantsNotification(news.recipient.preferences, 'email', news.about) ? sendMail(message, news) : undefined;
}

import { config } from '../../config';
import { database, runInTransaction } from '../../database';
import { email, type MailFile } from '../../integrations/email';
import { hasSms } from '../../integrations/sms';
import { renderICalendar, type CalendarSubject } from '../../lib/calendar';
import { removeLinks } from '../../lib/names';
import { toNotificationBody, toPlainContent, type Content } from './mail/content';
import { renderMail, type Logo } from './mail/layout';
import { createFrontendLinks } from './mail/links';
import type { EventNotificationData, Recipient } from '../../models/notifications/notification-data';
import type { SmsTopic } from '../../lib/notification-kinds';
import type { NotificationKind } from '../../lib/notification-kinds';
import { isRequiredMail, wantsNotification, type Kind } from '../../lib/notification-preferences';
import { toE164 } from '../../lib/phone';
import { createBatcher } from '../../lib/batcher';
import { insertNotifications, type NewNotification } from '../../models/notifications/notifications';
import { notifyNotificationsStored } from '../realtime/realtime-updates';
import { rememberEffect } from '../outbox/unrecorded-effects';
import { getPublicUrl } from '../files/file-urls';
import { recordEffect, type LeasedMessage } from '../outbox/handle-message';
import { PRIORITY } from '../../lib/priority';
import { addMessages } from '../outbox/add-messages';
import { isErasedAddress } from '../../lib/erased';
import { isClosedAddress } from '../strangers.service';
import { hashAddress, getUnsubscribeUrl as makeUnsubscribeUrl } from '../unsubscribe/unsubscribe-links';

export { EMAIL_CONNECTIONS } from '../../integrations/email';

const origin = config.frontendOrigins[0] ?? '';
const host = new URL(config.publicUrl).hostname;
const mailDomain = /@([^\s>]+)>?\s*$/.exec(config.mailFrom)?.[1] ?? host;

export const links = createFrontendLinks(origin);

/** What goes into the calendar of who has booked, or holds a ticket. */
interface CalendarEntry {
  event: EventNotificationData;
  subject: CalendarSubject;
  isCancelled?: boolean;
}

export function toCalendar(
  event: EventNotificationData,
  subject: CalendarSubject,
  options: Pick<CalendarEntry, 'isCancelled'> = {},
): CalendarEntry {
  return { event, subject, ...options };
}

const toPlainTextOrNull = (text: string | null): string | null => text && removeLinks(text);

/** As a file; for people who have not asked for mail without anything that could be followed. */
function renderCalendar({ event, subject, isCancelled }: CalendarEntry, isVerified: boolean): string {
  const { startsAt, endsAt, updatedAt, ...rest } = event;
  const times = { startsAt: new Date(startsAt), endsAt: new Date(endsAt), updatedAt: new Date(updatedAt) };
  const texts = isVerified
    ? {}
    : {
        title: removeLinks(event.title),
        venueName: toPlainTextOrNull(event.venueName),
        venueAddress: toPlainTextOrNull(event.venueAddress),
      };
  return renderICalendar({ ...rest, ...texts, ...times }, { host, subject, url: links.event(event.id), isCancelled });
}

interface InAppNotification {
  notification: NewNotification;
  isLive: boolean;
}

const insertInBatch = createBatcher(async (shown: InAppNotification[]) => {
  const stored = await insertNotifications(
    database,
    shown.map(({ notification }) => notification),
  );
  const live = new Set(shown.filter(({ isLive }) => isLive).map(({ notification }) => notification.userId));
  notifyNotificationsStored(stored.filter(({ userId }) => live.has(userId)));
  return shown.map(() => undefined);
});

interface InAppRequest {
  recipient: Recipient;
  preferenceKind: Kind;
  kind: NotificationKind;
  content: Content;
  eventId: number;
  bookingId: number | null;
}

/** Shows it to the user in the app, once, unless the user doesn't want that. */
export async function notifyInApp(
  message: LeasedMessage,
  { recipient, preferenceKind, kind, content, eventId, bookingId }: InAppRequest,
): Promise<void> {
  if (isErasedAddress(recipient.email) || !wantsNotification(recipient.preferences, 'inApp', preferenceKind)) return;
  await insertInBatch({
    notification: {
      messageId: message.id,
      userId: recipient.userId,
      kind,
      title: content.title,
      body: toNotificationBody(content),
      eventId,
      bookingId,
    },
    isLive: wantsNotification(recipient.preferences, 'live', preferenceKind),
  });
}

interface MailRequest {
  recipient: Pick<Recipient, 'email' | 'firstName' | 'isVerified'>;
  content: Content;
  calendar?: CalendarEntry;
  files?: MailFile[];
  /** Of the event that it is about: gets answers at its address if that is verified, and is shown by its logo. */
  organizer?: EventNotificationData['organizer'];
  /** Where it can be said, signed out, that such mail is not wanted. */
  unsubscribeUrl?: string;
  /** Keeps the account safe: it comes to any address of an account, and can not be unsubscribed. */
  isAccountMail?: boolean;
}

interface UnsubscribeWay {
  unsubscribeUrl?: string;
  endsAll?: boolean;
}

/** Where the reader says that no such mail is wanted; people who never asked for any may end all of it. */
function getUnsubscribeWay({ recipient, unsubscribeUrl, isAccountMail }: MailRequest): UnsubscribeWay {
  if (unsubscribeUrl || recipient.isVerified || isAccountMail) return { unsubscribeUrl };
  const addressHash = hashAddress(recipient.email);
  return { unsubscribeUrl: makeUnsubscribeUrl({ kind: 'all', addressHash }), endsAll: true };
}

const toLogo = (key: string, name: string | null): Logo => ({ url: getPublicUrl(key), name: name ?? '' });

/** The last step of a handler: to be recorded with the message being done. */
export type Sent = 'email' | undefined;

/** Sends it, unless that is on record. A process that dies before it could say so leaves a repetition, with the same Message-ID. */
export async function sendMail(message: LeasedMessage, mail: MailRequest): Promise<Sent> {
  const { recipient, files, isAccountMail = false } = mail;
  const { email: to, isVerified } = recipient;
  if (message.effects.includes('email') || isErasedAddress(to)) return undefined;
  if (!isVerified && !isAccountMail && (await isClosedAddress(to))) return undefined;
  // With the time, since ids begin anew where a database does.
  const messageId = `message-${message.id}-${message.createdAt.getTime()}@${mailDomain}`;
  // Names and texts are what others have typed: an address that nobody has verified may be anybody's.
  const firstName = isVerified ? recipient.firstName : null;
  const content = isVerified ? mail.content : toPlainContent(mail.content);
  const wayOut = getUnsubscribeWay(mail);
  const logo = isVerified && mail.organizer?.logoKey ? toLogo(mail.organizer.logoKey, mail.organizer.name) : undefined;
  const letter = renderMail({ firstName, content, logo, ...wayOut });
  const { unsubscribeUrl } = wayOut;
  const replyTo = mail.organizer?.email ?? undefined;
  const calendar = mail.calendar && renderCalendar(mail.calendar, isVerified);
  await email().send({ to, ...letter, messageId, calendar, files, unsubscribeUrl, replyTo });
  rememberEffect(message.id, 'email');
  return 'email';
}

/** A text message, as things stand when it is sent. */
export interface DueSms {
  phone: string | null;
  text: string;
  url: string;
}

interface SmsRequest {
  recipient: Recipient;
  topic: SmsTopic;
  preferenceKind: Kind;
  /** What it is about; read again when it is sent. */
  reference: { bookingId: number } | { entryId: number };
}

/** Has a text message sent, by a message of its own: a mail neither waits for it nor is repeated with it. */
export async function requestSms(
  message: LeasedMessage,
  { recipient, topic, preferenceKind, reference }: SmsRequest,
): Promise<void> {
  if (message.effects.includes('sms') || !hasSms() || !toE164(recipient.phone)) return;
  if (!wantsNotification(recipient.preferences, 'sms', preferenceKind)) return;
  await runInTransaction(async (trx) => {
    if (!(await recordEffect(trx, message.id, 'sms'))) return;
    const priority = topic === 'waitlist.offered' ? PRIORITY.urgent : PRIORITY.normal;
    const { requestId } = message;
    await addMessages(trx, [{ topic: 'sms.due', payload: { about: topic, ...reference }, priority, requestId }]);
  });
}

/** In the app and by mail, as far as the user wants; what is required comes by mail in any case. */
export async function notify(
  message: LeasedMessage,
  data: InAppRequest & Omit<MailRequest, 'recipient'>,
): Promise<Sent> {
  const { preferences } = data.recipient;
  await notifyInApp(message, data);
  const isWanted = isRequiredMail(data.kind) || wantsNotification(preferences, 'email', data.preferenceKind);
  return isWanted ? sendMail(message, data) : undefined;
}

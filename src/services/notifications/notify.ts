import { config } from '../../config';
import { database, runInTransaction } from '../../database';
import { email, type MailFile } from '../../integrations/email';
import { hasSms } from '../../integrations/sms';
import { renderICalendar, type CalendarSubject } from '../../lib/calendar';
import { removeLinks } from '../../lib/text/names';
import { toNotificationBody, toPlainContent, type Content } from './mail/content';
import { renderMail, type Logo } from './mail/layout';
import { createFrontendLinks, createPageLinks } from './mail/links';
import type { EventNotificationData, Recipient } from '../../models/notifications/notification-data';
import type { SmsTopic } from '../../lib/notification-kinds';
import type { NotificationKind } from '../../lib/notification-kinds';
import { isRequiredMail, wantsNotification, type Kind } from '../../lib/notification-preferences';
import { toE164 } from '../../lib/phone';
import { createLoader } from '../../lib/loader';
import { insertNotifications, type NewNotification } from '../../models/notifications/notifications';
import { notifyNotificationsStored } from '../realtime/realtime-updates';
import { rememberEffect } from '../outbox/unrecorded-effects';
import { getPublicUrl } from '../files/file-urls';
import { recordEffect, type LeasedMessage } from '../outbox/handle-messages';
import { PRIORITY } from '../../lib/priority';
import { addMessages } from '../outbox/add-messages';
import { isErasedAddress } from '../../lib/erased';
import { isClosedAddress } from '../strangers.service';
import { hashAddress, getUnsubscribeUrl as makeUnsubscribeUrl } from '../unsubscribe/unsubscribe-links';

const host = new URL(config.publicUrl).hostname;
const mailDomain = /@([^\s>]+)>?\s*$/.exec(config.mailFrom)?.[1] ?? host;

const [frontend] = config.frontendOrigins;

export const links =
  frontend === undefined ? createPageLinks(config.publicUrl) : createFrontendLinks(frontend, config.publicUrl);

/** The calendar entry for a customer or ticket holder. */
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

/** Renders a calendar file, without links for unverified addresses. */
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

const insertTogether = createLoader(async (shown: readonly InAppNotification[]) => {
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
  eventId: number | null;
  bookingId: number | null;
}

/** Stores an in-app notification, once, unless the user has disabled this kind. */
export async function notifyInApp(
  message: LeasedMessage,
  { recipient, preferenceKind, kind, content, eventId, bookingId }: InAppRequest,
): Promise<void> {
  if (isErasedAddress(recipient.email) || !wantsNotification(recipient.preferences, 'inApp', preferenceKind)) return;
  await insertTogether({
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
  /** The organizer of the event: replies go to their verified address, and their logo is shown. */
  organizer?: EventNotificationData['organizer'];
  /** A link that unsubscribes without signing in. */
  unsubscribeUrl?: string;
  /** Mail about account security, which also goes to unverified addresses and cannot be unsubscribed. */
  isAccountMail?: boolean;
}

interface UnsubscribeOption {
  unsubscribeUrl?: string;
  endsAll?: boolean;
}

/** Returns the unsubscribe link of a mail. Unverified addresses can unsubscribe from all mail. */
function getUnsubscribeOption({ recipient, unsubscribeUrl, isAccountMail }: MailRequest): UnsubscribeOption {
  if (unsubscribeUrl || recipient.isVerified || isAccountMail) return { unsubscribeUrl };
  const addressHash = hashAddress(recipient.email);
  return { unsubscribeUrl: makeUnsubscribeUrl({ kind: 'all', addressHash }), endsAll: true };
}

const toLogo = (key: string, name: string | null): Logo => ({ url: getPublicUrl(key), name: name ?? '' });

/** The last step of a handler, which is recorded when the message is finished. */
export type Sent = 'email' | undefined;

/** Sends a mail unless it is recorded as sent. A process that dies before recording it causes a duplicate with the same Message-ID. */
export async function sendMail(message: LeasedMessage, mail: MailRequest): Promise<Sent> {
  const { recipient, files, isAccountMail = false } = mail;
  const { email: to, isVerified } = recipient;
  if (message.effects.includes('email') || isErasedAddress(to)) return undefined;
  if (!isVerified && !isAccountMail && (await isClosedAddress(to))) return undefined;
  // Includes the time, because ids restart with a new database.
  const messageId = `message-${message.id}-${message.createdAt.getTime()}@${mailDomain}`;
  // An unverified address may be anyone's, so it gets no names or texts that others have typed.
  const firstName = isVerified ? recipient.firstName : null;
  const content = isVerified ? mail.content : toPlainContent(mail.content);
  const unsubscribeOption = getUnsubscribeOption(mail);
  const logo = isVerified && mail.organizer?.logoKey ? toLogo(mail.organizer.logoKey, mail.organizer.name) : undefined;
  const letter = renderMail({ firstName, content, logo, ...unsubscribeOption });
  const { unsubscribeUrl } = unsubscribeOption;
  const replyTo = mail.organizer?.email ?? undefined;
  const calendar = mail.calendar && renderCalendar(mail.calendar, isVerified);
  await email().send({ to, ...letter, messageId, calendar, files, unsubscribeUrl, replyTo });
  rememberEffect(message.id, 'email');
  return 'email';
}

/** A text message with the data at the time of sending. */
export interface DueSms {
  phone: string | null;
  text: string;
  url: string;
}

interface SmsRequest {
  recipient: Recipient;
  topic: SmsTopic;
  preferenceKind: Kind;
  /** The booking or waitlist entry, which is read again when the message is sent. */
  reference: { bookingId: number } | { entryId: number };
}

/** Requests a text message through a separate outbox message, so that a mail neither waits for it nor is repeated with it. */
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

/** Notifies a user in the app and by mail according to their preferences. Required mail is always sent. */
export async function notify(
  message: LeasedMessage,
  data: InAppRequest & Omit<MailRequest, 'recipient'>,
): Promise<Sent> {
  const { preferences } = data.recipient;
  await notifyInApp(message, data);
  const isWanted = isRequiredMail(data.kind) || wantsNotification(preferences, 'email', data.preferenceKind);
  return isWanted ? sendMail(message, data) : undefined;
}

import { config } from '../../config';
import { database, runInTransaction } from '../../database';
import { composeAnnouncement } from '../notifications/mail/events';
import { wantsNotification } from '../../lib/notification-preferences';
import {
  findDueAnnouncement,
  findAnnouncement,
  insertRecipients,
  queueRecipients,
  updateCollected,
  updateRecipient,
  type DueAnnouncement,
} from '../../models/announcements.model';
import { findBookingsChunkEnd } from '../notifications/notify-events';
import { links, sendMail, notifyInApp, type Sent } from '../notifications/notify';
import { retryUntilRecorded } from '../outbox/unrecorded-effects';
import { advanceMessage, recordEffect, type LeasedMessage } from '../outbox/handle-messages';
import { wakeRelay } from '../outbox/add-messages';
import { isClosedAddress, canMailStranger } from '../strangers.service';
import { hashAddress, getUnsubscribeUrl } from '../unsubscribe/unsubscribe-links';
import { isUnsubscribed } from '../unsubscribe/unsubscribe';

/** At most this many seconds' worth of mails are in progress at once. */
const MAX_SECONDS_IN_FLIGHT = 5;

/** Collects the recipients of an announcement. Resumes where an earlier attempt stopped. */
export async function collectRecipients({ id, payload, progress }: LeasedMessage<'event.message'>): Promise<void> {
  const { eventMessageId } = payload;
  const message = await findAnnouncement(database, eventMessageId);
  if (!message) return;
  const { eventId, ticketTypeIds } = message;
  const collectChunk = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findBookingsChunkEnd(trx, { eventId, after: from });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has advanced this message.');
      await insertRecipients(trx, { eventMessageId, eventId, ticketTypeIds, from, to });
      return to;
    });
  for (let from: number | undefined = progress; from !== undefined;) from = await collectChunk(from);
  await updateCollected(database, eventMessageId);
}

/** Queues as many mails as the limit per second allows, behind all other messages. Returns how many. */
export async function sendAnnouncements(): Promise<number> {
  const limit = config.eventMessagesPerSecond;
  const count = await runInTransaction((trx) =>
    queueRecipients(trx, { limit, inFlight: limit * MAX_SECONDS_IN_FLIGHT }),
  );
  if (count > 0) wakeRelay();
  return count;
}

/** Returns whether a mail may be sent. Mails to strangers are counted once each, and limited per day and organizer. */
async function mayMail(message: LeasedMessage, { event }: DueAnnouncement): Promise<boolean> {
  if (message.effects.includes('counted')) return true;
  return runInTransaction(async (trx) => {
    const isCounted = await canMailStranger(trx, { senderId: event.organizer.id, role: 'organizer' });
    return isCounted && recordEffect(trx, message.id, 'counted');
  });
}

async function wantsAnnouncement(message: LeasedMessage, due: DueAnnouncement): Promise<boolean> {
  if (due.recipient) return wantsNotification(due.recipient.preferences, 'email', 'messages');
  const addressHash = hashAddress(due.email);
  if (await isUnsubscribed(database, { kind: 'messages', addressHash })) return false;
  return !(await isClosedAddress(due.email)) && mayMail(message, due);
}

// The language and time zone of recipients without an account are unknown.
const STRANGER = { locale: 'en', timezone: 'UTC', isVerified: false };

/** Sends an announcement to one recipient, in the app and by mail. */
export async function notifyAnnouncement(message: LeasedMessage<'event.message_due'>): Promise<Sent> {
  const { recipientId } = message.payload;
  const due = await findDueAnnouncement(database, recipientId);
  if (due?.status !== 'queued') return undefined;
  const { recipient, email, firstName, eventId } = due;
  const content = composeAnnouncement({ ...due, recipient: recipient ?? STRANGER }, links);
  if (recipient)
    await notifyInApp(message, {
      recipient,
      preferenceKind: 'messages',
      kind: 'event.message',
      content,
      eventId,
      bookingId: null,
    });
  if (!(await wantsAnnouncement(message, due))) {
    await updateRecipient(database, recipientId, 'skipped');
    return undefined;
  }
  const subscription = recipient ? { userId: recipient.userId } : { addressHash: hashAddress(email) };
  const sent = await sendMail(message, {
    recipient: { email, firstName, isVerified: recipient?.isVerified ?? false },
    content,
    organizer: due.event.organizer,
    unsubscribeUrl: getUnsubscribeUrl({ ...subscription, kind: 'messages' }),
  });
  await retryUntilRecorded(() => updateRecipient(database, recipientId, 'sent'));
  return sent;
}

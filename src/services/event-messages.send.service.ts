import { config } from '../config';
import { database, runInTransaction } from '../database';
import { eventMessage } from '../lib/mail/events';
import { wantsNotification } from '../lib/notification-preferences';
import {
  findDueMessage,
  findEventMessage,
  insertRecipients,
  queueRecipients,
  updateCollected,
  updateRecipient,
  type DueMessage,
} from '../models/event-messages.model';
import { findEndOfBookings } from './notifications.events.service';
import { links, sendMail, tellInApp, type Sent } from './notifications.tell.service';
import { untilRecorded } from './outbox.effects';
import { advanceMessage, type LeasedMessage } from './outbox.handle.service';
import { wakeRelay } from './outbox.service';
import { hashAddress, unsubscribeUrl } from './unsubscribe.links.service';
import { isUnsubscribed } from './unsubscribe.service';

/** So many seconds' worth may be on their way at once. */
const SECONDS_IN_FLIGHT = 5;

/** Puts down to whom it goes. Goes on where it broke off. */
export async function collectRecipients({ id, payload, progress }: LeasedMessage<'event.message'>): Promise<void> {
  const { eventMessageId } = payload;
  const message = await findEventMessage(database, eventMessageId);
  if (!message) return;
  const { eventId, ticketTypeIds } = message;
  const collectChunk = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findEndOfBookings(trx, { eventId, after: from });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has gone on with this message.');
      await insertRecipients(trx, { eventMessageId, eventId, ticketTypeIds, from, to });
      return to;
    });
  for (let from: number | undefined = progress; from !== undefined;) from = await collectChunk(from);
  await updateCollected(database, eventMessageId);
}

/** Hands over as many as a second allows; whatever else there is goes first. Returns how many. */
export async function sendEventMessages(): Promise<number> {
  const limit = config.eventMessagesPerSecond;
  const count = await runInTransaction((trx) => queueRecipients(trx, { limit, inFlight: limit * SECONDS_IN_FLIGHT }));
  if (count > 0) wakeRelay();
  return count;
}

async function isWanted({ recipient, email }: DueMessage): Promise<boolean> {
  return recipient
    ? wantsNotification(recipient.preferences, 'email', 'messages')
    : !(await isUnsubscribed({ kind: 'messages', addressHash: hashAddress(email) }));
}

// Of one who needs no account here, neither language nor time zone are known.
const STRANGER = { locale: 'en', timezone: 'UTC' };

/** Sends it to one of them, in the app and by mail. */
export async function tellEventMessage(message: LeasedMessage<'event.message_due'>): Promise<Sent> {
  const { recipientId } = message.payload;
  const due = await findDueMessage(database, recipientId);
  if (due?.status !== 'queued') return undefined;
  const { recipient, email, firstName, eventId } = due;
  const content = eventMessage({ ...due, recipient: recipient ?? STRANGER }, links);
  if (recipient)
    await tellInApp(message, {
      recipient,
      about: 'messages',
      kind: 'event.message',
      content,
      eventId,
      bookingId: null,
    });
  if (!(await isWanted(due))) {
    await updateRecipient(database, recipientId, 'skipped');
    return undefined;
  }
  const subscription = recipient ? { userId: recipient.userId } : { addressHash: hashAddress(email) };
  const sent = await sendMail(message, {
    recipient: { email, firstName },
    content,
    unsubscribeUrl: unsubscribeUrl({ ...subscription, kind: 'messages' }),
  });
  await untilRecorded(() => updateRecipient(database, recipientId, 'sent'));
  return sent;
}

import { database } from '../../database';
import type { WaitlistNotificationData } from '../../models/notifications/notification-data';
import { composeWaitlistSms } from './mail/sms';
import { composeWaitlistClosed, composeWaitlistExpired, composeWaitlistOffered } from './mail/waitlist';
import { findWaitlistNotificationData } from '../../models/notifications/find-notification-data';
import { links, requestSms, notify, type DueSms, type Sent } from './notify';
import type { LeasedMessage } from '../outbox/handle-messages';

const getReferences = (data: WaitlistNotificationData) =>
  ({
    recipient: data.recipient,
    preferenceKind: 'waitlist',
    eventId: data.event.id,
    bookingId: null,
    organizer: data.event.organizer,
  }) as const;

export async function notifyWaitlistOffered(message: LeasedMessage<'waitlist.offered'>): Promise<Sent> {
  const data = await findWaitlistNotificationData(database, message.payload.entryId);
  // The offer was claimed, given up or has expired.
  if (data?.status !== 'offered') return undefined;
  const { recipient } = data;
  await requestSms(message, {
    recipient,
    topic: 'waitlist.offered',
    preferenceKind: 'waitlist',
    reference: { entryId: data.id },
  });
  return notify(message, {
    ...getReferences(data),
    kind: 'waitlist.offered',
    content: composeWaitlistOffered(data, links),
  });
}

export async function notifyWaitlistExpired(message: LeasedMessage<'waitlist.expired'>): Promise<Sent> {
  const data = await findWaitlistNotificationData(database, message.payload.entryId);
  if (data?.status !== 'expired') return undefined;
  return notify(message, {
    ...getReferences(data),
    kind: 'waitlist.expired',
    content: composeWaitlistExpired(data, links),
  });
}

export async function notifyWaitlistClosed(message: LeasedMessage<'waitlist.closed'>): Promise<Sent> {
  const data = await findWaitlistNotificationData(database, message.payload.entryId);
  if (!data) return undefined;
  return notify(message, {
    ...getReferences(data),
    kind: 'waitlist.closed',
    content: composeWaitlistClosed(data, message.payload, links),
  });
}

/** Returns the text message about an offer; undefined if the offer is no longer open. */
export async function findSmsOfEntry(waitlistEntryId: number): Promise<DueSms | undefined> {
  const data = await findWaitlistNotificationData(database, waitlistEntryId);
  if (data?.status !== 'offered') return undefined;
  return { phone: data.recipient.phone, text: composeWaitlistSms(data), url: links.event(data.event.id) };
}

import { database, runInTransaction, type Trx } from '../../database';
import { toNotificationBody } from './mail/content';
import { listAnnouncedChanges, composeEventUpdated, hasMoved } from './mail/events';
import type { EventNotificationData } from '../../models/notifications/notification-data';
import type { Language } from '../../lib/text/languages';
import { languages } from './mail/texts';
import {
  findChunkEnd,
  insertMessagesOfBookings,
  insertMessagesOfWaitlistEntries,
  insertNotificationsOfEvent,
} from '../../models/notifications/fan-out';
import { updateChangeNotified } from '../../models/notifications/event-changes';
import type { StoredNotification } from '../../models/notifications/notifications';
import { findEventNotificationData } from '../../models/notifications/find-notification-data';
import { cancelBookingsOfEvent } from '../bookings/cancel-booking';
import { notifyNotificationsStored } from '../realtime/realtime-updates';
import { advanceMessage, recordEffect, type LeasedMessage } from '../outbox/handle-messages';
import { wakeRelay } from '../outbox/add-messages';
import { closeWaitlist } from '../waitlist/join-and-leave';

const EVENT_CHUNK_SIZE = 2000;

/** Step: returns the last booking id of the event's next chunk after an id; undefined if there are no more. */
export async function findBookingsChunkEnd(
  trx: Trx,
  bookings: { eventId: number; after: number },
): Promise<number | undefined> {
  return findChunkEnd(trx, { ...bookings, limit: EVENT_CHUNK_SIZE });
}

function renderInEveryLanguage(event: EventNotificationData, changed: string[]) {
  const texts = Object.keys(languages).map((language) => {
    const content = composeEventUpdated(event, changed, language);
    return [language, { title: content.title, body: toNotificationBody(content) }] as const;
  });
  return Object.fromEntries(texts) as Record<Language, { title: string; body: string }>;
}

type Chunk = { messageId: number; eventId: number; from: number; to: number };

/** Processes an event's active bookings in chunks, each in its own transaction. Resumes where an earlier attempt stopped. */
async function forEachChunk(
  { id, progress }: LeasedMessage,
  eventId: number,
  work: (trx: Trx, chunk: Chunk) => Promise<StoredNotification[]>,
): Promise<void> {
  const processChunk = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findBookingsChunkEnd(trx, { eventId, after: from });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has advanced this message.');
      return { to, stored: await work(trx, { messageId: id, eventId, from, to }) };
    });
  for (let from = progress; ;) {
    const done = await processChunk(from);
    if (!done) return;
    notifyNotificationsStored(done.stored);
    wakeRelay();
    from = done.to;
  }
}

/** Notifies all customers of an event in the app about what has changed. */
export async function notifyEventUpdated(message: LeasedMessage<'event.updated'>): Promise<void> {
  const { eventId, changed } = message.payload;
  const event = await findEventNotificationData(database, eventId);
  if (event?.status !== 'published') return;
  const notification = {
    kind: 'event.updated' as const,
    texts: renderInEveryLanguage(event, listAnnouncedChanges(changed)),
  };
  await forEachChunk(message, eventId, (trx, chunk) => insertNotificationsOfEvent(trx, chunk, notification));
}

/** Adds messages that mail all customers the new time and place, unless these are back to what they were. */
export async function notifyEventRescheduled(message: LeasedMessage<'event.rescheduled'>): Promise<void> {
  const { changeId } = message.payload;
  const change = await updateChangeNotified(database, changeId);
  if (!change) return;
  const { eventId, before } = change;
  const event = await findEventNotificationData(database, eventId);
  if (event?.status !== 'published' || !hasMoved(event, before)) return;
  await forEachChunk(message, eventId, async (trx, chunk) => {
    await insertMessagesOfBookings(trx, chunk, { topic: 'booking.rescheduled', changeId });
    return [];
  });
}

/** Handles a cancelled event: closes its waitlist and cancels its bookings, each of which gets its own message. */
export async function handleEventCancelled({ id, payload, effects }: LeasedMessage<'event.cancelled'>): Promise<void> {
  const { eventId, reason = null } = payload;
  if (!effects.includes('waitlist')) {
    await runInTransaction(async (trx) => {
      if (await recordEffect(trx, id, 'waitlist'))
        await insertMessagesOfWaitlistEntries(trx, { messageId: id, eventId }, 'waitlist.closed');
    });
  }
  await closeWaitlist(eventId);
  await cancelBookingsOfEvent(eventId, reason);
  wakeRelay();
}

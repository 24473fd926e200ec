import { database, runInTransaction, type Trx } from '../database';
import { notificationBody } from '../lib/mail/content';
import { changesForGuests, eventUpdated, hasMoved } from '../lib/mail/events';
import type { NewsEvent } from '../lib/mail/news';
import { languages, type Language } from '../lib/mail/texts';
import {
  findChunkEnd,
  insertMessagesOfBookings,
  insertMessagesOfEntries,
  insertNotificationsOfEvent,
} from '../models/notifications.fan-out.model';
import { updateChangeTold } from '../models/notifications.changes.model';
import type { StoredNotification } from '../models/notifications.model';
import { findEventNews } from '../models/notifications.news.model';
import { cancelBookingsOfEvent } from './bookings.cancel.service';
import { notificationsAreStored } from './live.changes.service';
import { advanceMessage, recordEffect, type LeasedMessage } from './outbox.handle.service';
import { wakeRelay } from './outbox.service';
import { closeWaitlist } from './waitlist.service';

const CHUNK = 2000;

/** Step: the last of the event's next bookings after an id, as many as fit a transaction; undefined where there are none. */
export async function findEndOfBookings(
  trx: Trx,
  bookings: { eventId: number; after: number },
): Promise<number | undefined> {
  return findChunkEnd(trx, { ...bookings, limit: CHUNK });
}

function inEveryLanguage(event: NewsEvent, changed: string[]) {
  const texts = Object.keys(languages).map((language) => {
    const content = eventUpdated(event, changed, language);
    return [language, { title: content.title, body: notificationBody(content) }] as const;
  });
  return Object.fromEntries(texts) as Record<Language, { title: string; body: string }>;
}

type Chunk = { messageId: number; eventId: number; from: number; to: number };

/** Works through an event's active bookings in transactions of their own. Goes on where it broke off. */
async function forEachChunk(
  { id, progress }: LeasedMessage,
  eventId: number,
  work: (trx: Trx, chunk: Chunk) => Promise<StoredNotification[]>,
): Promise<void> {
  const workOn = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findEndOfBookings(trx, { eventId, after: from });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has gone on with this message.');
      return { to, stored: await work(trx, { messageId: id, eventId, from, to }) };
    });
  for (let from = progress; ;) {
    const done = await workOn(from);
    if (!done) return;
    notificationsAreStored(done.stored);
    wakeRelay();
    from = done.to;
  }
}

/** Tells everybody who has booked what has changed, in the app. */
export async function tellEventUpdated(message: LeasedMessage<'event.updated'>): Promise<void> {
  const { eventId, changed } = message.payload;
  const event = await findEventNews(database, eventId);
  if (event?.status !== 'published') return;
  const said = { kind: 'event.updated' as const, texts: inEveryLanguage(event, changesForGuests(changed)) };
  await forEachChunk(message, eventId, (trx, chunk) => insertNotificationsOfEvent(trx, chunk, said));
}

/** Has everybody who has booked told by mail how time and place have changed, unless they are as they were. */
export async function tellEventRescheduled(message: LeasedMessage<'event.rescheduled'>): Promise<void> {
  const { changeId } = message.payload;
  const change = await updateChangeTold(database, changeId);
  if (!change) return;
  const { eventId, before } = change;
  const event = await findEventNews(database, eventId);
  if (event?.status !== 'published' || !hasMoved(event, before)) return;
  await forEachChunk(message, eventId, async (trx, chunk) => {
    await insertMessagesOfBookings(trx, chunk, { topic: 'booking.rescheduled', changeId });
    return [];
  });
}

/** Cancels what hangs on a cancelled event: each booking and each place in line gets a message of its own. */
export async function settleEventCancelled({ id, payload, effects }: LeasedMessage<'event.cancelled'>): Promise<void> {
  const { eventId, reason = null } = payload;
  if (!effects.includes('waitlist')) {
    await runInTransaction(async (trx) => {
      if (await recordEffect(trx, id, 'waitlist'))
        await insertMessagesOfEntries(trx, { messageId: id, eventId }, 'waitlist.closed');
    });
  }
  await closeWaitlist(eventId);
  await cancelBookingsOfEvent(eventId, reason);
  wakeRelay();
}

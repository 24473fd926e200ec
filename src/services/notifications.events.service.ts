import { database, runInTransaction, type Trx } from '../database';
import { notificationBody } from '../lib/mail/content';
import { eventUpdated, isReschedule } from '../lib/mail/events';
import type { NewsEvent } from '../lib/mail/news';
import { languages, type Language } from '../lib/mail/texts';
import {
  findChunkEnd,
  insertMessagesOfBookings,
  insertMessagesOfEntries,
  insertNotificationsOfEvent,
} from '../models/notifications.fan-out.model';
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

/** Tells everybody who has booked what has changed; by mail too where time or place have. Goes on where it broke off. */
export async function tellEventUpdated({ id, payload, progress }: LeasedMessage<'event.updated'>): Promise<void> {
  const { eventId, changed } = payload;
  const event = await findEventNews(database, eventId);
  if (event?.status !== 'published') return;
  const said = { kind: 'event.updated', texts: inEveryLanguage(event, changed) };
  const tellChunk = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findEndOfBookings(trx, { eventId, after: from });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has gone on with this message.');
      const chunk = { messageId: id, eventId, from, to };
      const stored = await insertNotificationsOfEvent(trx, chunk, said);
      if (isReschedule(changed)) await insertMessagesOfBookings(trx, chunk, 'booking.rescheduled');
      return { to, stored };
    });
  for (let from = progress; ;) {
    const told = await tellChunk(from);
    if (!told) return;
    notificationsAreStored(told.stored);
    wakeRelay();
    from = told.to;
  }
}

/** Cancels what hangs on a cancelled event: each booking and each place in line gets a message of its own. */
export async function settleEventCancelled({ id, payload, effects }: LeasedMessage<'event.cancelled'>): Promise<void> {
  const { eventId } = payload;
  if (!effects.includes('waitlist')) {
    await runInTransaction(async (trx) => {
      if (await recordEffect(trx, id, 'waitlist'))
        await insertMessagesOfEntries(trx, { messageId: id, eventId }, 'waitlist.closed');
    });
  }
  await closeWaitlist(eventId);
  await cancelBookingsOfEvent(eventId);
  wakeRelay();
}

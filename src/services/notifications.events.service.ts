import { database, runInTransaction } from '../database';
import { notificationBody } from '../lib/mail/content';
import { eventUpdated, isReschedule } from '../lib/mail/events';
import {
  findChunkEnd,
  insertMessagesOfBookings,
  insertMessagesOfEntries,
  insertNotificationsOfEvent,
} from '../models/notifications.fan-out.model';
import { findEventNews } from '../models/notifications.news.model';
import { cancelBookingsOfEvent } from './bookings.cancel.service';
import { advanceMessage, recordEffect, type LeasedMessage } from './outbox.handle.service';
import { wakeRelay } from './outbox.service';
import { closeWaitlist } from './waitlist.service';

const CHUNK = 2000;

/** Tells everybody who has booked what has changed; by mail too where time or place have. Goes on where it broke off. */
export async function tellEventUpdated({ id, payload, progress }: LeasedMessage<'event.updated'>): Promise<void> {
  const { eventId, changed } = payload;
  const event = await findEventNews(database, eventId);
  if (event?.status !== 'published') return;
  const content = eventUpdated(event, changed);
  const text = { kind: 'event.updated', title: content.title, body: notificationBody(content) };
  const tellChunk = (from: number) =>
    runInTransaction(async (trx) => {
      const to = await findChunkEnd(trx, { eventId, after: from, limit: CHUNK });
      if (to === undefined) return undefined;
      if (!(await advanceMessage(trx, { messageId: id, from, to })))
        throw new Error('Another handler has gone on with this message.');
      const chunk = { messageId: id, eventId, from, to };
      await insertNotificationsOfEvent(trx, chunk, text);
      if (isReschedule(changed)) await insertMessagesOfBookings(trx, chunk, 'booking.rescheduled');
      return to;
    });
  for (let from: number | undefined = progress; from !== undefined;) {
    from = await tellChunk(from);
    wakeRelay();
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

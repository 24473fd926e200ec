import { database, runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { bumpListVersion } from '../../runtime/list-version';
import { formatMoney } from '../../lib/money/money';
import { countCancellationEffects } from '../../models/events/cancellation-effects';
import { deleteEvent as deleteRow, updateEvent as updateRow } from '../../models/events/events';
import { completeOverEvents, updatePopularity } from '../../models/events/scheduled-changes';
import { recordActivities, recordActivity } from '../audit/record-activity';
import { hasActiveBookings } from '../bookings/booking-stats';
import { getManagedEvent, lockEventSale, assertOpen } from './event-access';
import { getEvent, type TaggedEvent } from './get-event';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';

/**
 * What cancelling an event would do. It changes nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED
 */
export async function previewCancellation(actor: Actor, eventId: number) {
  assertOpen(await getManagedEvent(database, actor, eventId));
  const { refunds, ...effects } = await countCancellationEffects(database, eventId);
  return {
    ...effects,
    refunds: refunds.map(({ currency, amount }) => ({ currency, amount: formatMoney(amount, currency) })),
  };
}

interface CancelEvent {
  eventId: number;
  /** Told to everyone who has booked or waits. */
  reason?: string;
}

/**
 * Ends the sale from this moment; a message then cancels the bookings and tells everyone.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED
 */
export async function cancelEvent(actor: Actor, { eventId, reason }: CancelEvent): Promise<TaggedEvent> {
  await runOnce(actor, async (trx) => {
    assertOpen(await lockEventSale(trx, actor, eventId));
    await updateRow(trx, eventId, { values: { status: 'cancelled' } });
    await recordActivity(trx, actor, {
      action: 'event.cancel',
      subjectId: eventId,
      ...(reason && { details: { reason } }),
    });
    const payload = { eventId, ...(reason && { reason }) };
    await addMessages(trx, [{ topic: 'event.cancelled', payload, requestId: actor.requestId }]);
  });
  bumpListVersion();
  return getEvent(actor, eventId);
}

/**
 * Takes an event out of view; its history stays. One that was still to come is cancelled, so that nobody waits in line for it.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_HAS_BOOKINGS
 */
export async function deleteEvent(actor: Actor, eventId: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const event = await lockEventSale(trx, actor, eventId);
    if (await hasActiveBookings(trx, eventId)) throw new AppError('EVENT_HAS_BOOKINGS');
    if (event.status === 'published' && !event.isOver) {
      await updateRow(trx, eventId, { values: { status: 'cancelled' } });
      await addMessages(trx, [{ topic: 'event.cancelled', payload: { eventId }, requestId: actor.requestId }]);
    }
    await deleteRow(trx, eventId);
    await recordActivity(trx, actor, { action: 'event.delete', subjectId: eventId, details: { title: event.title } });
  });
  bumpListVersion();
}

const COMPLETE_CHUNK_SIZE = 500;

async function repeatUntilNoneLeft(step: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await step();
    total += count;
    if (count < COMPLETE_CHUNK_SIZE) return total;
  }
}

async function completeChunk(trx: Trx): Promise<number> {
  const ids = await completeOverEvents(trx, COMPLETE_CHUNK_SIZE);
  await recordActivities(
    trx,
    'schedule',
    ids.map((subjectId) => ({ action: 'event.complete', subjectId })),
  );
  return ids.length;
}

/** Completes published events that are over; returns how many. */
export async function completePastEvents(): Promise<number> {
  const count = await repeatUntilNoneLeft(() => runInTransaction(completeChunk));
  if (count > 0) bumpListVersion();
  return count;
}

/** Brings the popularity that lists are sorted by near what is sold; returns how many events were too far off. */
export async function refreshPopularity(): Promise<number> {
  return repeatUntilNoneLeft(() => runInTransaction((trx) => updatePopularity(trx, COMPLETE_CHUNK_SIZE)));
}

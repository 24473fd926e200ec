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
 * Returns what cancelling an event would do, without changing anything.
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
  /** Sent to everyone who has booked or is on the waitlist. */
  reason?: string;
}

/**
 * Cancels an event, which ends its sale at once. A message then cancels its bookings and notifies everyone.
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
 * Deletes an event; its history stays. An upcoming event is also cancelled, which closes its waitlist.
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

/** Completes published events that are over. Returns how many. */
export async function completePastEvents(): Promise<number> {
  const count = await repeatUntilNoneLeft(() => runInTransaction(completeChunk));
  if (count > 0) bumpListVersion();
  return count;
}

/** Updates the popularity that lists are sorted by where it is too far from the tickets sold. Returns how many events it updated. */
export async function refreshPopularity(): Promise<number> {
  return repeatUntilNoneLeft(() => runInTransaction((trx) => updatePopularity(trx, COMPLETE_CHUNK_SIZE)));
}

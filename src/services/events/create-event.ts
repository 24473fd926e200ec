import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { bumpListVersion } from '../../runtime/list-version';
import { insertEvent, type EventValues } from '../../models/events/events';
import { recordActivity } from '../audit/record-activity';
import { assertAmount, syncPrices } from './event-prices';
import { getEvent, type TaggedEvent } from './get-event';
import { assertTimes, DEFAULT_DURATION_MS } from './event-times';
import { runOnce } from '../idempotency.service';
import { insertOfferedTypes, type TicketTypeInput } from '../ticket-types/offer-ticket-types';
import { assertVerifiedEmail } from '../users/accounts';

export interface CreateEvent extends Omit<EventValues, 'endDate' | 'status'> {
  /** Defaults to two hours after the start. */
  endDate?: Date;
  status: 'draft' | 'published';
  /** Null: unlimited. */
  totalTickets: number | null;
  ticketTypes: TicketTypeInput[];
  isFree?: boolean;
}

/**
 * Creates an event, published or as a draft. Without ticket types it gets a default one.
 * @throws AppError VALIDATION_ERROR, EMAIL_NOT_VERIFIED
 */
export async function createEvent(
  actor: Actor,
  { totalTickets, ticketTypes, isFree, ...input }: CreateEvent,
): Promise<TaggedEvent> {
  const values: EventValues = {
    ...input,
    endDate: input.endDate ?? new Date(input.startDate.getTime() + DEFAULT_DURATION_MS),
  };
  const { basePrice, currency, status } = values;
  const id = await runOnce(actor, async (trx) => {
    if (values.startDate.getTime() <= Date.now()) throw createValidationError('startDate', 'must be in the future');
    assertTimes(values);
    assertAmount('basePrice', basePrice, currency);
    if (status === 'published') await assertVerifiedEmail(trx, actor.userId);
    const eventId = await insertEvent(trx, { organizerId: actor.userId, capacity: totalTickets, values });
    await insertOfferedTypes(trx, eventId, { types: ticketTypes, capacity: totalTickets, ...values });
    await syncPrices(trx, eventId, isFree);
    await recordActivity(trx, actor, {
      action: 'event.create',
      subjectId: eventId,
      details: { title: values.title, status, totalTickets },
    });
    return eventId;
  });
  bumpListVersion();
  return getEvent(actor, id);
}

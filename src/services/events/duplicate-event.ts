import { database } from '../../database';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { insertEvent, type EventRow, type EventValues } from '../../models/events/events';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { lockSale } from '../inventory/lock-sale';
import { copySeats } from '../seats/define-seats';
import { copyTicketTypes } from '../ticket-types/copy-ticket-types';
import { getManagedEvent } from './event-access';
import { syncPrices } from './event-prices';
import { assertTimes } from './event-times';
import { getEvent, type TaggedEvent } from './get-event';

export interface DuplicateEvent {
  eventId: number;
  startDate: Date;
  /** Defaults to the title of the original. */
  title?: string;
}

function toValues(event: EventRow, { startDate, title, laterMs }: DuplicateEvent & { laterMs: number }): EventValues {
  return {
    title: title ?? event.title,
    description: event.description,
    category: event.category,
    tags: event.tags,
    venueName: event.venueName,
    venueAddress: event.venueAddress,
    startDate,
    endDate: new Date(event.endDate.getTime() + laterMs),
    timezone: event.timezone,
    basePrice: event.basePrice,
    currency: event.currency,
    taxRate: event.taxRate,
    taxInclusive: event.taxInclusive,
    status: 'draft',
    cancellationWindowHours: event.cancellationWindowHours,
    refundPolicy: event.refundPolicy,
    maxPerUser: event.maxPerUser,
    allowMultipleBookings: event.allowMultipleBookings,
    sendTicketsToAttendees: event.sendTicketsToAttendees,
    metadata: event.metadata,
    coverImageAlt: null,
  };
}

/**
 * Creates a draft with the fields, ticket types and seating plan of an event, but not its cover, discounts and bookings.
 * It belongs to the same organizer.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR
 */
export async function duplicateEvent(actor: Actor, request: DuplicateEvent): Promise<TaggedEvent> {
  const { eventId, startDate } = request;
  const event = await getManagedEvent(database, actor, eventId);
  if (startDate.getTime() <= Date.now()) throw createValidationError('startDate', 'must be in the future');
  const laterMs = startDate.getTime() - event.startDate.getTime();
  const values = toValues(event, { ...request, laterMs });
  assertTimes(values);
  const id = await runOnce(actor, async (trx) => {
    const newId = await insertEvent(trx, { organizerId: event.organizerId, capacity: event.capacity, values });
    await lockSale(trx, newId);
    const types = await copyTicketTypes(trx, { fromId: eventId, toId: newId, laterMs });
    await copySeats(trx, { fromId: eventId, toId: newId, types, total: event.capacity });
    await syncPrices(trx, newId);
    const details = { title: values.title, status: values.status, totalTickets: event.capacity, duplicateOf: eventId };
    await recordActivity(trx, actor, { action: 'event.create', subjectId: newId, details });
    return newId;
  });
  return getEvent(actor, id);
}

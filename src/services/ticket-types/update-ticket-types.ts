import { database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { bumpListVersion } from '../../runtime/list-version';
import type { EventRow } from '../../models/events/events';
import {
  deleteTicketType as deleteRow,
  insertTicketTypes,
  listTicketTypes as listRows,
  sortTicketTypes as sortRows,
  updateTicketType as updateRow,
  type TicketTypeRow,
} from '../../models/ticket-types.model';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { getVisibleEvent, lockEventSale, lockManagedEvent, assertOpen } from '../events/event-access';
import { presentTicketType } from '../events/present-event';
import { assertAmount, syncPrices, isSameAmount } from '../events/event-prices';
import { runOnce } from '../idempotency.service';
import { resizeInventory } from '../inventory/execute';
import { assertNotSeated, getTotalBesideSeats, removeSeatsOfTicketType } from '../seats/seated-ticket-types';
import { closeWaitlistOfType } from '../waitlist/join-and-leave';
import {
  assertLimits,
  MAX_TICKET_TYPES,
  toNewTicketType,
  type TicketType,
  type TicketTypeInput,
} from './offer-ticket-types';

interface Target {
  eventId: number;
  ticketTypeId: number;
}

function getTargetType(types: TicketTypeRow[], ticketTypeId: number): TicketTypeRow {
  const type = types.find(({ id }) => id === ticketTypeId);
  if (!type) throw new AppError('NOT_FOUND', 'Ticket type not found.');
  return type;
}

async function lockOpenSale(trx: Trx, actor: Actor, eventId: number): Promise<EventRow> {
  const event = await lockEventSale(trx, actor, eventId);
  assertOpen(event);
  return event;
}

/** @throws AppError NOT_FOUND, also for drafts of others */
export async function getTicketType(actor: Actor | undefined, { eventId, ticketTypeId }: Target): Promise<TicketType> {
  const event = await getVisibleEvent(database, actor, eventId);
  return presentTicketType(getTargetType(await listRows(database, eventId), ticketTypeId), event);
}

/** Creates a ticket type. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, VALIDATION_ERROR */
export async function createTicketType(
  actor: Actor,
  { eventId, ...input }: TicketTypeInput & { eventId: number },
): Promise<TicketType> {
  const ticketTypeId = await runOnce(actor, async (trx) => {
    const event = await lockOpenSale(trx, actor, eventId);
    const others = await listRows(trx, eventId);
    if (others.length >= MAX_TICKET_TYPES)
      throw createValidationError('name', `an event has at most ${MAX_TICKET_TYPES} ticket types`);
    const type = toNewTicketType(input, event);
    const [id] = await insertTicketTypes(trx, eventId, [type]);
    // The new type may make tickets available that the other types could not use; they are offered to the waitlist first.
    await resizeInventory(trx, { eventId, types: [{ ticketTypeId: id!, capacity: type.capacity }] });
    await syncPrices(trx, eventId);
    await recordActivity(trx, actor, { action: 'ticket_type.create', subjectId: id!, details: { eventId, ...input } });
    return id!;
  });
  bumpListVersion();
  return getTicketType(actor, { eventId, ticketTypeId });
}

const LIMITS = ['salesStart', 'salesEnd', 'minPerBooking', 'maxPerBooking', 'quantity'] as const;

function assertChange(type: TicketTypeRow, input: Partial<TicketTypeInput>, event: EventRow): void {
  if (input.price !== undefined) assertAmount('price', input.price, event.currency);
  // An existing contradiction must not block unrelated changes.
  if (LIMITS.some((name) => input[name] !== undefined))
    assertLimits({ ...type, quantity: type.capacity, ...input }, event);
}

/**
 * Changes a ticket type. A default type that gets its own price or quantity no longer follows the event's.
 * @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, CAPACITY_BELOW_BOOKED, VALIDATION_ERROR
 */
export async function updateTicketType(
  actor: Actor,
  { eventId, ticketTypeId, changes }: Target & { changes: Partial<TicketTypeInput> },
): Promise<TicketType> {
  await runInTransaction(async (trx) => {
    const event = await lockOpenSale(trx, actor, eventId);
    const type = getTargetType(await listRows(trx, eventId), ticketTypeId);
    assertChange(type, changes, event);
    const { quantity, ...values } = changes;
    const isResized = quantity !== undefined && quantity !== presentTicketType(type, event).quantity;
    const isRepriced = values.price !== undefined && !isSameAmount(values.price, type.price);
    if (isResized) await assertNotSeated(trx, ticketTypeId);
    await updateRow(trx, ticketTypeId, { ...values, isDefault: type.isDefault && !isResized && !isRepriced });
    // New times and limits may also make tickets available; they are offered to the waitlist first.
    await resizeInventory(trx, { eventId, types: isResized ? [{ ticketTypeId, capacity: quantity }] : [] });
    await syncPrices(trx, eventId);
    const details = { eventId, ...getDifferences(presentTicketType(type, event), changes) };
    await recordActivity(trx, actor, { action: 'ticket_type.update', subjectId: ticketTypeId, details });
  });
  bumpListVersion();
  return getTicketType(actor, { eventId, ticketTypeId });
}

/** Puts all ticket types of an event in an order. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, VALIDATION_ERROR */
export async function sortTicketTypes(
  actor: Actor,
  { eventId, ticketTypeIds }: { eventId: number; ticketTypeIds: number[] },
): Promise<TicketType[]> {
  await runInTransaction(async (trx) => {
    const event = await lockManagedEvent(trx, actor, eventId);
    assertOpen(event);
    const before = (await listRows(trx, eventId)).map(({ id }) => id);
    if (ticketTypeIds.length !== before.length || !before.every((id) => ticketTypeIds.includes(id)))
      throw createValidationError('ticketTypeIds', 'must name every ticket type of the event once');
    await sortRows(trx, ticketTypeIds);
    await recordActivity(trx, actor, {
      action: 'event.sort_ticket_types',
      subjectId: eventId,
      details: { ticketTypeIds },
    });
  });
  bumpListVersion();
  const event = await getVisibleEvent(database, actor, eventId);
  return (await listRows(database, eventId)).map((type) => presentTicketType(type, event));
}

/** Deletes a ticket type and closes its waitlist; its history stays. @throws AppError NOT_FOUND, FORBIDDEN, EVENT_CLOSED, EVENT_HAS_BOOKINGS, VALIDATION_ERROR */
export async function deleteTicketType(actor: Actor, { eventId, ticketTypeId }: Target): Promise<void> {
  await runInTransaction(async (trx) => {
    const event = await lockOpenSale(trx, actor, eventId);
    const types = await listRows(trx, eventId);
    const type = getTargetType(types, ticketTypeId);
    if (type.sold + type.held > 0) throw new AppError('EVENT_HAS_BOOKINGS', 'Tickets of this type are booked or held.');
    if (types.length === 1) throw createValidationError('ticketTypeId', 'an event must have at least one ticket type');
    await closeWaitlistOfType(trx, { ticketTypeId, requestId: actor.requestId });
    await removeSeatsOfTicketType(trx, ticketTypeId);
    await deleteRow(trx, ticketTypeId);
    const capacity = await getTotalBesideSeats(trx, eventId, null);
    if (capacity !== null && capacity !== event.capacity) await resizeInventory(trx, { eventId, capacity });
    await syncPrices(trx, eventId);
    const details = { eventId, name: type.name };
    await recordActivity(trx, actor, { action: 'ticket_type.delete', subjectId: ticketTypeId, details });
  });
  bumpListVersion();
}

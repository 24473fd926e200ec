import { AppError, createValidationError } from '../../../errors';
import { assertBookable, assertNoDuplicate, assertUserLimit, countOfferable } from './book';
import {
  findActiveEntry,
  findStoredResult,
  countAvailable,
  getHolding,
  indexEntry,
  storeResult,
  adjustCounters,
  addMessage,
  getVisibleEventState,
  type Context,
} from './context';
import type { WaitlistEntryState, EventState, TypeState } from '../../../models/inventory/types';
import type { ExpireOfferCommand, JoinCommand, LeaveCommand, Outcome } from './commands';
import { getSalesEnd } from '../../../lib/bookings/sales';

/** Returns the type and number of tickets that this entry could be offered now; undefined if none fit. */
function findOffer(
  event: EventState,
  waitlistEntry: Pick<WaitlistEntryState, 'ticketTypeId' | 'ticketsCount' | 'acceptFewer'>,
  now: number,
): { type: TypeState; count: number } | undefined {
  let best: { type: TypeState; count: number } | undefined;
  for (const type of event.types) {
    if (waitlistEntry.ticketTypeId !== null && waitlistEntry.ticketTypeId !== type.id) continue;
    const max = type.maxPerBooking ?? Infinity;
    const count = Math.min(countOfferable(event, type, now), waitlistEntry.ticketsCount, max);
    // Fewer tickets than the type's minimum could not be claimed.
    if (count < type.minPerBooking) continue;
    if (count === waitlistEntry.ticketsCount) return { type, count };
    if (waitlistEntry.acceptFewer && count > (best?.count ?? 0)) best = { type, count };
  }
  return best;
}

/** Returns when an offer expires (ms): after `offerMs`, but at most a quarter of the remaining sale. */
function getOfferExpiry(event: EventState, type: TypeState, now: number, offerMs: number): number {
  const salesEnd = getSalesEnd({ salesEnd: type.salesEndAt, startsAt: event.startsAt });
  const end = now < event.startsAt ? Math.min(event.startsAt, salesEnd) : salesEnd;
  return now + Math.floor(Math.min(offerMs, (end - now) / 4));
}

/** Offers available tickets to waitlist entries in order of joining, skipping entries that they do not fit. */
export function makeOffers(context: Context, event: EventState): void {
  const queue = context.waitlistQueues.get(event.id);
  const { now, rules } = context.state;
  if (!queue || queue.length === 0 || event.isDeleted || event.isOrganizerSuspended) return;
  if (event.status !== 'published' || now >= event.endsAt) return;
  for (let i = 0; i < queue.length && countAvailable(event) > 0;) {
    const entry = queue[i]!;
    const offer = entry.status === 'waiting' ? findOffer(event, entry, now) : undefined;
    if (offer) {
      entry.status = 'offered';
      entry.offeredCount = offer.count;
      entry.offeredTicketTypeId = offer.type.id;
      entry.offerExpiresAt = getOfferExpiry(
        event,
        offer.type,
        now,
        entry.hasHistory ? rules.offerMs : rules.firstOfferMs,
      );
      event.waiting -= 1;
      adjustCounters(event, offer.type.id, { held: offer.count });
      context.changes.updatedEntries.add(entry);
      addMessage(context, () => ({ topic: 'waitlist.offered', payload: { entryId: entry.id } }));
    }
    if (entry.status === 'waiting') i += 1;
    else queue.splice(i, 1);
  }
}

/** Asserts that the wanted tickets could ever be booked. @throws AppError VALIDATION_ERROR */
function assertJoinable(event: EventState, { ticketTypeId, ticketsCount }: JoinCommand): void {
  const types = ticketTypeId === null ? event.types : event.types.filter(({ id }) => id === ticketTypeId);
  if (types.length === 0) throw createValidationError('ticketTypeId', 'is not a ticket type of this event');
  if (
    !types.some(
      ({ minPerBooking, maxPerBooking }) =>
        minPerBooking <= ticketsCount && ticketsCount <= (maxPerBooking ?? Infinity),
    )
  )
    throw createValidationError('ticketsCount', 'no ticket type can be booked in this quantity');
  assertUserLimit(event, ticketsCount);
}

export function join(context: Context, command: JoinCommand): Outcome<'join'> {
  const { actor, ticketTypeId, ticketsCount, acceptFewer, requestId, hasHistory } = command;
  const event = getVisibleEventState(context, command);
  const existing = context.entriesByRequest.get(requestId);
  if (existing) return { ok: true, value: { waitlistEntry: existing, event, position: null } };
  const stored = findStoredResult(context, command);
  if (stored) return { ok: true, value: stored.result, isReplay: true };
  assertJoinable(event, command);
  const { now } = context.state;
  assertBookable(event, now);
  const holding = getHolding(context, actor.userId, event.id);
  assertNoDuplicate(holding.booking, event);
  assertUserLimit(event, ticketsCount + holding.tickets);
  if (findActiveEntry(context, actor.userId, event.id)) throw new AppError('ALREADY_ON_WAITLIST');
  if (findOffer(event, { ticketTypeId, ticketsCount, acceptFewer: false }, now))
    throw new AppError('TICKETS_AVAILABLE');

  const waitlistEntry: WaitlistEntryState = {
    id: 0,
    userId: actor.userId,
    eventId: event.id,
    ticketTypeId,
    ticketsCount,
    acceptFewer,
    status: 'waiting',
    offeredCount: null,
    offeredTicketTypeId: null,
    offerExpiresAt: null,
    requestId,
    joinedAt: now,
    hasHistory,
  };
  event.waiting += 1;
  const position = event.waiting;
  context.changes.insertedEntries.push(waitlistEntry);
  indexEntry(context, waitlistEntry);
  // An entry that accepts fewer tickets may get an offer right away.
  makeOffers(context, event);
  const value = { waitlistEntry, event, position };
  storeResult(context, { userId: actor.userId, idempotency: command.idempotency, result: value });
  return { ok: true, value };
}

/** Removes an entry from the waitlist and releases the tickets that it holds. */
export function releaseEntry(
  context: Context,
  event: EventState,
  { waitlistEntry, status }: { waitlistEntry: WaitlistEntryState; status: 'left' | 'expired' },
): void {
  if (waitlistEntry.status === 'offered')
    adjustCounters(event, waitlistEntry.offeredTicketTypeId!, { held: -waitlistEntry.offeredCount! });
  else event.waiting -= 1;
  waitlistEntry.status = status;
  context.changes.updatedEntries.add(waitlistEntry);
}

export function leave(context: Context, command: LeaveCommand): Outcome<'leave'> {
  const event = context.state.events.get(command.eventId);
  const waitlistEntry = findActiveEntry(context, command.userId, command.eventId);
  if (!event || !waitlistEntry) throw new AppError('NOT_FOUND', 'You are not on the waitlist of this event.');
  releaseEntry(context, event, { waitlistEntry, status: 'left' });
  return { ok: true, value: undefined };
}

/** Expires an overdue offer. An offer that was claimed or left in the meantime stays as it is. */
export function expireOffer(context: Context, command: ExpireOfferCommand): Outcome<'expireOffer'> {
  const entry = context.state.waitlistEntries.get(command.waitlistEntryId);
  const event = context.state.events.get(command.eventId);
  if (!event || !entry || entry.status !== 'offered' || entry.offerExpiresAt! > context.state.now)
    return { ok: true, value: false };
  releaseEntry(context, event, { waitlistEntry: entry, status: 'expired' });
  addMessage(context, () => ({ topic: 'waitlist.expired', payload: { entryId: entry.id } }));
  return { ok: true, value: true };
}

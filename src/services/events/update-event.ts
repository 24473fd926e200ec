import { isDeepStrictEqual } from 'node:util';
import { database, runInTransaction, type Trx } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { assertVersion } from '../../lib/version-tag';
import { bumpListVersion } from '../../runtime/list-version';
import { listAnnouncedChanges, isReschedule } from '../notifications/mail/events';
import { updateEvent as updateRow, type EventRow, type EventValues } from '../../models/events/events';
import { getDifferences, recordActivity } from '../audit/record-activity';
import { getManagedEvent, lockEventSale, lockManagedEvent, assertOpen } from './event-access';
import { hasActiveBookings } from '../bookings/booking-stats';
import type { CreateEvent } from './create-event';
import { assertAmount, syncPrices, isSameAmount } from './event-prices';
import { getEvent, type TaggedEvent } from './get-event';
import { assertTimes, getMovedTimes } from './event-times';
import { resizeInventory } from '../inventory/execute';
import { addEventChange } from '../notifications/event-changes';
import { getTotalBesideSeats } from '../seats/seated-ticket-types';
import { addMessages } from '../outbox/add-messages';
import { listTypesOfEvent, opensAfterStart, repriceDefaultType } from '../ticket-types/offer-ticket-types';
import { assertVerifiedEmail } from '../users/accounts';

export type UpdateEvent = Partial<Omit<CreateEvent, 'ticketTypes'>>;

interface Update {
  eventId: number;
  /** The ETag that the event must still have; only its version is compared. */
  ifMatch: string | undefined;
  changes: UpdateEvent;
}

// No booking rule depends on these fields, so changing them does not wait for bookings.
const FIELDS_OUTSIDE_SALE: ReadonlySet<string> = new Set<keyof UpdateEvent>([
  'title',
  'description',
  'category',
  'tags',
  'timezone',
  'metadata',
  'coverImageAlt',
]);
const TIME_AND_PLACE: readonly (keyof EventValues)[] = ['startDate', 'endDate', 'venueName', 'venueAddress'];

function isSame(name: string, before: unknown, after: unknown): boolean {
  return name === 'basePrice' ? isSameAmount(String(before), String(after)) : isDeepStrictEqual(before, after);
}

/** Returns the values in `wanted` that differ from the event. */
function getChangedValues(event: EventRow, wanted: Partial<EventValues>): Partial<EventValues> {
  const entries = Object.entries(wanted).filter(
    ([name, value]) => value !== undefined && !isSame(name, event[name as keyof EventValues], value),
  );
  return Object.fromEntries(entries) as Partial<EventValues>;
}

function assertTimesFit(event: EventRow, changed: Partial<EventValues>): void {
  const times = { ...event, ...changed };
  assertTimes(times);
  if ((changed.startDate ?? changed.status) && times.startDate.getTime() <= Date.now())
    throw createValidationError('startDate', 'must be in the future');
  if (changed.endDate && changed.endDate.getTime() <= Date.now())
    throw createValidationError('endDate', 'must be in the future');
}

async function assertCurrencyChangeable(trx: Trx, event: EventRow, currency: string): Promise<void> {
  if (await hasActiveBookings(trx, event.id))
    throw new AppError('EVENT_HAS_BOOKINGS', 'The currency cannot change: this event has bookings.');
  for (const type of await listTypesOfEvent(trx, event.id))
    if (!type.isDefault) assertAmount('currency', type.price, currency);
}

/** @throws AppError VALIDATION_ERROR if a ticket type could no longer be sold */
async function assertSellable(trx: Trx, event: EventRow): Promise<void> {
  for (const { name, minPerBooking } of await listTypesOfEvent(trx, event.id))
    for (const [path, limit] of [
      ['totalTickets', event.capacity],
      ['maxPerUser', event.maxPerUser],
    ] as const)
      if (limit !== null && limit > 0 && minPerBooking > limit)
        throw createValidationError(
          path,
          `must not be less than ${minPerBooking}, the minimum per booking of "${name}"`,
        );
}

/** @throws AppError VALIDATION_ERROR if the sale of a ticket type would start after it ends */
async function assertSalesStartBeforeEvent(trx: Trx, eventId: number, startDate: Date): Promise<void> {
  for (const { name, salesStart, salesEnd } of await listTypesOfEvent(trx, eventId))
    if (opensAfterStart({ salesStart, salesEnd }, startDate))
      throw createValidationError(
        'startDate',
        `must be later than the salesStart of "${name}", whose sale ends with the start`,
      );
}

/** Returns the update with its total adjusted to the seats. @throws AppError VALIDATION_ERROR */
async function resolveTotal(
  trx: Trx,
  event: EventRow,
  { totalTickets, ...changes }: UpdateEvent,
): Promise<UpdateEvent> {
  // An existing contradiction must not block unrelated changes.
  if (totalTickets === undefined || (totalTickets === event.capacity && totalTickets !== null)) return changes;
  return { ...changes, totalTickets: await getTotalBesideSeats(trx, event.id, totalTickets) };
}

async function applyUpdate(
  trx: Trx,
  event: EventRow,
  { totalTickets, isFree, ...wanted }: UpdateEvent,
): Promise<string[]> {
  const times = wanted.startDate || wanted.endDate ? getMovedTimes(event, wanted) : {};
  const values = getChangedValues(event, { ...wanted, ...times });
  const isResized = totalTickets !== undefined && totalTickets !== event.capacity;
  if (values.status === 'draft') throw createValidationError('status', 'a published event cannot become a draft again');
  assertTimesFit(event, values);
  const { basePrice, currency } = { ...event, ...values };
  if (values.currency) await assertCurrencyChangeable(trx, event, values.currency);
  assertAmount('basePrice', basePrice, currency);
  if (values.startDate) await assertSalesStartBeforeEvent(trx, event.id, values.startDate);
  if (isResized || values.maxPerUser !== undefined)
    await assertSellable(trx, { ...event, ...values, capacity: isResized ? totalTickets : event.capacity });
  const changed = [...Object.keys(values), ...(isResized ? ['totalTickets'] : [])];
  if (values.basePrice !== undefined) await repriceDefaultType(trx, event.id, values.basePrice);
  const isRescheduled = event.status === 'published' && TIME_AND_PLACE.some((name) => values[name] !== undefined);
  if (changed.length > 0) await updateRow(trx, event.id, { values, isRescheduled });
  // A new start may reopen the sale; like new tickets, the available ones are then offered to the waitlist first.
  if (isResized || values.startDate) await resizeInventory(trx, { eventId: event.id, capacity: totalTickets });
  if (values.basePrice !== undefined || isFree !== undefined) await syncPrices(trx, event.id, isFree);
  return changed;
}

async function notifyCustomers(
  trx: Trx,
  event: EventRow,
  { changed, requestId }: { changed: string[]; requestId: string },
): Promise<void> {
  const { id: eventId, startDate, endDate, timezone, venueName, venueAddress } = event;
  if (listAnnouncedChanges(changed).length > 0)
    await addMessages(trx, [{ topic: 'event.updated', payload: { eventId, changed }, requestId }]);
  if (!isReschedule(changed)) return;
  const before = { startsAt: startDate.getTime(), endsAt: endDate.getTime(), timezone, venueName, venueAddress };
  await addEventChange(trx, { eventId, before, requestId });
}

/**
 * Changes the given fields of an event and notifies its customers.
 * @throws AppError NOT_FOUND, FORBIDDEN, EMAIL_NOT_VERIFIED, EVENT_CLOSED, CAPACITY_BELOW_BOOKED, EVENT_HAS_BOOKINGS, PRECONDITION_FAILED, VALIDATION_ERROR
 */
export async function updateEvent(actor: Actor, { eventId, ifMatch, changes: wanted }: Update): Promise<TaggedEvent> {
  const before = await getManagedEvent(database, actor, eventId);
  if (wanted.status === 'published' && before.status === 'draft') await assertVerifiedEmail(database, actor.userId);
  const isSaleFree = Object.keys(wanted).every((name) => FIELDS_OUTSIDE_SALE.has(name));
  await runInTransaction(async (trx) => {
    const event = isSaleFree ? await lockManagedEvent(trx, actor, eventId) : await lockEventSale(trx, actor, eventId);
    assertVersion(ifMatch, event.version);
    assertOpen(event);
    const changes = await resolveTotal(trx, event, wanted);
    const changed = await applyUpdate(trx, event, changes);
    if (changed.length > 0) {
      const details = getDifferences({ ...event, totalTickets: event.capacity }, changes);
      await recordActivity(trx, actor, { action: 'event.update', subjectId: eventId, details });
    }
    // A draft has nobody to notify.
    if (event.status === 'published') await notifyCustomers(trx, event, { changed, requestId: actor.requestId });
  });
  bumpListVersion();
  return getEvent(actor, eventId);
}

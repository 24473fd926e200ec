import { AppError } from '../../../errors';
import { mayManage, type Actor } from '../../../lib/actor';
import type {
  BookingResult,
  BookingState,
  Changes,
  CheckoutResult,
  EventState,
  Holding,
  Idempotency,
  InventoryState,
  JoinResult,
  StoreOrderState,
  TypeState,
  WaitlistEntryState,
} from '../../../models/inventory/types';
import type { Message } from '../../../models/outbox/messages';
import type { BookCommand, CheckoutCommand, EventCommand, JoinCommand, Results } from './commands';

/** A batch being decided: its state, the changes so far, and indexes over both. */
export interface Context {
  state: InventoryState;
  changes: Changes;
  /** The request that caused the command being decided; its messages carry this id. */
  requestId: string | undefined;
  activeBookings: Map<string, BookingState[]>;
  /** Active bookings of users that the batch has not read one by one. */
  holdings: Map<string, Holding>;
  activeEntries: Map<string, WaitlistEntryState>;
  bookingsByRequest: Map<string, BookingState>;
  entriesByRequest: Map<string, WaitlistEntryState>;
  /** Orders made by checkouts, by the request of the checkout. */
  ordersByRequest: Map<string, StoreOrderState>;
  /** Waiting entries by event, in order of joining. */
  waitlistQueues: Map<number, WaitlistEntryState[]>;
}

const isActive = (booking: BookingState): boolean => booking.status === 'pending' || booking.status === 'confirmed';

export const pairKey = (userId: number, eventId: number): string => `${userId}:${eventId}`;

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

export function createContext(state: InventoryState): Context {
  const context: Context = {
    state,
    changes: {
      insertedBookings: [],
      updatedBookings: new Set(),
      reseatedBookings: new Set(),
      insertedOrders: new Map(),
      updatedOrders: new Set(),
      checkouts: [],
      creditMoves: [],
      reclaimedOrders: new Set(),
      returnedTickets: [],
      insertedEntries: [],
      updatedEntries: new Set(),
      claims: new Map(),
      resizedEvents: new Set(),
      resizedTypes: new Set(),
      messages: [],
      activities: [],
      idempotentResults: [],
    },
    activeBookings: new Map(),
    holdings: new Map(state.holdings.map((holding) => [pairKey(holding.userId, holding.eventId), holding])),
    activeEntries: new Map(),
    bookingsByRequest: new Map(),
    entriesByRequest: new Map(),
    ordersByRequest: new Map([...state.storeOrders.values()].map((order) => [order.requestId!, order])),
    waitlistQueues: new Map(),
    requestId: undefined,
  };
  for (const booking of state.bookings.values()) indexBooking(context, booking);
  for (const entry of state.waitlistEntries.values()) indexEntry(context, entry);
  return context;
}

export function indexBooking(context: Context, booking: BookingState): void {
  context.bookingsByRequest.set(booking.requestId, booking);
  if (isActive(booking)) push(context.activeBookings, pairKey(booking.userId, booking.eventId), booking);
}

export function indexEntry(context: Context, waitlistEntry: WaitlistEntryState): void {
  context.entriesByRequest.set(waitlistEntry.requestId, waitlistEntry);
  if (waitlistEntry.status === 'waiting') push(context.waitlistQueues, waitlistEntry.eventId, waitlistEntry);
  if (waitlistEntry.status === 'waiting' || waitlistEntry.status === 'offered')
    context.activeEntries.set(pairKey(waitlistEntry.userId, waitlistEntry.eventId), waitlistEntry);
}

const sumTickets = (bookings: BookingState[]): number => bookings.reduce((sum, b) => sum + b.ticketsCount, 0);

/** Returns the number of tickets in a user's active bookings for an event, those not paid yet, and one of the bookings. */
export function getHolding(
  context: Context,
  userId: number,
  eventId: number,
): { tickets: number; unpaidTickets: number; booking: Holding['booking'] | undefined } {
  const key = pairKey(userId, eventId);
  const bookings = context.activeBookings.get(key)?.filter(isActive) ?? [];
  const others = context.holdings.get(key);
  return {
    tickets: sumTickets(bookings) + (others?.tickets ?? 0),
    unpaidTickets: sumTickets(bookings.filter(({ status }) => status === 'pending')) + (others?.unpaidTickets ?? 0),
    booking: others?.booking ?? bookings[0],
  };
}

/** Returns whether this booking is indexed as active. */
export function isIndexed(context: Context, booking: BookingState): boolean {
  return context.activeBookings.get(pairKey(booking.userId, booking.eventId))?.includes(booking) ?? false;
}

export function findActiveEntry(context: Context, userId: number, eventId: number): WaitlistEntryState | undefined {
  const entry = context.activeEntries.get(pairKey(userId, eventId));
  return entry && (entry.status === 'waiting' || entry.status === 'offered') ? entry : undefined;
}

const createEventNotFoundError = (): AppError => new AppError('NOT_FOUND', 'Event not found.');

/** @throws AppError NOT_FOUND */
export function getEventState(context: Context, { eventId }: EventCommand): EventState {
  const event = context.state.events.get(eventId);
  if (!event || event.isDeleted) throw createEventNotFoundError();
  return event;
}

/** Returns the event if the actor can see it. @throws AppError NOT_FOUND, also for drafts of others */
export function getVisibleEventState(context: Context, command: EventCommand & { actor: Actor }): EventState {
  const event = getEventState(context, command);
  if (event.status === 'draft' && !mayManage(command.actor, event.organizerId)) throw createEventNotFoundError();
  return event;
}

export function getTicketTypeState(event: EventState, ticketTypeId: number): TypeState | undefined {
  return event.types.find((type) => type.id === ticketTypeId);
}

/** Returns how many tickets anyone may book; Infinity if unlimited. */
export function countAvailable(event: EventState): number {
  return event.capacity === null ? Infinity : event.capacity - event.sold - event.held;
}

export function countAvailableOfType(event: EventState, type: TypeState): number {
  const ofType = type.capacity === null ? Infinity : type.capacity - type.sold - type.held;
  return Math.min(ofType, countAvailable(event));
}

/** Adds to the sold and held counters of a ticket type and its event; negative numbers subtract. */
export function adjustCounters(
  event: EventState,
  ticketTypeId: number,
  { sold = 0, held = 0 }: Partial<Record<'sold' | 'held', number>>,
): void {
  for (const counters of [event, getTicketTypeState(event, ticketTypeId)]) {
    if (!counters) continue;
    counters.sold += sold;
    counters.held += held;
  }
}

/** Adds an outbox message. It is built when the rows it refers to have their ids. */
export function addMessage(context: Context, message: () => Message): void {
  const { requestId } = context;
  context.changes.messages.push(() => ({ ...message(), requestId }));
}

/** Returns the result of an earlier command with the same idempotency key, if any. @throws AppError IDEMPOTENCY_KEY_REUSED */
export function findStoredResult<C extends BookCommand | JoinCommand | CheckoutCommand>(
  context: Context,
  { actor: { userId }, idempotency }: C,
): { result: Results[C['kind']] } | undefined {
  if (!idempotency) return undefined;
  const stored = context.state.idempotentResults.get(`${userId}:${idempotency.key}`);
  if (stored && stored.fingerprint !== idempotency.fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  // The same fingerprint means the same request, and so the same kind of command.
  return stored as { result: Results[C['kind']] } | undefined;
}

interface ResultToStore {
  userId: number;
  idempotency: Idempotency | undefined;
  result: BookingResult | JoinResult | CheckoutResult;
  /** Set if the result is a booking. */
  booking?: BookingState;
}

export function storeResult(context: Context, { userId, idempotency, result, booking }: ResultToStore): void {
  if (!idempotency) return;
  context.state.idempotentResults.set(`${userId}:${idempotency.key}`, { fingerprint: idempotency.fingerprint, result });
  context.changes.idempotentResults.push({ ...idempotency, userId, result, booking });
}

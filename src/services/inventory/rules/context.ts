import { AppError } from '../../../errors';
import { mayManage, type Actor } from '../../../lib/actor';
import type {
  BookingResult,
  BookingState,
  Changes,
  EventState,
  Holding,
  Idempotency,
  InventoryState,
  JoinResult,
  TypeState,
  WaitlistEntryState,
} from '../../../models/inventory/types';
import type { Message } from '../../../models/outbox/messages';
import type { BookCommand, Command, JoinCommand, Results } from './commands';

/** A batch being decided: its state, what has changed so far, and the ways to look things up in it. */
export interface Context {
  state: InventoryState;
  changes: Changes;
  /** Behind the command being decided: messages that follow from it name it. */
  requestId: string | undefined;
  activeBookings: Map<string, BookingState[]>;
  /** What users have beside those. */
  holdings: Map<string, Holding>;
  activeEntries: Map<string, WaitlistEntryState>;
  bookingsByRequest: Map<string, BookingState>;
  entriesByRequest: Map<string, WaitlistEntryState>;
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
      insertedEntries: [],
      updatedEntries: new Set(),
      claims: new Map(),
      resizedEvents: new Set(),
      resizedTypes: new Set(),
      messages: [],
      activities: [],
      answers: [],
    },
    activeBookings: new Map(),
    holdings: new Map(state.holdings.map((holding) => [pairKey(holding.userId, holding.eventId), holding])),
    activeEntries: new Map(),
    bookingsByRequest: new Map(),
    entriesByRequest: new Map(),
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

/** What a user has of an event in active bookings: one of them, and the tickets of all. */
export function getHolding(
  context: Context,
  userId: number,
  eventId: number,
): { tickets: number; booking: Holding['booking'] | undefined } {
  const key = pairKey(userId, eventId);
  const bookings = context.activeBookings.get(key)?.filter(isActive) ?? [];
  const others = context.holdings.get(key);
  const tickets = bookings.reduce((sum, { ticketsCount }) => sum + ticketsCount, others?.tickets ?? 0);
  return { tickets, booking: others?.booking ?? bookings[0] };
}

/** Whether the batch knows this booking as an active one. */
export function isIndexed(context: Context, booking: BookingState): boolean {
  return context.activeBookings.get(pairKey(booking.userId, booking.eventId))?.includes(booking) ?? false;
}

export function findActiveEntry(context: Context, userId: number, eventId: number): WaitlistEntryState | undefined {
  const entry = context.activeEntries.get(pairKey(userId, eventId));
  return entry && (entry.status === 'waiting' || entry.status === 'offered') ? entry : undefined;
}

const createEventNotFoundError = (): AppError => new AppError('NOT_FOUND', 'There is no such event.');

/** @throws AppError NOT_FOUND */
export function getEventState(context: Context, { eventId }: Command): EventState {
  const event = context.state.events.get(eventId);
  if (!event || event.isDeleted) throw createEventNotFoundError();
  return event;
}

/** The event, for somebody who books or waits. @throws AppError NOT_FOUND, also for a stranger's draft */
export function getVisibleEventState(context: Context, command: Command & { actor: Actor }): EventState {
  const event = getEventState(context, command);
  if (event.status === 'draft' && !mayManage(command.actor, event.organizerId)) throw createEventNotFoundError();
  return event;
}

export function getTicketTypeState(event: EventState, ticketTypeId: number): TypeState | undefined {
  return event.types.find((type) => type.id === ticketTypeId);
}

/** Tickets that anybody may book; Infinity where nothing limits them. */
export function countAvailable(event: EventState): number {
  return event.capacity === null ? Infinity : event.capacity - event.sold - event.held;
}

export function countAvailableOfType(event: EventState, type: TypeState): number {
  const ofType = type.capacity === null ? Infinity : type.capacity - type.sold - type.held;
  return Math.min(ofType, countAvailable(event));
}

/** Moves tickets of a type into (or, negative, out of) what is sold or held. */
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

/** Adds a message that follows from the batch. It is made once the rows it names have their ids. */
export function addMessage(context: Context, message: () => Message): void {
  const { requestId } = context;
  context.changes.messages.push(() => ({ ...message(), requestId }));
}

/** The result that a command with the same idempotency key had before, if any. @throws AppError IDEMPOTENCY_KEY_REUSED */
export function findEarlierAnswer<C extends BookCommand | JoinCommand>(
  context: Context,
  { actor: { userId }, idempotency }: C,
): { result: Results[C['kind']] } | undefined {
  if (!idempotency) return undefined;
  const answer = context.state.answers.get(`${userId}:${idempotency.key}`);
  if (answer && answer.fingerprint !== idempotency.fingerprint) throw new AppError('IDEMPOTENCY_KEY_REUSED');
  // Its fingerprint says that the request, and so the kind of the command, was the same.
  return answer as { result: Results[C['kind']] } | undefined;
}

interface KeptAnswer {
  userId: number;
  idempotency: Idempotency | undefined;
  result: BookingResult | JoinResult;
  /** Where it is the answer about one. */
  booking?: BookingState;
}

export function keepAnswer(context: Context, { userId, idempotency, result, booking }: KeptAnswer): void {
  if (!idempotency) return;
  context.state.answers.set(`${userId}:${idempotency.key}`, { fingerprint: idempotency.fingerprint, result });
  context.changes.answers.push({ ...idempotency, userId, result, booking });
}

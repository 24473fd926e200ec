import { AppError } from '../../src/errors';
import type { Actor, Role } from '../../src/lib/actor';
import type {
  BookingState,
  Changes,
  DiscountState,
  WaitlistEntryState,
  EventState,
  IdempotentResult,
  InventoryState,
  Rules,
  SeatingState,
  TypeState,
} from '../../src/models/inventory/types';
import type {
  BookCommand,
  CancelCommand,
  Command,
  JoinCommand,
  CommandKind,
  Outcome,
  Results,
  ResizeCommand,
} from '../../src/services/inventory/rules/commands';
import { decide } from '../../src/services/inventory/rules/decide';
import { presentResult } from '../../src/services/inventory/present-result';

// States and commands for tests of the booking rules, without a database.

export const NOW = Date.UTC(2030, 0, 1, 12);
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const RULES: Rules = {
  maxTicketsPerUser: 10,
  holdMs: 15 * MINUTE,
  offerMs: 12 * HOUR,
  firstOfferMs: 12 * HOUR,
  cancellationWindowHours: 24,
  storeTaxRate: '0',
};

export const ORGANIZER = 900;

export function aType(values: Partial<TypeState> = {}): TypeState {
  return {
    id: 11,
    name: 'General admission',
    price: '0',
    salesStartAt: null,
    salesEndAt: null,
    minPerBooking: 1,
    maxPerBooking: null,
    capacity: null,
    sold: 0,
    held: 0,
    ...values,
  };
}

/** Returns a free event in ten days with one ticket type. */
export function anEvent(values: Partial<EventState> = {}): EventState {
  return {
    id: 1,
    isOrganizerSuspended: false,
    organizerId: ORGANIZER,
    title: 'A show',
    status: 'published',
    isDeleted: false,
    startsAt: NOW + 10 * DAY,
    endsAt: NOW + 10 * DAY + 2 * HOUR,
    timezone: 'UTC',
    venueName: null,
    venueAddress: null,
    coverKey: null,
    currency: 'USD',
    taxRate: '0',
    isTaxInclusive: true,
    cancellationWindowHours: null,
    refundPolicy: null,
    maxPerUser: null,
    allowMultipleBookings: false,
    rescheduledAt: null,
    capacity: 100,
    sold: 0,
    held: 0,
    waiting: 0,
    seating: null,
    types: [aType()],
    ...values,
  };
}

let lastId = 1000;

export function aBooking(values: Partial<BookingState> & { userId: number }): BookingState {
  lastId += 1;
  const ticketsCount = values.ticketsCount ?? 1;
  return {
    id: lastId,
    reference: `REF${lastId}`,
    eventId: 1,
    ticketsCount,
    items: [{ ticketTypeId: 11, name: 'General admission', quantity: ticketsCount, unitPrice: '0', seats: null }],
    status: 'confirmed',
    totalAmount: '0',
    discountAmount: '0',
    discountId: null,
    currency: 'USD',
    orderId: null,
    isExclusive: true,
    cancellationWindowHours: null,
    refundPolicy: null,
    requestId: `made-${lastId}`,
    cancelRequestId: null,
    cancelReason: null,
    expiresAt: values.status === 'pending' ? NOW + 5 * MINUTE : null,
    createdAt: NOW - DAY,
    confirmedAt: null,
    cancelledAt: null,
    tickets: [],
    expiredAt: null,
    order: null,
    ...values,
  };
}

export function anEntry(values: Partial<WaitlistEntryState> & { userId: number }): WaitlistEntryState {
  lastId += 1;
  const isOffered = values.status === 'offered';
  return {
    id: lastId,
    eventId: 1,
    ticketTypeId: null,
    ticketsCount: 1,
    acceptFewer: false,
    status: 'waiting',
    offeredCount: isOffered ? (values.ticketsCount ?? 1) : null,
    offeredTicketTypeId: isOffered ? 11 : null,
    offerExpiresAt: isOffered ? NOW + HOUR : null,
    requestId: `joined-${lastId}`,
    joinedAt: NOW - DAY,
    ...values,
  };
}

/** Returns a discount of 20 % on all events of the organizer. */
export function aDiscount(values: Partial<DiscountState> = {}): DiscountState {
  return {
    id: 51,
    organizerId: ORGANIZER,
    eventId: null,
    code: 'fifth',
    type: 'percentage',
    value: '20',
    currency: null,
    maxUses: null,
    maxUsesPerUser: null,
    usedCount: 0,
    startsAt: null,
    endsAt: null,
    isActive: true,
    uses: new Map(),
    ...values,
  };
}

interface Sale {
  event?: EventState;
  bookings?: BookingState[];
  entries?: WaitlistEntryState[];
  discounts?: DiscountState[];
  answers?: [string, IdempotentResult][];
  seating?: SeatingState;
  rules?: Partial<Rules>;
  now?: number;
}

function count(event: EventState, ticketTypeId: number, counter: 'sold' | 'held', quantity: number): void {
  event[counter] += quantity;
  const type = event.types.find(({ id }) => id === ticketTypeId);
  if (type) type[counter] += quantity;
}

/** Returns a state whose counters match its bookings and waitlist entries. */
export function aSale({
  event = anEvent(),
  bookings = [],
  entries = [],
  discounts = [],
  answers = [],
  seating = { seatingPlans: new Map(), taken: new Set() },
  rules,
  now = NOW,
}: Sale = {}) {
  for (const { status, items } of bookings) {
    const counter = status === 'confirmed' ? 'sold' : status === 'pending' ? 'held' : undefined;
    for (const { ticketTypeId, quantity } of items) if (counter) count(event, ticketTypeId, counter, quantity);
  }
  for (const { status, offeredCount, offeredTicketTypeId } of entries) {
    if (status === 'offered') count(event, offeredTicketTypeId!, 'held', offeredCount!);
    if (status === 'waiting') event.waiting += 1;
  }
  const state: InventoryState = {
    now,
    rules: { ...RULES, ...rules },
    events: new Map([[event.id, event]]),
    bookings: new Map(bookings.map((booking) => [booking.id, booking])),
    waitlistEntries: new Map(entries.map((entry) => [entry.id, entry])),
    discounts: new Map(discounts.map((discount) => [discount.id, discount])),
    seating,
    holdings: [],
    products: new Map(),
    storeOrders: new Map(),
    carts: new Map(),
    credits: new Map(),
    idempotentResults: new Map(answers),
  };
  return { state, event };
}

export function anActor(userId: number, role: Role = 'customer'): Actor {
  return { userId, role, sessionId: 1, requestId: 'test' };
}

let lastRequest = 0;
const newRequest = (): string => `request-${(lastRequest += 1)}`;

export function book(userId: number, wanted: BookCommand['wanted'] = 1, more: Partial<BookCommand> = {}): BookCommand {
  const requestId = newRequest();
  return {
    kind: 'book',
    eventId: 1,
    requestId,
    actor: anActor(userId),
    reference: `N-${requestId}`,
    wanted,
    ...more,
  };
}

export function cancel(bookingId: number, actor: Actor | undefined, more: Partial<CancelCommand> = {}): CancelCommand {
  return { kind: 'cancel', eventId: 1, requestId: newRequest(), bookingId, actor, reason: null, ...more };
}

export function join(userId: number, more: Partial<JoinCommand> = {}): JoinCommand {
  const defaults = { ticketTypeId: null, ticketsCount: 1, acceptFewer: false };
  return { kind: 'join', eventId: 1, requestId: newRequest(), actor: anActor(userId), ...defaults, ...more };
}

export const leave = (userId: number): Command => ({ kind: 'leave', eventId: 1, requestId: newRequest(), userId });

export const expire = (bookingId: number): Command => ({
  kind: 'expire',
  eventId: 1,
  requestId: newRequest(),
  bookingId,
});

export const expireOffer = (entryId: number): Command => ({
  kind: 'expireOffer',
  eventId: 1,
  requestId: newRequest(),
  waitlistEntryId: entryId,
});

export function resize(sizes: Omit<ResizeCommand, 'kind' | 'eventId' | 'requestId'>): ResizeCommand {
  return { kind: 'resize', eventId: 1, requestId: newRequest(), ...sizes };
}

const presentValue = (value: Results[CommandKind]): unknown =>
  typeof value === 'object' ? presentResult(value) : value;

function summary(outcome: Outcome): unknown {
  if (!outcome.ok) return outcome.error instanceof AppError ? outcome.error.code : outcome.error;
  return outcome.isReplay ? ['replay', presentValue(outcome.value)] : (presentValue(outcome.value) ?? 'done');
}

export interface Decision {
  /** The error code or value of each command, or `done` if it has no value. */
  answers: unknown[];
  outcomes: Outcome[];
  changes: Changes;
}

export function decided(state: InventoryState, ...commands: Command[]): Decision {
  const { outcomes, changes } = decide(state, commands);
  return { answers: outcomes.map(summary), outcomes, changes };
}

/** Returns the error code or value of the only command. */
export function answerTo(state: InventoryState, command: Command): unknown {
  return decided(state, command).answers[0];
}

/** Returns the refusal of the only command. */
export function refusalOf(state: InventoryState, command: Command): AppError {
  const [outcome] = decide(state, [command]).outcomes;
  if (!outcome || outcome.ok || !(outcome.error instanceof AppError)) throw new Error('This command was not refused.');
  return outcome.error;
}

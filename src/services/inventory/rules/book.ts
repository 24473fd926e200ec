import { AppError, createValidationError } from '../../../errors';
import { attendeesByType } from '../../../lib/bookings/attendees';
import { getDecimals } from '../../../lib/money/money';
import { priceLines, type DiscountedPrice, type PricedLine } from '../../../lib/money/pricing';
import { applyDiscount } from '../../../lib/discount-rules';
import {
  findActiveEntry,
  findStoredResult,
  countAvailable,
  countAvailableOfType,
  getHolding,
  indexBooking,
  storeResult,
  adjustCounters,
  addMessage,
  getTicketTypeState,
  getVisibleEventState,
  type Context,
} from './context';
import { decideCredits } from './credits';
import { getDiscount, redeemDiscount } from './discounts';
import type {
  BookingState,
  DiscountState,
  WaitlistEntryState,
  EventState,
  Holding,
  Seat,
  TypeState,
} from '../../../models/inventory/types';
import type { BookCommand, Outcome } from './commands';
import { makeOrder } from './orders';
import { getRequestedSeats, assertSeats, assertSeatsAvailable, assignSeats, takeSeats } from './seats';
import type { HoldAllowance } from '../../../lib/bookings/hold-allowance';
import { isWithinSales } from '../../../lib/bookings/sales';

// The first amount that numeric(14,3) cannot hold.
export const MAX_ORDER_TOTAL = 1e11;

interface RequestedItem {
  type: TypeState;
  quantity: number;
  /** The path of this item in the request, for error details. */
  path: string;
}

/** Returns the items that the chosen seats add up to. @throws AppError VALIDATION_ERROR if seats and tickets differ in number */
function toItemsBySeats(event: EventState, chosenSeats: Seat[], count: number): RequestedItem[] {
  if (chosenSeats.length !== count)
    throw createValidationError('ticketsCount', `is ${count}, but seatIds has ${chosenSeats.length} seats`);
  return event.types.flatMap((type) => {
    const quantity = chosenSeats.filter(({ ticketTypeId }) => ticketTypeId === type.id).length;
    return quantity > 0 ? [{ type, quantity, path: 'seatIds' }] : [];
  });
}

/**
 * Returns the requested items by ticket type; undefined if only a number was given and the event has several types.
 * @throws AppError VALIDATION_ERROR for types of another event
 */
function toRequestedItems(
  event: EventState,
  { wanted }: BookCommand,
  chosenSeats: Seat[] | undefined,
): RequestedItem[] | undefined {
  if (typeof wanted === 'number') {
    if (chosenSeats) return toItemsBySeats(event, chosenSeats, wanted);
    const [type, ...others] = event.types;
    return type && others.length === 0 ? [{ type, quantity: wanted, path: 'ticketsCount' }] : undefined;
  }
  const requested = new Map<number, RequestedItem>();
  wanted.forEach(({ ticketTypeId, quantity }, index) => {
    const type = getTicketTypeState(event, ticketTypeId);
    if (!type) throw createValidationError(`items.${index}.ticketTypeId`, 'is not a ticket type of this event');
    const item = requested.get(ticketTypeId);
    if (item) item.quantity += quantity;
    else requested.set(ticketTypeId, { type, quantity, path: `items.${index}.quantity` });
  });
  return [...requested.values()];
}

const countTickets = (requested: { quantity: number }[]): number =>
  requested.reduce((sum, { quantity }) => sum + quantity, 0);

function assertQuantities(requested: RequestedItem[]): void {
  for (const { type, quantity, path } of requested) {
    if (quantity < type.minPerBooking)
      throw createValidationError(path, `"${type.name}" requires at least ${type.minPerBooking} tickets per booking`);
    if (type.maxPerBooking !== null && quantity > type.maxPerBooking)
      throw createValidationError(path, `"${type.name}" allows at most ${type.maxPerBooking} tickets per booking`);
  }
}

export function isOnSale(event: EventState, type: TypeState, now: number): boolean {
  return isWithinSales({ salesStart: type.salesStartAt, salesEnd: type.salesEndAt, startsAt: event.startsAt }, now);
}

/** @throws AppError EVENT_NOT_BOOKABLE */
export function assertBookable(event: EventState, now: number): void {
  if (event.isOrganizerSuspended)
    throw new AppError('EVENT_NOT_BOOKABLE', 'This event cannot be booked: its organizer is suspended.');
  if (event.status === 'published' && now < event.endsAt) return;
  const reason = event.status === 'published' ? 'over' : event.status === 'draft' ? 'not published yet' : event.status;
  throw new AppError('EVENT_NOT_BOOKABLE', `This event cannot be booked: it is ${reason}.`);
}

/** @throws AppError DUPLICATE_BOOKING */
export function assertNoDuplicate(active: Holding['booking'] | undefined, event: EventState): void {
  if (!active || event.allowMultipleBookings) return;
  const message = `booking ${active.reference} is active`;
  throw new AppError('DUPLICATE_BOOKING', undefined, {
    // A booking made in the same batch gets its id when the batch is written.
    details: [
      {
        path: 'eventId',
        message,
        reference: active.reference,
        get bookingId() {
          return active.id;
        },
      },
    ],
  });
}

/** @throws AppError VALIDATION_ERROR */
export function assertUserLimit(event: EventState, count: number): void {
  if (event.maxPerUser !== null && count > event.maxPerUser)
    throw createValidationError('ticketsCount', `this event allows at most ${event.maxPerUser} tickets per user`);
}

function createSoldOutError(path: string, available: number): AppError {
  const left = Math.max(0, available);
  const message = left === 0 ? 'none are left' : `${left} are left`;
  return new AppError('SOLD_OUT', undefined, { details: [{ path, message, available: left }] });
}

/**
 * Asserts that the tickets are available, including those that an offer holds for this user.
 * @throws AppError SOLD_OUT
 */
function assertAvailable(
  event: EventState,
  requested: RequestedItem[],
  count: number,
  offer: WaitlistEntryState | undefined,
): void {
  const offered = offer?.offeredCount ?? 0;
  if (offer && count > offered) throw createSoldOutError('ticketsCount', offered);
  if (count > countAvailable(event) + offered)
    throw createSoldOutError('ticketsCount', countAvailable(event) + offered);
  for (const { type, quantity, path } of requested) {
    const ownHold = offer?.offeredTicketTypeId === type.id ? offered : 0;
    const ofType = type.capacity === null ? Infinity : type.capacity - type.sold - type.held + ownHold;
    if (quantity > ofType) throw createSoldOutError(path, ofType);
  }
}

function claimOffer(
  context: Context,
  event: EventState,
  { waitlistEntry, booking }: { waitlistEntry: WaitlistEntryState; booking: BookingState },
): void {
  if (waitlistEntry.status === 'offered')
    adjustCounters(event, waitlistEntry.offeredTicketTypeId!, { held: -waitlistEntry.offeredCount! });
  else event.waiting -= 1;
  waitlistEntry.status = 'claimed';
  context.changes.updatedEntries.add(waitlistEntry);
  context.changes.claims.set(booking, waitlistEntry);
}

/** Returns the wanted tickets in the order of the request. */
function getWantedTickets(
  { wanted }: BookCommand,
  { requested, chosenSeats }: Pick<Basket, 'requested' | 'chosenSeats'>,
): { ticketTypeId: number; quantity: number }[] {
  if (typeof wanted === 'number' && chosenSeats)
    return chosenSeats.map(({ ticketTypeId }) => ({ ticketTypeId, quantity: 1 }));
  return typeof wanted === 'number'
    ? requested.map(({ type, quantity }) => ({ ticketTypeId: type.id, quantity }))
    : wanted;
}

function calculatePrice(
  items: PricedLine[],
  { taxRate, isTaxInclusive, currency }: EventState,
  discount: DiscountState | undefined,
): Omit<DiscountedPrice, 'tax'> {
  if (discount) return applyDiscount(items, { taxRate, isTaxInclusive, currency }, discount);
  const rule = { taxRate, isTaxInclusive, decimals: getDecimals(currency) };
  return { ...priceLines(items, rule), discount: '0' };
}

interface Basket {
  event: EventState;
  requested: RequestedItem[];
  /** The seats chosen by id; undefined for best available and for events without numbered seats. */
  chosenSeats: Seat[] | undefined;
  discount: DiscountState | undefined;
}

function makeBooking(context: Context, command: BookCommand, basket: Basket): BookingState {
  const { now, rules, seating } = context.state;
  const { event, requested, discount } = basket;
  const named = command.attendees?.length
    ? attendeesByType(getWantedTickets(command, basket), command.attendees)
    : undefined;
  const seats = assignSeats(seating, seating.seatingPlans.get(event.id), basket);
  const items = requested.map(({ type, quantity }) => ({
    ticketTypeId: type.id,
    name: type.name,
    quantity,
    unitPrice: type.price,
    attendees: named?.get(type.id),
    seats: seats.get(type.id)!,
  }));
  const { subtotal, total, discount: taken } = calculatePrice(items, event, discount);
  if (Math.max(Number(subtotal), Number(total)) >= MAX_ORDER_TOTAL)
    throw createValidationError(requested[0]!.path, 'exceeds the maximum amount of one booking');
  const isFree = Number(total) === 0;
  return {
    id: 0,
    reference: command.reference,
    userId: command.actor.userId,
    eventId: event.id,
    ticketsCount: countTickets(requested),
    items,
    tickets: [],
    status: isFree ? 'confirmed' : 'pending',
    totalAmount: total,
    discountAmount: taken,
    discountId: discount?.id ?? null,
    currency: event.currency,
    orderId: null,
    isExclusive: !event.allowMultipleBookings,
    cancellationWindowHours: event.cancellationWindowHours ?? rules.cancellationWindowHours,
    refundPolicy: event.refundPolicy,
    requestId: command.requestId,
    cancelRequestId: null,
    cancelReason: null,
    expiresAt: isFree ? null : now + rules.holdMs,
    createdAt: now,
    confirmedAt: isFree ? now : null,
    cancelledAt: null,
    expiredAt: null,
    order: null,
  };
}

const ABANDONED = 'because you released tickets or goods, or did not pay for them in time, before';

/** @throws AppError EMAIL_NOT_VERIFIED */
function assertVerified({ isVerified }: HoldAllowance): void {
  if (!isVerified)
    throw new AppError('EMAIL_NOT_VERIFIED', 'Verify your email address before you order anything that has a price.');
}

/** @throws AppError RATE_LIMITED */
function assertNoPause({ pauseSeconds }: HoldAllowance): void {
  if (pauseSeconds === 0) return;
  const message = `You can hold tickets and goods again in ${pauseSeconds} s, ${ABANDONED}.`;
  throw new AppError('RATE_LIMITED', message, { retryAfter: pauseSeconds });
}

/** Asserts that this user may hold unpaid goods. @throws AppError EMAIL_NOT_VERIFIED, RATE_LIMITED */
export function assertMayHoldGoods({ allowance }: Pick<BookCommand, 'allowance'>): void {
  if (!allowance) return;
  assertVerified(allowance);
  assertNoPause(allowance);
}

/** Asserts that this user may hold unpaid tickets. @throws AppError EMAIL_NOT_VERIFIED, RATE_LIMITED, VALIDATION_ERROR */
export function assertHoldAllowance(
  { booking, waitlistEntry, unpaidTickets }: PreparedBooking,
  { allowance }: Pick<BookCommand, 'allowance'>,
): void {
  if (booking.status !== 'pending' || !allowance) return;
  assertVerified(allowance);
  // The offer already holds these tickets.
  if (waitlistEntry?.status === 'offered') return;
  assertNoPause(allowance);
  const reason = ABANDONED;
  if (booking.ticketsCount > allowance.maxTickets)
    throw createValidationError('ticketsCount', `at most ${allowance.maxTickets} tickets for now, ${reason}`);
  // Else one account could hold a whole event that allows several bookings.
  if (unpaidTickets > 0 && booking.ticketsCount + unpaidTickets > allowance.maxTickets)
    throw createValidationError(
      'ticketsCount',
      `you hold ${unpaidTickets} unpaid tickets of this event, and at most ${allowance.maxTickets} can be held; pay for them first`,
    );
}

export interface PreparedBooking {
  event: EventState;
  booking: BookingState;
  discount: DiscountState | undefined;
  /** The waitlist entry that it claims. */
  waitlistEntry: WaitlistEntryState | undefined;
  /** The tickets of this event that the customer holds unpaid already. */
  unpaidTickets: number;
}

/** Judges a booking and makes it, without changing any state. The order of the checks is part of the API contract. */
export function prepareBooking(context: Context, command: BookCommand, event: EventState): PreparedBooking {
  const { userId } = command.actor;
  const { now, seating } = context.state;
  const chosenSeats = getRequestedSeats(seating, event, command);
  const requested = toRequestedItems(event, command, chosenSeats);
  const count = typeof command.wanted === 'number' ? command.wanted : countTickets(command.wanted);
  if (requested) assertSeats(seating.seatingPlans.get(event.id), { requested, chosenSeats }, command);
  if (requested) assertQuantities(requested);
  assertUserLimit(event, count);
  assertBookable(event, now);
  const types = requested ? requested.map(({ type }) => type) : event.types;
  const closed = types.filter((type) => !isOnSale(event, type, now));
  if (requested ? closed.length > 0 : closed.length === types.length) throw new AppError('SALES_CLOSED');
  if (!requested) throw new AppError('TICKET_TYPE_REQUIRED');
  const holdings = [userId, ...(command.alikeUserIds ?? [])].map((id) => getHolding(context, id, event.id));
  assertNoDuplicate(holdings.find(({ booking: found }) => found)?.booking, event);
  assertUserLimit(event, count + holdings.reduce((sum, { tickets }) => sum + tickets, 0));
  const discount = getDiscount(context.state, command, event);
  assertSeatsAvailable(seating, chosenSeats);
  const waitlistEntry = findActiveEntry(context, userId, event.id);
  assertAvailable(event, requested, count, waitlistEntry?.status === 'offered' ? waitlistEntry : undefined);
  const booking = makeBooking(context, command, { event, requested, chosenSeats, discount });
  const unpaidTickets = holdings.reduce((sum, holding) => sum + holding.unpaidTickets, 0);
  return { event, booking, discount, waitlistEntry, unpaidTickets };
}

/** Takes what a prepared booking has. */
export function takeBooking(context: Context, { event, booking, discount, waitlistEntry }: PreparedBooking): void {
  takeSeats(context.state, booking);
  if (discount) redeemDiscount(discount, booking.userId);
  if (waitlistEntry) claimOffer(context, event, { waitlistEntry, booking });
  const counter = booking.status === 'confirmed' ? 'sold' : 'held';
  for (const { ticketTypeId, quantity } of booking.items) adjustCounters(event, ticketTypeId, { [counter]: quantity });
  context.changes.insertedBookings.push(booking);
  indexBooking(context, booking);
  if (booking.status === 'confirmed')
    addMessage(context, () => ({ topic: 'booking.confirmed', payload: { bookingId: booking.id } }));
}

/** Confirms a booking that credits pay at once. Returns how much they pay. @throws AppError INSUFFICIENT_CREDITS */
function payAtOnce(context: Context, { actor, creditsAmount }: BookCommand, booking: BookingState): string {
  if (creditsAmount === undefined || booking.status !== 'pending') return '0';
  const { totalAmount: total, currency } = booking;
  const creditsApplied = decideCredits(context, { actor, creditsAmount }, { total, currency, hasCredits: false });
  booking.status = 'confirmed';
  booking.confirmedAt = context.state.now;
  booking.expiresAt = null;
  return creditsApplied;
}

/** Books tickets. */
export function book(context: Context, command: BookCommand): Outcome<'book'> {
  const existing = context.bookingsByRequest.get(command.requestId);
  const event = getVisibleEventState(context, command);
  if (existing) return { ok: true, value: { booking: existing, event } };
  const { userId } = command.actor;
  const stored = findStoredResult(context, command);
  if (stored) return { ok: true, value: stored.result, isReplay: true };

  const prepared = prepareBooking(context, command, event);
  const { booking, discount } = prepared;
  const creditsApplied = payAtOnce(context, command, booking);
  assertHoldAllowance(prepared, command);
  takeBooking(context, prepared);
  makeOrder(context, booking, { event, discount, creditsApplied });
  const value = { booking, event };
  storeResult(context, { userId, idempotency: command.idempotency, result: value, booking });
  return { ok: true, value };
}

/** Returns how many tickets of this type can be offered now. */
export function countOfferable(event: EventState, type: TypeState, now: number): number {
  return isOnSale(event, type, now) ? countAvailableOfType(event, type) : 0;
}

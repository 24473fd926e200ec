import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import type { ProviderName } from '../../integrations/payments';
import type { Attendee } from '../../lib/attendees';
import { getOffset, toPage } from '../../lib/paging';
import { createReference } from '../../runtime/references';
import { logger } from '../../logger';
import {
  findBooking,
  findBookingByReference,
  listBookings as listBookingRows,
  type BookingRow,
} from '../../models/bookings/bookings';
import type { BookingStatus, Idempotency } from '../../models/inventory/types';
import { toIsoTimeOrNull, presentBooking } from './present-booking';
import { getHoldAllowance } from '../holds.service';
import { listAlikeUsers } from '../users/verified-users';
import { execute, type CommandResult } from '../inventory/execute';
import { presentBookingResult } from '../inventory/present-result';
import { tryToIssueInvoice } from '../orders/issue-invoices';
import { assertPaymentMethod, payOrder } from '../payments/pay-order';
import { createTicketCode } from '../tickets/ticket-codes';

export type UnsignedBooking = ReturnType<typeof presentBooking>;

/** From so many tickets on their codes are signed one after the other between other work. */
const MANY_TICKETS = 5;

async function signTicket(
  actor: Actor,
  { eventId, userId, tickets, seats }: UnsignedBooking,
  { nonce, seatId, isTransferred, checkedInAt, ...ticket }: UnsignedBooking['tickets'][number],
) {
  const status = ticket.status === 'valid' && isTransferred ? 'transferred' : ticket.status;
  const isHolder = status === 'valid' && actor.userId === userId;
  const isOneOfMany = tickets.length >= MANY_TICKETS;
  const code = isHolder ? await createTicketCode({ id: ticket.id, eventId, nonce }, { isOneOfMany }) : null;
  const seat = seats.find(({ id }) => id === seatId) ?? null;
  return { ...ticket, status, seat, code, checkedInAt: toIsoTimeOrNull(checkedInAt ?? null) };
}

/** A booking with the codes of those of its tickets that the actor holds. */
export async function addTicketCodes(actor: Actor, booking: UnsignedBooking) {
  const tickets = await Promise.all(booking.tickets.map((ticket) => signTicket(actor, booking, ticket)));
  return { ...booking, tickets };
}

export type Booking = Awaited<ReturnType<typeof addTicketCodes>>;

export interface CreateBooking {
  eventId: number;
  ticketsCount?: number;
  items?: { ticketTypeId: number; quantity: number }[];
  /** Of all tickets that have numbered seats. */
  seatIds?: number[];
  bestAvailable?: boolean;
  /** Of the tickets in turn. */
  attendees?: Attendee[];
  discountCode?: string;
  /** Begins to pay at once, where there is something to pay. */
  paymentMethod?: ProviderName;
}

/** The booking stands, whatever the provider says: paying it can be tried again. */
async function beginPayment(
  actor: Actor,
  booking: UnsignedBooking,
  paymentMethod: ProviderName,
): Promise<UnsignedBooking> {
  if (booking.order?.status !== 'pending') return booking;
  await payOrder(actor, { orderId: booking.order.id, paymentMethod }).catch((error: Error) =>
    logger.warn({ err: error, bookingId: booking.id }, 'A booking is made, and its payment not begun'),
  );
  const row = await getBookingRow(actor, booking.id);
  return { ...booking, payment: presentBooking(row, row.event).payment };
}

/**
 * Books tickets: confirmed at once where they cost nothing, else held until paid or expired.
 * @throws AppError the first refusal of the contract's order that applies
 */
export async function createBooking(
  actor: Actor,
  { eventId, ticketsCount, items, attendees = [], paymentMethod, ...choice }: CreateBooking,
  idempotency: Idempotency | undefined,
): Promise<CommandResult<Booking>> {
  const wanted = items ?? ticketsCount ?? choice.seatIds!.length;
  const count = typeof wanted === 'number' ? wanted : wanted.reduce((sum, { quantity }) => sum + quantity, 0);
  const path = items ? 'items' : ticketsCount === undefined ? 'seatIds' : 'ticketsCount';
  if (count > config.maxTicketsPerUser)
    throw createValidationError(path, `at most ${config.maxTicketsPerUser} tickets in one booking`);
  if (choice.seatIds && choice.bestAvailable)
    throw createValidationError('seatIds', 'are chosen already: leave out bestAvailable');
  if (attendees.length > count)
    throw createValidationError('attendees', `at most as many as tickets, which are ${count}`);
  if (paymentMethod) assertPaymentMethod(paymentMethod);
  const { value, isReplay } = await execute({
    kind: 'book',
    eventId,
    requestId: randomUUID(),
    actor,
    reference: createReference(),
    wanted,
    attendees,
    ...choice,
    alikeUserIds: listAlikeUsers(actor.userId),
    allowance: await getHoldAllowance(actor),
    idempotency,
  });
  const booked = presentBookingResult(value);
  // Where a discount takes everything off, nothing else will say that the order is paid.
  if (booked.order?.status === 'paid') await tryToIssueInvoice(booked.order.id);
  const booking = paymentMethod ? await beginPayment(actor, booked, paymentMethod) : booked;
  return { value: await addTicketCodes(actor, booking), isReplay };
}

function present(actor: Actor, row: BookingRow): Promise<Booking> {
  return addTicketCodes(actor, presentBooking(row, row.event));
}

function assertVisible(actor: Actor, row: BookingRow | undefined): BookingRow {
  if (!row || (row.userId !== actor.userId && !mayManage(actor, row.event.organizerId)))
    throw new AppError('NOT_FOUND', 'There is no such booking.');
  return row;
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBookingRow(actor: Actor, id: number): Promise<BookingRow> {
  return assertVisible(actor, await findBooking(database, id));
}

/** @throws AppError NOT_FOUND, to all but its owner */
export async function getOwnBookingRow(actor: Actor, id: number): Promise<BookingRow> {
  const row = await getBookingRow(actor, id);
  if (row.userId !== actor.userId) throw new AppError('NOT_FOUND', 'There is no such booking.');
  return row;
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBooking(actor: Actor, id: number): Promise<Booking> {
  return present(actor, await getBookingRow(actor, id));
}

/** @throws AppError NOT_FOUND, also to strangers */
export async function getBookingByReference(actor: Actor, reference: string): Promise<Booking> {
  return present(actor, assertVisible(actor, await findBookingByReference(database, reference.toUpperCase())));
}

export interface ListBookings {
  page: number;
  limit: number;
  status?: BookingStatus;
  eventId?: number;
  upcoming?: boolean;
}

/** The caller's own, newest first. */
export async function listBookings(actor: Actor, query: ListBookings) {
  const { rows, total } = await listBookingRows(database, { ...query, userId: actor.userId, offset: getOffset(query) });
  return toPage(await Promise.all(rows.map((row) => present(actor, row))), query, { total });
}

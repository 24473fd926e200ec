import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { ProviderName } from '../../integrations/payments';
import type { Attendee } from '../../lib/attendees';
import { createReference } from '../../runtime/references';
import { logger } from '../../logger';
import type { Idempotency } from '../../models/inventory/types';
import { addTicketCodes, type Booking, type UnsignedBooking } from './add-ticket-codes';
import { getBookingRow } from './get-bookings';
import { presentBooking } from './present-booking';
import { getHoldAllowance } from '../holds.service';
import { listAlikeUsers } from '../users/verified-users';
import { execute, type CommandResult } from '../inventory/execute';
import { presentBookingResult } from '../inventory/present-result';
import { tryToIssueInvoice } from '../orders/issue-invoices';
import { assertPaymentMethod, payOrder } from '../payments/pay-order';

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

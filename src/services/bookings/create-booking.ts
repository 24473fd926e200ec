import { randomUUID } from 'node:crypto';
import { config } from '../../config';
import { createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import type { ProviderName } from '../../integrations/payments';
import type { Attendee } from '../../lib/bookings/attendees';
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
import { assertPaymentMethod, payOrder, type PaymentMethod } from '../payments/pay-order';

export interface CreateBooking {
  eventId: number;
  ticketsCount?: number;
  items?: { ticketTypeId: number; quantity: number }[];
  /** Seats for all tickets with numbered seats. */
  seatIds?: number[];
  bestAvailable?: boolean;
  /** One attendee per ticket, in order. */
  attendees?: Attendee[];
  discountCode?: string;
  /** Starts the payment at once, if there is anything to pay. */
  paymentMethod?: PaymentMethod;
}

/** Starts the payment of a booking. The booking stays valid if the provider fails, because the customer can try to pay again. */
async function beginPayment(
  actor: Actor,
  booking: UnsignedBooking,
  paymentMethod: ProviderName,
): Promise<UnsignedBooking> {
  if (booking.order?.status !== 'pending') return booking;
  await payOrder(actor, { orderId: booking.order.id, paymentMethod }).catch((error: Error) =>
    logger.warn({ err: error, bookingId: booking.id }, 'The payment of a new booking could not be started'),
  );
  const row = await getBookingRow(actor, booking.id);
  return { ...booking, payment: presentBooking(row, row.event).payment };
}

/**
 * Books tickets. Free bookings are confirmed at once; others hold their tickets until they are paid or expire.
 * @throws AppError for the first rule that refuses the booking, in the order given by the API contract
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
    throw createValidationError('seatIds', 'cannot be combined with bestAvailable');
  if (attendees.length > count)
    throw createValidationError('attendees', `must not have more entries than the ${count} tickets`);
  const paysWithCredits = paymentMethod === 'credits';
  if (paymentMethod && !paysWithCredits) assertPaymentMethod(paymentMethod);
  const { value, isReplay } = await execute({
    kind: 'book',
    eventId,
    requestId: randomUUID(),
    actor,
    reference: createReference(),
    wanted,
    attendees,
    ...choice,
    ...(paysWithCredits ? { creditsAmount: 'all' } : {}),
    alikeUserIds: listAlikeUsers(actor.userId),
    allowance: await getHoldAllowance(actor),
    idempotency,
  });
  const booked = presentBookingResult(value);
  // An order that costs nothing or that credits pay has no payment whose success would issue the invoice.
  if (booked.order?.status === 'paid') await tryToIssueInvoice(booked.order.id);
  const booking = paymentMethod && !paysWithCredits ? await beginPayment(actor, booked, paymentMethod) : booked;
  return { value: await addTicketCodes(actor, booking), isReplay };
}

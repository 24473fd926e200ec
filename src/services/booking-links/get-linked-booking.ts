import { database } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { isErasedAddress } from '../../lib/erased';
import { getBookingCalendar } from '../bookings/get-booking-calendar';
import { verifyBookingLinkToken } from './link-tokens';
import type { Booking } from '../bookings/add-ticket-codes';
import { getBooking } from '../bookings/get-bookings';
import { getInvoice } from '../orders/get-invoice';
import { getTicketsPdf } from '../tickets/render-tickets';
import { getAccount } from '../users/accounts';

// A link in the customer's mail gives read-only access to what the customer would see.

async function getBookingOfLink(token: string): Promise<{ actor: Actor; bookingId: number }> {
  const link = verifyBookingLinkToken(token);
  const account = link && (await getAccount(database, link.userId));
  if (!link || !account || isErasedAddress(account.email) || account.status === 'suspended')
    throw new AppError('NOT_FOUND', 'This link is incomplete or invalid.');
  return { actor: { userId: link.userId, role: 'customer', sessionId: 0, requestId: '' }, bookingId: link.bookingId };
}

/** @throws AppError NOT_FOUND */
export async function getLinkedBooking(token: string): Promise<Booking> {
  const { actor, bookingId } = await getBookingOfLink(token);
  return getBooking(actor, bookingId);
}

/** Returns a PDF of the tickets that the customer holds. @throws AppError NOT_FOUND, also if there are none; UNAVAILABLE */
export async function getLinkedTickets(token: string): Promise<Buffer> {
  const { actor, bookingId } = await getBookingOfLink(token);
  return getTicketsPdf(actor, bookingId);
}

/** @throws AppError NOT_FOUND */
export async function getLinkedCalendar(token: string): Promise<string> {
  const { actor, bookingId } = await getBookingOfLink(token);
  return getBookingCalendar(actor, bookingId);
}

/** Returns the invoice as a PDF. @throws AppError NOT_FOUND, also if the booking was free of charge; UNAVAILABLE */
export async function getLinkedInvoice(token: string): Promise<{ content: Buffer; orderNumber: string }> {
  const { actor, bookingId } = await getBookingOfLink(token);
  const { order } = await getBooking(actor, bookingId);
  if (!order) throw new AppError('NOT_FOUND', 'This booking was free of charge and has no invoice.');
  return getInvoice(actor, { orderId: order.id });
}

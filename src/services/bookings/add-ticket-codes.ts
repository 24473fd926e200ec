import type { Actor } from '../../lib/actor';
import { createTicketCode } from '../tickets/ticket-codes';
import { toIsoTimeOrNull, type presentBooking } from './present-booking';

export type UnsignedBooking = ReturnType<typeof presentBooking>;

async function signTicket(
  actor: Actor,
  { eventId, userId, seats }: UnsignedBooking,
  { nonce, seatId, isTransferred, checkedInAt, ...ticket }: UnsignedBooking['tickets'][number],
) {
  const status = ticket.status === 'valid' && isTransferred ? 'transferred' : ticket.status;
  const isHolder = status === 'valid' && actor.userId === userId;
  const code = isHolder ? await createTicketCode({ id: ticket.id, eventId, nonce }) : null;
  const seat = seats.find(({ id }) => id === seatId) ?? null;
  return { ...ticket, status, seat, code, checkedInAt: toIsoTimeOrNull(checkedInAt ?? null) };
}

/** Returns a booking with the codes of the tickets that the actor holds. */
export async function addTicketCodes(actor: Actor, booking: UnsignedBooking) {
  const tickets = await Promise.all(booking.tickets.map((ticket) => signTicket(actor, booking, ticket)));
  return { ...booking, tickets };
}

export type Booking = Awaited<ReturnType<typeof addTicketCodes>>;

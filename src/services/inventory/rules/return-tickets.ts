import type { BookingItem, BookingState, TicketState } from '../../../models/inventory/types';
import { getBooking } from './cancel';
import type { Outcome, ReturnTicketsCommand } from './commands';
import { adjustCounters, type Context } from './context';

/** Compares tickets: those that come back first are still with the customer, not checked in, and the newest. */
function compareReturnable(a: TicketState, b: TicketState): number {
  const checkedIn = Number(a.checkedInAt !== null) - Number(b.checkedInAt !== null);
  return checkedIn || Number(a.isTransferred) - Number(b.isTransferred) || b.id - a.id;
}

/** Takes tickets of an item out of a booking, and returns them. */
function takeOut(context: Context, booking: BookingState, item: BookingItem, count: number): TicketState[] {
  const tickets = booking.tickets
    .filter(({ status, ticketTypeId }) => status === 'valid' && ticketTypeId === item.ticketTypeId)
    .sort(compareReturnable)
    .slice(0, count);
  const seatIds = new Set(tickets.map(({ seatId }) => seatId));
  for (const ticket of tickets) ticket.status = 'void';
  item.quantity -= tickets.length;
  item.seats = item.seats && item.seats.filter(({ id }) => !seatIds.has(id));
  for (const id of seatIds) if (id !== null) context.state.seating.taken.delete(id);
  booking.ticketsCount -= tickets.length;
  const event = context.state.events.get(booking.eventId);
  if (event) adjustCounters(event, item.ticketTypeId, { sold: -tickets.length });
  return tickets;
}

/** Takes refunded tickets out of a confirmed booking. Has no effect on tickets that are out already, so it can be repeated. */
export function returnTickets(context: Context, { bookingId, kept }: ReturnTicketsCommand): Outcome<'returnTickets'> {
  const booking = getBooking(context, bookingId);
  if (booking.status !== 'confirmed') return { ok: true, value: undefined };
  for (const { ticketTypeId, quantity } of kept) {
    const item = booking.items.find((each) => each.ticketTypeId === ticketTypeId);
    const excess = item ? item.quantity - quantity : 0;
    if (excess > 0) context.changes.returnedTickets.push(...takeOut(context, booking, item!, excess));
  }
  return { ok: true, value: undefined };
}

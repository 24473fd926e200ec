import { database } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getOffset, toPage } from '../../lib/paging';
import {
  findHeldTicket,
  listHeldTickets,
  type HeldTicketFilter,
  type HeldTicketRow,
} from '../../models/tickets/held-tickets';
import { toIsoTimeOrNull, presentEventSummary } from '../bookings/present-booking';
import { getBookingCalendar } from '../bookings/get-booking-calendar';
import { renderEventCalendar } from '../events/event-calendar';
import { createTicketCode } from './ticket-codes';

export interface ListTickets extends Omit<HeldTicketFilter, 'userId'> {
  page: number;
  limit: number;
}

const toMs = (time: Date | null): number | null => time && time.getTime();

async function present(ticket: HeldTicketRow) {
  const { id, eventId, bookingId, reference, ticketTypeId, ticketTypeName, seat, attendeeName, status } = ticket;
  return {
    id,
    code: status === 'valid' ? await createTicketCode(ticket) : null,
    ticketTypeId,
    ticketTypeName,
    seat,
    attendeeName,
    status,
    checkedInAt: toIsoTimeOrNull(toMs(ticket.checkedInAt)),
    transferredAt: toIsoTimeOrNull(toMs(ticket.transferredAt)),
    bookingId,
    reference,
    eventId,
    event: presentEventSummary(ticket.event),
  };
}

/** Lists the tickets that the caller holds, newest first: booked and not transferred, or received at a verified address. */
export async function listTickets(actor: Actor, query: ListTickets) {
  const { rows, total } = await listHeldTickets(database, {
    ...query,
    userId: actor.userId,
    offset: getOffset(query),
  });
  return toPage(await Promise.all(rows.map(present)), query, { total });
}

/** Returns a ticket that the actor holds. @throws AppError NOT_FOUND, also for tickets of others */
export async function getHeldTicket(actor: Actor, id: number): Promise<HeldTicketRow> {
  const ticket = await findHeldTicket(database, { userId: actor.userId, id });
  if (!ticket) throw new AppError('NOT_FOUND', 'Ticket not found.');
  return ticket;
}

/** Returns the event as iCalendar text for the holder of a ticket; a cancellation if the ticket is void. @throws AppError NOT_FOUND */
export async function getTicketCalendar(actor: Actor, id: number): Promise<string> {
  const { eventId, bookingId, reference, status, transfers } = await getHeldTicket(actor, id);
  // A ticket that was never transferred is part of its booking's calendar entry.
  if (transfers === 0) return getBookingCalendar(actor, bookingId);
  return renderEventCalendar(actor, eventId, {
    subject: { kind: 'ticket', id, transfers },
    note: `Booking reference: ${reference}`,
    isCancelled: status === 'void',
  });
}

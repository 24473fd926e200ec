import { runInTransaction, type Trx } from '../database';
import { AppError } from '../errors';
import type { Actor } from '../lib/actor';
import { findTicket, updateTransferred, type TicketRow } from '../models/tickets.model';
import { getOwnBookingRow } from './bookings.service';
import { postMessages } from './outbox.service';
import { refuseTicket } from './tickets.check-in.service';
import { codeOf } from './tickets.codes.service';

export interface TransferTicket {
  bookingId: number;
  ticketId: number;
  name: string;
  email: string;
}

async function refuse(trx: Trx, { bookingId, ticketId }: TransferTicket): Promise<never> {
  const ticket = await findTicket(trx, ticketId);
  if (ticket?.bookingId !== bookingId) throw new AppError('NOT_FOUND', 'This booking has no such ticket.');
  return refuseTicket(ticket, undefined);
}

async function transfer(trx: Trx, actor: Actor, request: TransferTicket): Promise<TicketRow> {
  const { bookingId, ticketId: id, name, email } = request;
  const ticket = await updateTransferred(trx, { id, bookingId, name, email });
  if (!ticket) return refuse(trx, request);
  const payload = { ticketId: id, transfer: ticket.transfers };
  await postMessages(trx, [{ topic: 'ticket.transferred', payload, requestId: actor.requestId }]);
  return ticket;
}

/**
 * Passes a ticket on: it gets a fresh code, which goes to its new attendee by mail, and the one before is void.
 * @throws AppError NOT_FOUND, TICKET_VOID, ALREADY_CHECKED_IN
 */
export async function transferTicket(actor: Actor, request: TransferTicket) {
  await getOwnBookingRow(actor, request.bookingId);
  const ticket = await runInTransaction((trx) => transfer(trx, actor, request));
  const { id, ticketTypeId, seat, attendeeName, status } = ticket;
  return { id, code: await codeOf(ticket), ticketTypeId, seat, attendeeName, status };
}

import type { Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { findTicketHolder } from '../../models/tickets/ticket-holders';
import { findTicket, updateTransferred, type TicketRow } from '../../models/tickets/tickets';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { assertMayMail } from '../strangers.service';
import { throwRefusal, toIsoTime } from './check-in';
import { createTicketCode } from './ticket-codes';

export interface TransferTicket {
  ticketId: number;
  /** Undefined for any booking. */
  bookingId?: number;
  name: string;
  email: string;
}

/** Returns the ticket if the actor holds it. @throws AppError NOT_FOUND; TICKET_TRANSFERRED for the customer who transferred it */
async function getTicketOfHolder(
  trx: Trx,
  actor: Actor,
  { ticketId, bookingId }: Pick<TransferTicket, 'ticketId' | 'bookingId'>,
): Promise<TicketRow> {
  const ticket = await findTicket(trx, ticketId);
  const holder = await findTicketHolder(trx, ticketId);
  const isKnown = holder?.userId === actor.userId || holder?.bookerId === actor.userId;
  if (!ticket || !isKnown || (bookingId !== undefined && ticket.bookingId !== bookingId))
    throw new AppError('NOT_FOUND', 'Ticket not found.');
  if (holder.userId !== actor.userId) throw new AppError('TICKET_TRANSFERRED');
  return ticket;
}

/** @throws AppError with the reason why the ticket cannot be transferred */
async function throwTransferRefusal(trx: Trx, actor: Actor, request: TransferTicket): Promise<never> {
  const ticket = await getTicketOfHolder(trx, actor, request);
  const isUsable = ticket.status === 'valid' && ticket.checkedInAt === null;
  if (isUsable && ticket.isEventOver)
    throw new AppError('EVENT_NOT_BOOKABLE', 'This event is over: its tickets cannot be transferred.');
  return throwRefusal(ticket, undefined);
}

async function transfer(trx: Trx, actor: Actor, request: TransferTicket) {
  const { ticketId: id, name, email } = request;
  const { transfers } = await getTicketOfHolder(trx, actor, request);
  const ticket = await updateTransferred(trx, { id, transfers, name, email });
  if (!ticket) return throwTransferRefusal(trx, actor, request);
  const payload = { ticketId: id, transfer: ticket.transfers };
  await addMessages(trx, [{ topic: 'ticket.transferred', payload, requestId: actor.requestId }]);
  const holder = await findTicketHolder(trx, id);
  // Comes last, because all transfers of a customer wait for the same row.
  await assertMayMail(trx, email, { senderId: actor.userId, role: 'booker' });
  // The actor still holds the ticket if they transferred it to their own address, for example to get a new code.
  return { ticket, isHolder: holder?.userId === actor.userId };
}

/**
 * Transfers a ticket to someone else. Only the new holder gets the new code, and the old one is void.
 * @throws AppError NOT_FOUND, TICKET_TRANSFERRED, TICKET_VOID, ALREADY_CHECKED_IN, EVENT_NOT_BOOKABLE, RATE_LIMITED
 */
export async function transferTicket(actor: Actor, request: TransferTicket) {
  // The code is made from `signed`, not from the current ticket: when a response is replayed, the ticket may have another holder.
  const { signed, ...shown } = await runOnce(actor, async (trx) => {
    const { ticket, isHolder } = await transfer(trx, actor, request);
    const { id, eventId, nonce, ticketTypeId, seat, attendeeName } = ticket;
    const checkedInAt = toIsoTime(ticket.checkedInAt);
    return { id, ticketTypeId, seat, attendeeName, checkedInAt, signed: isHolder ? { id, eventId, nonce } : null };
  });
  return {
    ...shown,
    code: signed && (await createTicketCode(signed)),
    status: signed ? 'valid' : 'transferred',
  };
}

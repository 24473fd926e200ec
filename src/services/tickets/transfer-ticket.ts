import type { Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { findTicketHolder } from '../../models/tickets/ticket-holders';
import { findTicket, updateTransferred, type TicketRow } from '../../models/tickets/tickets';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { assertMayMail } from '../strangers.service';
import { explainRefusal, toIsoTime } from './check-in';
import { createTicketCode } from './ticket-codes';

export interface TransferTicket {
  ticketId: number;
  /** Undefined: whichever it belongs to. */
  bookingId?: number;
  name: string;
  email: string;
}

/** The ticket, if the actor holds it. @throws AppError NOT_FOUND, TICKET_TRANSFERRED to the booker who no longer does */
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

/** @throws AppError why the ticket cannot be transferred */
async function assertTransferable(trx: Trx, actor: Actor, request: TransferTicket): Promise<never> {
  const ticket = await getTicketOfHolder(trx, actor, request);
  const isUsable = ticket.status === 'valid' && ticket.checkedInAt === null;
  if (isUsable && ticket.isEventOver)
    throw new AppError('EVENT_NOT_BOOKABLE', 'This event is over: its tickets cannot be transferred.');
  return explainRefusal(ticket, undefined);
}

async function transfer(trx: Trx, actor: Actor, request: TransferTicket) {
  const { ticketId: id, name, email } = request;
  const { transfers } = await getTicketOfHolder(trx, actor, request);
  const ticket = await updateTransferred(trx, { id, transfers, name, email });
  if (!ticket) return assertTransferable(trx, actor, request);
  const payload = { ticketId: id, transfer: ticket.transfers };
  await addMessages(trx, [{ topic: 'ticket.transferred', payload, requestId: actor.requestId }]);
  const holder = await findTicketHolder(trx, id);
  // Last, since all of a booker's transfers wait for one row.
  await assertMayMail(trx, email, { senderId: actor.userId, role: 'booker' });
  // To another address of one's own, or to get a fresh code.
  return { ticket, isHolder: holder?.userId === actor.userId };
}

/**
 * Transfers a ticket to somebody else. Its fresh code goes to the new holder alone, and the old one is void.
 * @throws AppError NOT_FOUND, TICKET_TRANSFERRED, TICKET_VOID, ALREADY_CHECKED_IN, EVENT_NOT_BOOKABLE, RATE_LIMITED
 */
export async function transferTicket(actor: Actor, request: TransferTicket) {
  // The code is made of `signed`, not of the ticket as it is when the response is repeated: by then it may have another holder.
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

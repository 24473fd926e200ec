import { database, type Trx } from '../../database';
import { AppError } from '../../errors';
import { mayManage, type Actor } from '../../lib/actor';
import { hashClaims, type TicketClaims } from '../../lib/ticket-code';
import {
  countCheckedIn,
  findTicket,
  listCheckIns,
  updateCheckedIn,
  updateNotCheckedIn,
  type TicketRow,
} from '../../models/tickets/tickets';
import { recordActivity } from '../audit/record-activity';
import { getManagedEvent } from '../events/event-access';
import { runOnce } from '../idempotency.service';
import { listTypesOfEvent } from '../ticket-types/offer-ticket-types';
import { findTicketClaims } from './ticket-codes';

export const toIsoTime = (time: Date | null): string | null => time?.toISOString() ?? null;

function present(ticket: TicketRow) {
  const { id, eventId, bookingId, reference, ticketTypeId, ticketTypeName, attendeeName, status } = ticket;
  return {
    id,
    eventId,
    bookingId,
    reference,
    ticketTypeId,
    ticketTypeName,
    seat: ticket.seat,
    attendeeName,
    status,
    checkedInAt: toIsoTime(ticket.checkedInAt),
  };
}

export type CheckIn = ReturnType<typeof present>;

/** A ticket at the door of an event: its code, or the id by which its holder was found. */
export interface Scan {
  eventId: number;
  code?: string;
  ticketId?: number;
}

/** Without a nonce it counts whoever holds it. */
type Scanned = Omit<TicketClaims, 'nonce'> & { nonce?: string };

const createUnknownTicketError = (): AppError => new AppError('NOT_FOUND', 'This is not the code of a ticket.');

/** Why a ticket does not let in, or can't be given up. @throws AppError NOT_FOUND, TICKET_VOID, ALREADY_CHECKED_IN, UNAVAILABLE */
export function explainRefusal(ticket: TicketRow | undefined, nonce: string | undefined): never {
  if (!ticket) throw createUnknownTicketError();
  if (nonce !== undefined && ticket.nonce !== nonce)
    throw new AppError('TICKET_VOID', 'This ticket is void: it was passed on, and has another code now.');
  if (ticket.status === 'void') throw new AppError('TICKET_VOID', 'This ticket is void: its booking was cancelled.');
  const checkedInAt = toIsoTime(ticket.checkedInAt);
  // Somebody has taken that back in this very moment.
  if (checkedInAt === null) throw new AppError('UNAVAILABLE');
  throw new AppError('ALREADY_CHECKED_IN', undefined, {
    details: [
      { path: nonce === undefined ? 'ticketId' : 'code', message: `checked in at ${checkedInAt}`, checkedInAt },
    ],
  });
}

/** Ids follow one another: whoever tries them learns nothing of other organizers' tickets. */
async function findScannedById(actor: Actor, ticketId: number): Promise<TicketRow> {
  const ticket = await findTicket(database, ticketId);
  if (!ticket || !mayManage(actor, ticket.organizerId)) throw new AppError('NOT_FOUND', 'Ticket not found.');
  return ticket;
}

/** The ticket that was scanned at this event's door. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT */
async function findScannedTicket(actor: Actor, { eventId, code, ticketId }: Scan): Promise<Scanned> {
  await getManagedEvent(database, actor, eventId);
  const scanned = code === undefined ? await findScannedById(actor, ticketId!) : await findTicketClaims(code);
  if (!scanned) throw createUnknownTicketError();
  if (scanned.eventId !== eventId) throw new AppError('WRONG_EVENT');
  return { id: scanned.id, eventId, nonce: code === undefined ? undefined : scanned.nonce };
}

/** With its entry in the audit log, where it changed anything; else says why it did not. */
async function recordCheckIn(
  actor: Actor,
  { action, stub }: { action: 'ticket.check_in' | 'ticket.undo_check_in'; stub: Scanned },
  change: (trx: Trx) => Promise<TicketRow | undefined>,
): Promise<CheckIn> {
  return runOnce(actor, async (trx) => {
    const ticket = await change(trx);
    if (!ticket) return explainRefusal(await findTicket(trx, stub.id), stub.nonce);
    await recordActivity(trx, actor, { action, subjectId: ticket.id, details: { eventId: ticket.eventId } });
    return present(ticket);
  });
}

/** Lets in, once. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT, TICKET_VOID, ALREADY_CHECKED_IN */
export async function checkIn(actor: Actor, scan: Scan): Promise<CheckIn> {
  const stub = await findScannedTicket(actor, scan);
  return recordCheckIn(actor, { action: 'ticket.check_in', stub }, (trx) =>
    updateCheckedIn(trx, { ...stub, userId: actor.userId }),
  );
}

/** Takes a check-in back; nothing changes where there was none. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT, TICKET_VOID */
export async function undoCheckIn(actor: Actor, scan: Scan): Promise<CheckIn> {
  const stub = await findScannedTicket(actor, scan);
  return recordCheckIn(actor, { action: 'ticket.undo_check_in', stub }, (trx) => updateNotCheckedIn(trx, stub));
}

/** How many of an event's tickets are checked in, by ticket type. */
export async function countCheckIns(eventId: number): Promise<Map<number, number>> {
  return countCheckedIn(database, eventId);
}

export interface ListCheckIns {
  eventId: number;
  /** The id of the last ticket that is known; 0: from the beginning. */
  after: number;
  limit: number;
}

/** Figures of the door, and the tickets that count bit by bit, for scanners without a connection. @throws AppError NOT_FOUND, FORBIDDEN */
export async function getCheckInList(actor: Actor, query: ListCheckIns) {
  const { sold } = await getManagedEvent(database, actor, query.eventId);
  const types = await listTypesOfEvent(database, query.eventId);
  const checkedIn = await countCheckIns(query.eventId);
  const tickets = await listCheckIns(database, query);
  return {
    eventId: query.eventId,
    tickets: sold,
    checkedIn: [...checkedIn.values()].reduce((sum, count) => sum + count, 0),
    byTicketType: types.map(({ id, name, sold: ofType }) => ({
      ticketTypeId: id,
      name,
      tickets: ofType,
      checkedIn: checkedIn.get(id) ?? 0,
    })),
    list: tickets.map((ticket) => ({
      id: ticket.id,
      digest: hashClaims(ticket),
      ticketTypeId: ticket.ticketTypeId,
      seat: ticket.seat,
      attendeeName: ticket.attendeeName,
      reference: ticket.reference,
      checkedInAt: toIsoTime(ticket.checkedInAt),
    })),
    nextAfter: tickets.length < query.limit ? null : tickets[tickets.length - 1]!.id,
  };
}

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

export function presentCheckIn(ticket: TicketRow) {
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
    checkedInGate: ticket.checkedInGate,
  };
}

export type CheckIn = ReturnType<typeof presentCheckIn>;

/** A scanned ticket, by its code, or by id if the holder was looked up by name. */
export interface Scan {
  eventId: number;
  code?: string;
  ticketId?: number;
  /** Where it was scanned. */
  gate?: string;
}

/** Without a nonce, the ticket is valid regardless of its holder. */
type ScannedTicket = Omit<TicketClaims, 'nonce'> & { nonce?: string };

const createUnknownTicketError = (): AppError => new AppError('NOT_FOUND', 'This is not a valid ticket code.');

/** Throws the reason why a ticket cannot be checked in or transferred. @throws AppError NOT_FOUND, TICKET_VOID, ALREADY_CHECKED_IN, UNAVAILABLE */
export function throwRefusal(ticket: TicketRow | undefined, nonce: string | undefined): never {
  if (!ticket) throw createUnknownTicketError();
  if (nonce !== undefined && ticket.nonce !== nonce)
    throw new AppError('TICKET_VOID', 'This code is void: the ticket was transferred and has a new code.');
  if (ticket.status === 'void') throw new AppError('TICKET_VOID', 'This ticket is void: its booking was cancelled.');
  const checkedInAt = toIsoTime(ticket.checkedInAt);
  // The check-in was undone at this very moment.
  if (checkedInAt === null) throw new AppError('UNAVAILABLE');
  throw new AppError('ALREADY_CHECKED_IN', undefined, {
    details: [
      {
        path: nonce === undefined ? 'ticketId' : 'code',
        message: `checked in at ${checkedInAt}`,
        checkedInAt,
        gate: ticket.checkedInGate,
      },
    ],
  });
}

/** Returns a ticket by id. Ids are guessable, so tickets of other organizers are reported as missing. */
async function getScannedById(actor: Actor, ticketId: number): Promise<TicketRow> {
  const ticket = await findTicket(database, ticketId);
  if (!ticket || !mayManage(actor, ticket.organizerId)) throw new AppError('NOT_FOUND', 'Ticket not found.');
  return ticket;
}

/** Returns the ticket that was scanned at this event. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT */
async function getScannedTicket(actor: Actor, { eventId, code, ticketId }: Scan): Promise<ScannedTicket> {
  await getManagedEvent(database, actor, eventId);
  const scanned = code === undefined ? await getScannedById(actor, ticketId!) : await findTicketClaims(code);
  if (!scanned) throw createUnknownTicketError();
  if (scanned.eventId !== eventId) throw new AppError('WRONG_EVENT');
  return { id: scanned.id, eventId, nonce: code === undefined ? undefined : scanned.nonce };
}

/** Applies a change and records it in the audit log; if nothing changed, throws the reason. */
async function recordCheckIn(
  actor: Actor,
  { action, scanned }: { action: 'ticket.check_in' | 'ticket.undo_check_in'; scanned: ScannedTicket },
  change: (trx: Trx) => Promise<TicketRow | undefined>,
): Promise<CheckIn> {
  return runOnce(actor, async (trx) => {
    const ticket = await change(trx);
    if (!ticket) return throwRefusal(await findTicket(trx, scanned.id), scanned.nonce);
    await recordActivity(trx, actor, { action, subjectId: ticket.id, details: { eventId: ticket.eventId } });
    return presentCheckIn(ticket);
  });
}

/** Checks in a ticket, once. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT, TICKET_VOID, ALREADY_CHECKED_IN */
export async function checkIn(actor: Actor, scan: Scan): Promise<CheckIn> {
  const scanned = await getScannedTicket(actor, scan);
  return recordCheckIn(actor, { action: 'ticket.check_in', scanned }, (trx) =>
    updateCheckedIn(trx, { ...scanned, userId: actor.userId, gate: scan.gate ?? null }),
  );
}

/** Undoes a check-in; does nothing if there was none. @throws AppError NOT_FOUND, FORBIDDEN, WRONG_EVENT, TICKET_VOID */
export async function undoCheckIn(actor: Actor, scan: Scan): Promise<CheckIn> {
  const scanned = await getScannedTicket(actor, scan);
  return recordCheckIn(actor, { action: 'ticket.undo_check_in', scanned }, (trx) => updateNotCheckedIn(trx, scanned));
}

/** Returns how many tickets of an event are checked in, by ticket type. */
export async function countCheckIns(eventId: number): Promise<Map<number, number>> {
  return countCheckedIn(database, eventId);
}

export interface ListCheckIns {
  eventId: number;
  /** The id of the last ticket of the previous page; 0 for the first page. */
  after: number;
  limit: number;
}

/** Returns check-in counts and a page of the valid tickets, for scanners without a connection. @throws AppError NOT_FOUND, FORBIDDEN */
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
      bookerName: ticket.bookerName,
      reference: ticket.reference,
      checkedInAt: toIsoTime(ticket.checkedInAt),
      checkedInGate: ticket.checkedInGate,
    })),
    nextAfter: tickets.length < query.limit ? null : tickets[tickets.length - 1]!.id,
  };
}

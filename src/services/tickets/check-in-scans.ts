import { database, type Trx } from '../../database';
import { mayManage, type Actor } from '../../lib/actor';
import type { ScanRefusal } from '../../lib/statuses';
import { lockTicket, updateCheckedInEarlier, type TicketRow } from '../../models/tickets/tickets';
import { recordActivity } from '../audit/record-activity';
import { getManagedEvent } from '../events/event-access';
import { runOnce } from '../idempotency.service';
import { countCheckIns, presentCheckIn, toIsoTime, type Scan } from './check-in';
import { findTicketClaims } from './ticket-codes';

/** A scan with the time at which a scanner made it. */
export interface TimedScan extends Pick<Scan, 'code' | 'ticketId'> {
  scannedAt: Date;
}

export interface CheckInScans {
  eventId: number;
  gate?: string;
  scans: TimedScan[];
}

interface ReadScan {
  /** The place in the request. */
  index: number;
  scannedAt: Date;
  gate: string | null;
  eventId: number;
  /** Undefined if the code is none of ours. */
  ticketId?: number;
  nonce?: string;
}

const refuse = (refusal: ScanRefusal, ticket?: TicketRow) => ({
  refusal,
  ticket: ticket ? presentCheckIn(ticket) : null,
  replaced: null,
});

const accept = (ticket: TicketRow, replaced: { checkedInAt: string; gate: string | null } | null = null) => ({
  refusal: null,
  ticket: presentCheckIn(ticket),
  replaced,
});

type ScanResult = ReturnType<typeof refuse> | ReturnType<typeof accept>;

async function readScan({ code, ticketId }: TimedScan): Promise<Pick<ReadScan, 'ticketId' | 'nonce'>> {
  if (code === undefined) return { ticketId };
  const claims = await findTicketClaims(code);
  return { ticketId: claims?.id, nonce: claims?.nonce };
}

/** Returns why this ticket cannot be checked in by this scan, whatever the time. */
function findRefusal(actor: Actor, ticket: TicketRow | undefined, scan: ReadScan): ScanRefusal | undefined {
  if (!ticket) return 'NOT_FOUND';
  // Ids can be guessed, so tickets of other organizers are reported as missing.
  if (scan.nonce === undefined && !mayManage(actor, ticket.organizerId)) return 'NOT_FOUND';
  if (ticket.eventId !== scan.eventId) return 'WRONG_EVENT';
  const isCurrent = scan.nonce === undefined || scan.nonce === ticket.nonce;
  return isCurrent && ticket.status === 'valid' ? undefined : 'TICKET_VOID';
}

async function applyScan(trx: Trx, actor: Actor, scan: ReadScan): Promise<ScanResult> {
  const ticket = scan.ticketId === undefined ? undefined : await lockTicket(trx, scan.ticketId);
  const refusal = findRefusal(actor, ticket, scan);
  if (!ticket || refusal) return refuse(refusal ?? 'NOT_FOUND', refusal === 'TICKET_VOID' ? ticket : undefined);
  const { checkedInAt, checkedInGate } = ticket;
  const { scannedAt, gate } = scan;
  if (checkedInAt?.getTime() === scannedAt.getTime() && checkedInGate === gate) return accept(ticket);
  const changed = await updateCheckedInEarlier(trx, { id: ticket.id, scannedAt, gate, userId: actor.userId });
  if (!changed) return refuse('ALREADY_CHECKED_IN', ticket);
  const replaced = checkedInAt && { checkedInAt: checkedInAt.toISOString(), gate: checkedInGate };
  const details = { eventId: scan.eventId, gate, checkedInAt: toIsoTime(changed.checkedInAt), replaced };
  await recordActivity(trx, actor, { action: 'ticket.check_in', subjectId: ticket.id, details });
  return accept(changed, replaced);
}

/**
 * Checks in scans that were made before, each at its own time: of several scans of a ticket, the earliest counts.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export async function checkInScans(actor: Actor, { eventId, scans, ...request }: CheckInScans) {
  const gate = request.gate ?? null;
  const { sold } = await getManagedEvent(database, actor, eventId);
  const read = await Promise.all(
    scans.map(async (scan, index) => ({ ...(await readScan(scan)), scannedAt: scan.scannedAt, index, eventId, gate })),
  );
  // In the order of their ids, in which everything locks tickets.
  const ordered = read.sort((a, b) => (a.ticketId ?? 0) - (b.ticketId ?? 0) || +a.scannedAt - +b.scannedAt);
  const results = await runOnce(actor, async (trx) => {
    const inOrderOfRequest: ScanResult[] = [];
    for (const scan of ordered) inOrderOfRequest[scan.index] = await applyScan(trx, actor, scan);
    return inOrderOfRequest;
  });
  const checkedIn = [...(await countCheckIns(eventId)).values()].reduce((sum, count) => sum + count, 0);
  return { eventId, tickets: sold, checkedIn, results };
}

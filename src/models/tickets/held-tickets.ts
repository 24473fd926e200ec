import type { Db } from '../../database';
import { EVENT_SUMMARY, type EventSummaryRow } from '../events/event-summary';
import { TICKET_COLUMNS, TICKET_JOINS, type TicketRow } from './tickets';

export interface HeldTicketRow extends TicketRow {
  /** When the holder received it; null if the holder booked it and never transferred it. */
  transferredAt: Date | null;
  event: EventSummaryRow;
}

const SELECT = `SELECT ${TICKET_COLUMNS}, t.transferred_at AS "transferredAt", ${EVENT_SUMMARY} AS event`;
const FROM = `FROM ticket_holders h JOIN tickets t ON t.id = h.ticket_id ${TICKET_JOINS}`;

export async function findHeldTicket(
  db: Db,
  { userId, id }: { userId: number; id: number },
): Promise<HeldTicketRow | undefined> {
  const { rows } = await db.raw<{ rows: HeldTicketRow[] }>(
    `${SELECT} ${FROM} WHERE h.user_id = :userId AND h.ticket_id = :id`,
    { userId, id },
  );
  return rows[0];
}

export interface HeldTicketFilter {
  userId: number;
  status: TicketRow['status'];
  eventId?: number;
  /** Whether the event is upcoming; undefined for all. */
  upcoming?: boolean;
}

/** Returns a page, newest first, with the total. */
export async function listHeldTickets(
  db: Db,
  { limit, offset, ...filter }: HeldTicketFilter & { limit: number; offset: number },
): Promise<{ rows: HeldTicketRow[]; total: number }> {
  const conditions = ['h.user_id = :userId', 't.status = :status'];
  if (filter.eventId !== undefined) conditions.push('t.event_id = :eventId');
  if (filter.upcoming !== undefined) conditions.push(filter.upcoming ? 'e.ends_at > now()' : 'e.ends_at <= now()');
  const where = `WHERE ${conditions.join(' AND ')}`;
  const { userId, status, eventId = null } = filter;
  const values = { userId, status, eventId, limit, offset };
  const [{ rows }, { rows: counted }] = await Promise.all([
    db.raw<{ rows: HeldTicketRow[] }>(
      `${SELECT} ${FROM} ${where} ORDER BY t.id DESC LIMIT :limit OFFSET :offset`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(`SELECT count(*) AS total ${FROM} ${where}`, values),
  ]);
  return { rows, total: counted[0]!.total };
}

import type { Db, Trx } from '../../database';
import { SEAT } from '../inventory/columns';
import type { SeatPlace } from '../inventory/types';
import { IS_TRANSFERRED } from './ticket-holders';

export interface TicketRow {
  id: number;
  bookingId: number;
  reference: string;
  eventId: number;
  organizerId: number;
  ticketTypeId: number;
  ticketTypeName: string;
  nonce: string;
  status: 'valid' | 'void';
  attendeeName: string | null;
  attendeeEmail: string | null;
  checkedInAt: Date | null;
  transfers: number;
  /** The event is over or was cancelled, so the ticket can no longer be transferred. */
  isEventOver: boolean;
  seat: SeatPlace | null;
}

export const TICKET_COLUMNS = `t.id, t.booking_id AS "bookingId", b.reference, t.event_id AS "eventId", e.organizer_id AS "organizerId", t.ticket_type_id AS "ticketTypeId",
  y.name AS "ticketTypeName", t.nonce, t.status, t.attendee_name AS "attendeeName", t.attendee_email AS "attendeeEmail",
  t.checked_in_at AS "checkedInAt", t.transfers,
  e.status <> 'published' OR e.ends_at <= now() AS "isEventOver",
  CASE WHEN s.id IS NOT NULL THEN ${SEAT} END AS seat`;
export const TICKET_JOINS = `JOIN bookings b ON b.id = t.booking_id JOIN events e ON e.id = t.event_id
  JOIN ticket_types y ON y.id = t.ticket_type_id LEFT JOIN seats s ON s.id = t.seat_id`;

/** Returns the changed ticket; undefined if nothing changed. */
async function updateTicket(db: Db, update: string, values: Record<string, unknown>): Promise<TicketRow | undefined> {
  const { rows } = await db.raw<{ rows: TicketRow[] }>(
    `WITH t AS (${update} RETURNING *) SELECT ${TICKET_COLUMNS} FROM t ${TICKET_JOINS}`,
    values as never,
  );
  return rows[0];
}

export async function findTicket(db: Db, id: number): Promise<TicketRow | undefined> {
  const { rows } = await db.raw<{ rows: TicketRow[] }>(
    `SELECT ${TICKET_COLUMNS} FROM tickets t ${TICKET_JOINS} WHERE t.id = ?`,
    [id],
  );
  return rows[0];
}

/** Lists the valid tickets that the customer holds, in the order of the booking. */
export async function listTicketsOfBooker(db: Db, bookingId: number): Promise<TicketRow[]> {
  const { rows } = await db.raw<{ rows: TicketRow[] }>(
    `SELECT ${TICKET_COLUMNS} FROM tickets t ${TICKET_JOINS} WHERE t.booking_id = ? AND t.status = 'valid' AND NOT (${IS_TRANSFERRED})
     ORDER BY t.ticket_type_id, t.id`,
    [bookingId],
  );
  return rows;
}

interface Scanned {
  id: number;
  eventId: number;
  /** Undefined for any current code. */
  nonce?: string;
}

const IS_SCANNED = `id = :id AND event_id = :eventId AND nonce = coalesce(:nonce::uuid, nonce) AND status = 'valid'`;

/** Checks in a ticket; undefined if it is void, has another event or code, or is already checked in. */
export async function updateCheckedIn(
  db: Db,
  { userId, ...scanned }: Scanned & { userId: number },
): Promise<TicketRow | undefined> {
  return updateTicket(
    db,
    `UPDATE tickets SET checked_in_at = clock_timestamp(), checked_in_by = :userId
     WHERE ${IS_SCANNED} AND checked_in_at IS NULL`,
    { ...scanned, nonce: scanned.nonce ?? null, userId },
  );
}

/** Undoes a check-in; undefined if the ticket is void or has another event or code. */
export async function updateNotCheckedIn(db: Db, scanned: Scanned): Promise<TicketRow | undefined> {
  return updateTicket(
    db,
    `UPDATE tickets SET checked_in_at = NULL, checked_in_by = NULL
     WHERE ${IS_SCANNED}`,
    { ...scanned, nonce: scanned.nonce ?? null },
  );
}

interface Transfer {
  id: number;
  /** The number of transfers when the holder was looked up. */
  transfers: number;
  name: string;
  email: string;
}

/** Transfers a ticket; undefined if it is void, checked in, or was transferred in the meantime, or if its event is over. */
export async function updateTransferred(trx: Trx, transfer: Transfer): Promise<TicketRow | undefined> {
  return updateTicket(
    trx,
    `UPDATE tickets SET nonce = gen_random_uuid(), attendee_name = :name, attendee_email = :email, transfers = transfers + 1,
       transferred_at = clock_timestamp()
     WHERE id = :id AND transfers = :transfers AND status = 'valid' AND checked_in_at IS NULL
       AND EXISTS (SELECT FROM events e WHERE e.id = tickets.event_id AND e.status = 'published' AND e.ends_at > now())`,
    { ...transfer },
  );
}

/** Counts checked-in tickets by ticket type. */
export async function countCheckedIn(db: Db, eventId: number): Promise<Map<number, number>> {
  const { rows } = await db.raw<{ rows: { id: number; count: number }[] }>(
    `SELECT ticket_type_id AS id, count(*) FROM tickets
     WHERE event_id = ? AND checked_in_at IS NOT NULL AND status = 'valid' GROUP BY ticket_type_id`,
    [eventId],
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Lists the valid tickets of an event in order of booking, after a ticket. */
export async function listCheckIns(
  db: Db,
  { eventId, after, limit }: { eventId: number; after: number; limit: number },
): Promise<TicketRow[]> {
  const { rows } = await db.raw<{ rows: TicketRow[] }>(
    `SELECT ${TICKET_COLUMNS} FROM tickets t ${TICKET_JOINS}
     WHERE b.event_id = :eventId AND t.status = 'valid'
       AND b.id >= coalesce((SELECT a.booking_id FROM tickets a WHERE a.id = :after), 0)
       AND (b.id, t.id) > (coalesce((SELECT a.booking_id FROM tickets a WHERE a.id = :after), 0), :after)
     ORDER BY b.id, t.id LIMIT :limit`,
    { eventId, after, limit },
  );
  return rows;
}

import type { Db, Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { SEAT } from '../inventory/columns';
import type { SeatPlace } from '../inventory/types';
import { bool, int2, int4, int8, json, orNull, query, statement, text, timestamptz, uuid } from '../statement';
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
  /** Where it was checked in, if the scanner said so. */
  checkedInGate: string | null;
  transfers: number;
  /** The event is over or was cancelled, so the ticket can no longer be transferred. */
  isEventOver: boolean;
  seat: SeatPlace | null;
}

export const TICKET_COLUMNS = {
  id: int4('t.id'),
  bookingId: int4('t.booking_id'),
  reference: text('b.reference'),
  eventId: int4('t.event_id'),
  organizerId: int4('e.organizer_id'),
  ticketTypeId: int4('t.ticket_type_id'),
  ticketTypeName: text('y.name'),
  nonce: uuid('t.nonce'),
  status: text<TicketRow['status']>('t.status'),
  attendeeName: orNull(text('t.attendee_name')),
  attendeeEmail: orNull(text('t.attendee_email')),
  checkedInAt: orNull(timestamptz('t.checked_in_at')),
  checkedInGate: orNull(text('t.checked_in_gate')),
  transfers: int2('t.transfers'),
  isEventOver: bool("e.status <> 'published' OR e.ends_at <= now()"),
  seat: orNull(json<SeatPlace>(`CASE WHEN s.id IS NOT NULL THEN ${SEAT} END`)),
};

export const TICKET_JOINS = `JOIN bookings b ON b.id = t.booking_id
  JOIN events e ON e.id = t.event_id
  JOIN ticket_types y ON y.id = t.ticket_type_id
  LEFT JOIN seats s ON s.id = t.seat_id`;

/** Declares an UPDATE that returns the changed ticket. */
const ticketUpdate = (name: string, update: string) =>
  statement({
    name,
    columns: TICKET_COLUMNS,
    sql: (list) => `
  WITH t AS (
    UPDATE tickets
    ${update}
    RETURNING *
  )
  SELECT
    ${list}
  FROM t
  ${TICKET_JOINS}`,
  });

const FIND = statement({
  name: 'tickets-find',
  columns: TICKET_COLUMNS,
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  ${TICKET_JOINS}
  WHERE t.id = :id`,
});

export async function findTicket(db: Db, id: number): Promise<TicketRow | undefined> {
  return (await query(db, FIND, { id }))[0];
}

const LOCK = statement({
  name: 'tickets-lock',
  columns: TICKET_COLUMNS,
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  ${TICKET_JOINS}
  WHERE t.id = :id
  FOR UPDATE OF t`,
});

/** Locks a ticket, so that it is neither checked in, transferred nor voided until the transaction ends. */
export async function lockTicket(trx: Trx, id: number): Promise<TicketRow | undefined> {
  return (await query(trx, LOCK, { id }))[0];
}

const LIST_OF_BOOKERS = statement({
  name: 'tickets-of-bookers',
  isPrepared: true,
  columns: TICKET_COLUMNS,
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  ${TICKET_JOINS}
  WHERE t.booking_id = ANY (:bookingIds::int[]) AND t.status = 'valid' AND NOT (${IS_TRANSFERRED})
  ORDER BY t.booking_id, t.ticket_type_id, t.id`,
});

/** Lists the valid tickets of these bookings that the customers hold, in the order of each booking. */
export async function listTicketsOfBookers(db: Db, bookingIds: readonly number[]): Promise<TicketRow[]> {
  return query(db, LIST_OF_BOOKERS, { bookingIds: toNumberArray([...bookingIds]) });
}

interface Scanned {
  id: number;
  eventId: number;
  /** Undefined for any current code. */
  nonce?: string;
}

const IS_SCANNED = `id = :id AND event_id = :eventId AND nonce = coalesce(:nonce::uuid, nonce) AND status = 'valid'`;

const CHECK_IN = ticketUpdate(
  'tickets-check-in',
  `SET checked_in_at = clock_timestamp(), checked_in_by = :userId, checked_in_gate = :gate
    WHERE ${IS_SCANNED} AND checked_in_at IS NULL`,
);

/** Checks in a ticket; undefined if it is void, has another event or code, or is already checked in. */
export async function updateCheckedIn(
  db: Db,
  { userId, gate, ...scanned }: Scanned & { userId: number; gate: string | null },
): Promise<TicketRow | undefined> {
  return (await query(db, CHECK_IN, { ...scanned, nonce: scanned.nonce ?? null, userId, gate }))[0];
}

// A clock that is wrong cannot put a check-in into the future, or before there was a ticket or this holder.
const SCANNED_AT = `least(clock_timestamp(), greatest(
      :scannedAt::timestamptz,
      transferred_at,
      (SELECT confirmed_at FROM bookings WHERE id = tickets.booking_id)
    ))`;

const CHECK_IN_EARLIER = ticketUpdate(
  'tickets-check-in-earlier',
  `SET checked_in_at = ${SCANNED_AT}, checked_in_by = :userId, checked_in_gate = :gate
    WHERE id = :id AND status = 'valid' AND (checked_in_at IS NULL OR checked_in_at > ${SCANNED_AT})`,
);

/** Checks in a ticket at the time of its scan; undefined if it is void or was checked in before that. */
export async function updateCheckedInEarlier(
  trx: Trx,
  scan: { id: number; scannedAt: Date; userId: number; gate: string | null },
): Promise<TicketRow | undefined> {
  return (await query(trx, CHECK_IN_EARLIER, { ...scan }))[0];
}

const UNDO_CHECK_IN = ticketUpdate(
  'tickets-undo-check-in',
  `SET checked_in_at = NULL, checked_in_by = NULL, checked_in_gate = NULL
    WHERE ${IS_SCANNED}`,
);

/** Undoes a check-in; undefined if the ticket is void or has another event or code. */
export async function updateNotCheckedIn(db: Db, scanned: Scanned): Promise<TicketRow | undefined> {
  return (await query(db, UNDO_CHECK_IN, { ...scanned, nonce: scanned.nonce ?? null }))[0];
}

interface Transfer {
  id: number;
  /** The number of transfers when the holder was looked up. */
  transfers: number;
  name: string;
  email: string;
}

const TRANSFER = ticketUpdate(
  'tickets-transfer',
  `SET
      nonce = gen_random_uuid(),
      attendee_name = :name,
      attendee_email = :email,
      transfers = transfers + 1,
      transferred_at = clock_timestamp()
    WHERE id = :id AND transfers = :transfers AND status = 'valid' AND checked_in_at IS NULL
      AND EXISTS (SELECT FROM events e WHERE e.id = tickets.event_id AND e.status = 'published' AND e.ends_at > now())`,
);

/** Transfers a ticket; undefined if it is void, checked in, or was transferred in the meantime, or if its event is over. */
export async function updateTransferred(trx: Trx, transfer: Transfer): Promise<TicketRow | undefined> {
  return (await query(trx, TRANSFER, { ...transfer }))[0];
}

const COUNT_CHECKED_IN = statement({
  name: 'tickets-count-checked-in',
  columns: { id: int4('ticket_type_id'), count: int8('count(*)') },
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets
  WHERE event_id = :eventId AND checked_in_at IS NOT NULL AND status = 'valid'
  GROUP BY ticket_type_id`,
});

/** Counts checked-in tickets by ticket type. */
export async function countCheckedIn(db: Db, eventId: number): Promise<Map<number, number>> {
  const rows = await query(db, COUNT_CHECKED_IN, { eventId });
  return new Map(rows.map(({ id, count }) => [id, count]));
}

const LIST_CHECK_INS = statement({
  name: 'tickets-check-ins',
  columns: {
    ...TICKET_COLUMNS,
    /** Null after a transfer. */
    bookerName: orNull(
      text(`CASE WHEN t.transfers = 0 THEN nullif(trim(concat_ws(' ', u.first_name, u.last_name)), '') END`),
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM tickets t
  ${TICKET_JOINS}
  JOIN users u ON u.id = b.user_id
  WHERE b.event_id = :eventId AND t.status = 'valid'
    AND b.id >= coalesce((SELECT a.booking_id FROM tickets a WHERE a.id = :after), 0)
    AND (b.id, t.id) > (coalesce((SELECT a.booking_id FROM tickets a WHERE a.id = :after), 0), :after)
  ORDER BY b.id, t.id
  LIMIT :limit`,
});

/** Lists the valid tickets of an event in order of booking, after a ticket. */
export async function listCheckIns(
  db: Db,
  page: { eventId: number; after: number; limit: number },
): Promise<(TicketRow & { bookerName: string | null })[]> {
  return query(db, LIST_CHECK_INS, page);
}

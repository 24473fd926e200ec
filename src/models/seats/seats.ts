import type { Db, Trx } from '../../database';
import { splitIntoChunks } from '../../lib/chunks';
import { toNumberArray } from '../../lib/pg-array';
import { collectYielding } from '../../lib/yielding-loops';
import { asBoolean, asInt, asText, rowSet } from '../row-set';
import { listPlacedSeats, SEATS_BY_ROW, toSeats, type PlacedSeat } from './seat-rows';
import { isActiveBooking } from '../sql';
import { bool, execute, int4, orNull, query, queryOne, statement, text, type ResultOf } from '../statement';

export type SeatStatus = 'free' | 'held' | 'sold' | 'blocked';

export interface SeatRecord extends PlacedSeat {
  /** Whether an active booking has the seat. */
  isTaken: boolean;
}

/** The seats of active bookings, and the version of their seating plan. */
export interface TakenSeats {
  /** Null without numbered seats. */
  seating: number | null;
  held: number[];
  sold: number[];
}

const toSeatIds = (status: 'pending' | 'confirmed'): string =>
  `string_agg(s.seat_id::text, ',') FILTER (WHERE b.status = '${status}')`;

const TAKEN = statement({
  name: 'seats-taken',
  isPrepared: true,
  columns: {
    seating: orNull(int4('i.seating')),
    held: orNull(text('t.held')),
    sold: orNull(text('t.sold')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM event_inventory i
  CROSS JOIN LATERAL (
    SELECT
      ${toSeatIds('pending')} AS held,
      ${toSeatIds('confirmed')} AS sold
    FROM booking_seats s
    JOIN bookings b ON b.id = s.booking_id
    WHERE s.event_id = i.event_id
  ) t
  WHERE i.event_id = :eventId::int`,
});

const toIds = (list: string | null): number[] => (list === null ? [] : list.split(',').map(Number));

export async function findTakenSeats(db: Db, eventId: number): Promise<TakenSeats> {
  const [row] = await query(db, TAKEN, { eventId });
  const { seating, held, sold } = row ?? { seating: null, held: null, sold: null };
  return { seating, held: toIds(held), sold: toIds(sold) };
}

/** Returns the seats of an event, best first, with the version of the seating plan. */
export async function listSeatsOfPlan(
  db: Db,
  eventId: number,
): Promise<{ seating: number | null; seats: PlacedSeat[] }> {
  const rows = await query(db, SEATS_BY_ROW, { eventId });
  return { seating: rows[0]?.seating ?? null, seats: await toSeats(rows) };
}

/** Returns the seats of an event, best first. Call under the lock of its sale. */
export async function listSeats(trx: Trx, eventId: number): Promise<SeatRecord[]> {
  const { held, sold } = await findTakenSeats(trx, eventId);
  const taken = new Set([...held, ...sold]);
  return collectYielding(await listPlacedSeats(trx, eventId), (seat) => ({ ...seat, isTaken: taken.has(seat.id) }));
}

const TYPES_WITHOUT_SEATS = statement({
  name: 'seats-types-booked-without',
  columns: { id: int4('i.ticket_type_id') },
  sql: (list) => `
  SELECT DISTINCT ${list}
  FROM bookings b
  JOIN booking_items i ON i.booking_id = b.id
  WHERE b.event_id = :eventId AND ${isActiveBooking('b.status')}
    AND i.seat_ids IS NULL AND i.ticket_type_id = ANY (:typeIds::int[])`,
});

/** Lists those of these types that have pending or confirmed tickets without a seat. */
export async function listTypesBookedWithoutSeats(trx: Trx, eventId: number, typeIds: number[]): Promise<number[]> {
  const rows = await query(trx, TYPES_WITHOUT_SEATS, { eventId, typeIds: toNumberArray(typeIds) });
  return rows.map(({ id }) => id);
}

export type NewSeat = Omit<PlacedSeat, 'id' | 'companionOf'>;

// The arrays for one statement are built in one pass.
const SEATS_PER_STATEMENT = 4000;

const NEW_SEATS = rowSet('seats', 's').from<NewSeat>({
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  section: asText(({ section }) => section),
  row_name: asText(({ row }) => row),
  number: asText(({ number }) => number),
  section_rank: asInt(({ sectionRank }) => sectionRank),
  row_rank: asInt(({ rowRank }) => rowRank),
  position: asInt(({ position }) => position),
  is_accessible: asBoolean(({ isAccessible }) => isAccessible),
  is_blocked: asBoolean(({ isBlocked }) => isBlocked),
});

const INSERT = statement({
  name: 'seats-insert',
  columns: {},
  sql: () => `
  INSERT INTO seats (
      event_id,
      ${NEW_SEATS.columns}
  )
  SELECT
      :eventId::int,
      ${NEW_SEATS.values}
  FROM ${NEW_SEATS.rows}`,
});

export async function insertSeats(trx: Trx, eventId: number, seats: NewSeat[]): Promise<void> {
  for (const part of splitIntoChunks(SEATS_PER_STATEMENT, seats))
    await execute(trx, INSERT, { eventId, ...NEW_SEATS.bind(part) });
}

export type SeatChange = Omit<PlacedSeat, 'section' | 'row' | 'number'>;

const CHANGED_SEATS = rowSet('seats', 'u').from<SeatChange>({
  id: asInt(({ id }) => id),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  section_rank: asInt(({ sectionRank }) => sectionRank),
  row_rank: asInt(({ rowRank }) => rowRank),
  position: asInt(({ position }) => position),
  is_accessible: asBoolean(({ isAccessible }) => isAccessible),
  companion_of: asInt(({ companionOf }) => companionOf),
  is_blocked: asBoolean(({ isBlocked }) => isBlocked),
});

const UPDATE = statement({
  name: 'seats-update',
  columns: {},
  sql: () => `
  UPDATE seats s
  SET
    ticket_type_id = u.ticket_type_id,
    section_rank = u.section_rank,
    row_rank = u.row_rank,
    position = u.position,
    is_accessible = u.is_accessible,
    companion_of = u.companion_of,
    is_blocked = u.is_blocked
  FROM ${CHANGED_SEATS.rows}
  WHERE s.id = u.id`,
});

export async function updateSeats(trx: Trx, seats: SeatChange[]): Promise<void> {
  for (const part of splitIntoChunks(SEATS_PER_STATEMENT, seats)) await execute(trx, UPDATE, CHANGED_SEATS.bind(part));
}

const REMOVE = statement({
  name: 'seats-remove',
  columns: {},
  sql: () => 'UPDATE seats SET removed_at = now() WHERE id = ANY (:ids::int[])',
});

/** Removes seats. Seats that were ever booked are only marked, because tickets still refer to them. */
export async function removeSeats(trx: Trx, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await execute(trx, REMOVE, { ids: toNumberArray(ids) });
}

const OPEN_SEATS = statement({
  name: 'seats-open',
  columns: {
    /** The number of seats that are for sale. */
    openSeats: int4('coalesce(sum(s.open), 0)::int'),
    /** Whether every ticket type of the event has numbered seats. */
    areAllSeated: bool('coalesce(bool_and(s.all_of IS NOT NULL), false)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM ticket_types t
  LEFT JOIN (
    SELECT
      ticket_type_id,
      count(*) AS all_of,
      count(*) FILTER (WHERE NOT is_blocked) AS open
    FROM seats
    WHERE event_id = :eventId AND removed_at IS NULL
    GROUP BY ticket_type_id
  ) s ON s.ticket_type_id = t.id
  WHERE t.event_id = :eventId AND t.deleted_at IS NULL`,
});

export type SeatedTypes = ResultOf<typeof OPEN_SEATS>;

export async function countOpenSeats(db: Db, eventId: number): Promise<SeatedTypes> {
  return queryOne(db, OPEN_SEATS, { eventId });
}

export async function hasSeats(db: Db, ticketTypeId: number): Promise<boolean> {
  const row: unknown = await db('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').first('id');
  return row !== undefined;
}

const SEATED_TYPES = statement({
  name: 'seats-types',
  columns: { id: int4('t.id') },
  sql: (list) => `
  SELECT
    ${list}
  FROM ticket_types t
  WHERE t.event_id = :eventId
    AND EXISTS (SELECT 1 FROM seats s WHERE s.ticket_type_id = t.id AND s.removed_at IS NULL)
  ORDER BY t.id`,
});

/** Returns the ticket types of an event that have numbered seats. */
export async function listSeatedTypeIds(db: Db, eventId: number): Promise<number[]> {
  const rows = await query(db, SEATED_TYPES, { eventId });
  return rows.map(({ id }) => id);
}

export async function removeSeatsOfType(trx: Trx, ticketTypeId: number): Promise<void> {
  await trx('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').update({ removed_at: trx.fn.now() });
}

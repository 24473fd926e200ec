import { getPreparedName, type Db, type Trx } from '../../database';
import { splitIntoChunks } from '../../lib/chunks';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { collectYielding } from '../../lib/yielding-loops';
import { listPlacedSeats, SEATS_BY_ROW, toSeats, type PlacedSeat } from './seat-rows';
import { isActiveBooking } from '../sql';
import { query } from '../statement';

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

const TAKEN = `
  SELECT i.seating, t.held, t.sold FROM event_inventory i
  CROSS JOIN LATERAL (
    SELECT string_agg(s.seat_id::text, ',') FILTER (WHERE b.status = 'pending') AS held,
           string_agg(s.seat_id::text, ',') FILTER (WHERE b.status = 'confirmed') AS sold
    FROM booking_seats s JOIN bookings b ON b.id = s.booking_id WHERE s.event_id = i.event_id
  ) t
  WHERE i.event_id = ?::int`;

const toIds = (list: string | null): number[] => (list === null ? [] : list.split(',').map(Number));

export async function findTakenSeats(db: Db, eventId: number): Promise<TakenSeats> {
  const { rows } = await db
    .raw<{ rows: { seating: number | null; held: string | null; sold: string | null }[] }>(TAKEN, [eventId])
    .options(getPreparedName('seats-taken'));
  const { seating, held, sold } = rows[0] ?? { seating: null, held: null, sold: null };
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

/** Lists those of these types that have pending or confirmed tickets without a seat. */
export async function listTypesBookedWithoutSeats(trx: Trx, eventId: number, typeIds: number[]): Promise<number[]> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT DISTINCT i.ticket_type_id AS id FROM bookings b JOIN booking_items i ON i.booking_id = b.id
     WHERE b.event_id = ? AND ${isActiveBooking('b.status')} AND i.seat_ids IS NULL AND i.ticket_type_id = ANY (?::int[])`,
    [eventId, toNumberArray(typeIds)],
  );
  return rows.map(({ id }) => id);
}

export type NewSeat = Omit<PlacedSeat, 'id' | 'companionOf'>;

// The arrays for one statement are built in one pass.
const SEATS_PER_STATEMENT = 4000;

export async function insertSeats(trx: Trx, eventId: number, seats: NewSeat[]): Promise<void> {
  for (const part of splitIntoChunks(SEATS_PER_STATEMENT, seats)) await insertChunk(trx, eventId, part);
}

async function insertChunk(trx: Trx, eventId: number, seats: NewSeat[]): Promise<void> {
  await trx.raw(
    `INSERT INTO seats (event_id, ticket_type_id, section, row_name, number, section_rank, row_rank, position, is_accessible, is_blocked)
     SELECT :eventId, s.* FROM unnest(:types::int[], :sections::text[], :rows::text[], :numbers::text[], :sectionRanks::int[],
       :rowRanks::int[], :positions::int[], :accessible::boolean[], :blocked::boolean[]) s`,
    {
      eventId,
      types: toNumberArray(seats.map(({ ticketTypeId }) => ticketTypeId)),
      sections: toTextArray(seats.map(({ section }) => section)),
      rows: toTextArray(seats.map(({ row }) => row)),
      numbers: toTextArray(seats.map(({ number }) => number)),
      sectionRanks: toNumberArray(seats.map(({ sectionRank }) => sectionRank)),
      rowRanks: toNumberArray(seats.map(({ rowRank }) => rowRank)),
      positions: toNumberArray(seats.map(({ position }) => position)),
      accessible: toTextArray(seats.map(({ isAccessible }) => String(isAccessible))),
      blocked: toTextArray(seats.map(({ isBlocked }) => String(isBlocked))),
    },
  );
}

export type SeatChange = Omit<PlacedSeat, 'section' | 'row' | 'number'>;

export async function updateSeats(trx: Trx, seats: SeatChange[]): Promise<void> {
  for (const part of splitIntoChunks(SEATS_PER_STATEMENT, seats)) await updateChunk(trx, part);
}

async function updateChunk(trx: Trx, seats: SeatChange[]): Promise<void> {
  await trx.raw(
    `UPDATE seats s SET ticket_type_id = u.ticket_type_id, section_rank = u.section_rank, row_rank = u.row_rank, position = u.position,
       is_accessible = u.is_accessible, companion_of = u.companion_of, is_blocked = u.is_blocked
     FROM unnest(:ids::int[], :types::int[], :sectionRanks::int[], :rowRanks::int[], :positions::int[], :accessible::boolean[],
                 :companions::int[], :blocked::boolean[])
       AS u(id, ticket_type_id, section_rank, row_rank, position, is_accessible, companion_of, is_blocked)
     WHERE s.id = u.id`,
    {
      ids: toNumberArray(seats.map(({ id }) => id)),
      types: toNumberArray(seats.map(({ ticketTypeId }) => ticketTypeId)),
      sectionRanks: toNumberArray(seats.map(({ sectionRank }) => sectionRank)),
      rowRanks: toNumberArray(seats.map(({ rowRank }) => rowRank)),
      positions: toNumberArray(seats.map(({ position }) => position)),
      accessible: toTextArray(seats.map(({ isAccessible }) => String(isAccessible))),
      companions: toNumberArray(seats.map(({ companionOf }) => companionOf)),
      blocked: toTextArray(seats.map(({ isBlocked }) => String(isBlocked))),
    },
  );
}

/** Removes seats. Seats that were ever booked are only marked, because tickets still refer to them. */
export async function removeSeats(trx: Trx, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await trx.raw('UPDATE seats SET removed_at = now() WHERE id = ANY (?::int[])', [toNumberArray(ids)]);
}

export interface SeatedTypes {
  /** The number of seats that are for sale. */
  openSeats: number;
  /** Whether every ticket type of the event has numbered seats. */
  areAllSeated: boolean;
}

export async function countOpenSeats(db: Db, eventId: number): Promise<SeatedTypes> {
  const { rows } = await db.raw<{ rows: SeatedTypes[] }>(
    `SELECT coalesce(sum(s.open), 0)::int AS "openSeats", coalesce(bool_and(s.all_of IS NOT NULL), false) AS "areAllSeated"
     FROM ticket_types t LEFT JOIN (
       SELECT ticket_type_id, count(*) AS all_of, count(*) FILTER (WHERE NOT is_blocked) AS open
       FROM seats WHERE event_id = :eventId AND removed_at IS NULL GROUP BY ticket_type_id
     ) s ON s.ticket_type_id = t.id
     WHERE t.event_id = :eventId AND t.deleted_at IS NULL`,
    { eventId },
  );
  return rows[0]!;
}

export async function hasSeats(db: Db, ticketTypeId: number): Promise<boolean> {
  const row: unknown = await db('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').first('id');
  return row !== undefined;
}

export async function removeSeatsOfType(trx: Trx, ticketTypeId: number): Promise<void> {
  await trx('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').update({ removed_at: trx.fn.now() });
}

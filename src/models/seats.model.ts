import type { Db, Trx } from '../database';
import { numberArray, textArray } from '../lib/pg-array';
import type { Seat } from './inventory.types';

export type SeatStatus = 'free' | 'held' | 'sold' | 'blocked';

export interface SeatRecord extends Seat {
  sectionRank: number;
  rowRank: number;
  status: SeatStatus;
}

/** The hall, best first, as it is now. */
export async function listSeats(db: Db, eventId: number): Promise<SeatRecord[]> {
  const { rows } = await db.raw<{ rows: SeatRecord[] }>(
    `SELECT s.id, s.ticket_type_id AS "ticketTypeId", s.section, s.row_name AS "row", s.number, s.section_rank AS "sectionRank",
       s.row_rank AS "rowRank", s.position, s.is_accessible AS "isAccessible", s.companion_of AS "companionOf", s.is_blocked AS "isBlocked",
       CASE WHEN s.is_blocked THEN 'blocked' WHEN b.status = 'confirmed' THEN 'sold' WHEN b.status = 'pending' THEN 'held' ELSE 'free' END AS status
     FROM seats s LEFT JOIN booking_seats t ON t.seat_id = s.id LEFT JOIN bookings b ON b.id = t.booking_id
     WHERE s.event_id = ? AND s.removed_at IS NULL ORDER BY s.section_rank, s.row_rank, s.position, s.id`,
    [eventId],
  );
  return rows;
}

/** Which of these types have pending or confirmed tickets without a seat. */
export async function listTypesBookedWithoutSeats(trx: Trx, eventId: number, typeIds: number[]): Promise<number[]> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT DISTINCT i.ticket_type_id AS id FROM bookings b JOIN booking_items i ON i.booking_id = b.id
     WHERE b.event_id = ? AND b.status IN ('pending', 'confirmed') AND i.seat_ids IS NULL AND i.ticket_type_id = ANY (?::int[])`,
    [eventId, numberArray(typeIds)],
  );
  return rows.map(({ id }) => id);
}

export type NewSeat = Omit<SeatRecord, 'id' | 'status' | 'companionOf'>;

/** Their ids, in turn. */
export async function insertSeats(trx: Trx, eventId: number, seats: NewSeat[]): Promise<number[]> {
  if (seats.length === 0) return [];
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `WITH asked AS MATERIALIZED (
       SELECT nextval('seats_id_seq')::int AS id, s.*
       FROM unnest(:types::int[], :sections::text[], :rows::text[], :numbers::text[], :sectionRanks::int[], :rowRanks::int[], :positions::int[],
                   :accessible::boolean[], :blocked::boolean[])
         WITH ORDINALITY AS s(ticket_type_id, section, row_name, number, section_rank, row_rank, position, is_accessible, is_blocked, place)
     ), made AS (
       INSERT INTO seats (id, event_id, ticket_type_id, section, row_name, number, section_rank, row_rank, position, is_accessible, is_blocked)
       SELECT id, :eventId, ticket_type_id, section, row_name, number, section_rank, row_rank, position, is_accessible, is_blocked FROM asked
     )
     SELECT id FROM asked ORDER BY place`,
    {
      eventId,
      types: numberArray(seats.map(({ ticketTypeId }) => ticketTypeId)),
      sections: textArray(seats.map(({ section }) => section)),
      rows: textArray(seats.map(({ row }) => row)),
      numbers: textArray(seats.map(({ number }) => number)),
      sectionRanks: numberArray(seats.map(({ sectionRank }) => sectionRank)),
      rowRanks: numberArray(seats.map(({ rowRank }) => rowRank)),
      positions: numberArray(seats.map(({ position }) => position)),
      accessible: textArray(seats.map(({ isAccessible }) => String(isAccessible))),
      blocked: textArray(seats.map(({ isBlocked }) => String(isBlocked))),
    },
  );
  return rows.map(({ id }) => id);
}

export type SeatChange = Omit<SeatRecord, 'status' | 'section' | 'row' | 'number'>;

export async function updateSeats(trx: Trx, seats: SeatChange[]): Promise<void> {
  if (seats.length === 0) return;
  await trx.raw(
    `UPDATE seats s SET ticket_type_id = u.ticket_type_id, section_rank = u.section_rank, row_rank = u.row_rank, position = u.position,
       is_accessible = u.is_accessible, companion_of = u.companion_of, is_blocked = u.is_blocked
     FROM unnest(:ids::int[], :types::int[], :sectionRanks::int[], :rowRanks::int[], :positions::int[], :accessible::boolean[],
                 :companions::int[], :blocked::boolean[])
       AS u(id, ticket_type_id, section_rank, row_rank, position, is_accessible, companion_of, is_blocked)
     WHERE s.id = u.id`,
    {
      ids: numberArray(seats.map(({ id }) => id)),
      types: numberArray(seats.map(({ ticketTypeId }) => ticketTypeId)),
      sectionRanks: numberArray(seats.map(({ sectionRank }) => sectionRank)),
      rowRanks: numberArray(seats.map(({ rowRank }) => rowRank)),
      positions: numberArray(seats.map(({ position }) => position)),
      accessible: textArray(seats.map(({ isAccessible }) => String(isAccessible))),
      companions: numberArray(seats.map(({ companionOf }) => companionOf)),
      blocked: textArray(seats.map(({ isBlocked }) => String(isBlocked))),
    },
  );
}

/** Those that were booked once are still named by their tickets. */
export async function removeSeats(trx: Trx, ids: number[]): Promise<void> {
  if (ids.length === 0) return;
  await trx.raw('UPDATE seats SET removed_at = now() WHERE id = ANY (?::int[])', [numberArray(ids)]);
}

export async function hasSeats(db: Db, ticketTypeId: number): Promise<boolean> {
  const row: unknown = await db('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').first('id');
  return row !== undefined;
}

export async function removeSeatsOfType(trx: Trx, ticketTypeId: number): Promise<void> {
  await trx('seats').where('ticket_type_id', ticketTypeId).whereNull('removed_at').update({ removed_at: trx.fn.now() });
}

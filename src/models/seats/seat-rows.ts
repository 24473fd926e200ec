import type { Trx } from '../../database';
import { forEachYielding } from '../../lib/yielding-loops';
import type { Seat } from '../inventory/types';
import { int4, orNull, pipeline, statement, text, type ResultOf } from '../statement';

/** A seat and its place, whether or not it is taken. */
export interface PlacedSeat extends Seat {
  sectionRank: number;
  rowRank: number;
}

type SeatValues = [
  id: number,
  ticketTypeId: number,
  number: string,
  position: number,
  isAccessible: boolean,
  companionOf: number | null,
  isBlocked: boolean,
];

// Reading tens of thousands of table rows would take the driver ten times as long as JSON does.
/** Reads the seating plan of an event by rows, best first. */
export const SEATS_BY_ROW = statement({
  name: 'seats-by-row',
  columns: {
    section: text('s.section'),
    row: text('s.row_name'),
    sectionRank: int4('s.section_rank'),
    rowRank: int4('s.row_rank'),
    seats: text(`json_agg(
      json_build_array(s.id, s.ticket_type_id, s.number, s.position, s.is_accessible, s.companion_of, s.is_blocked)
      ORDER BY s.position, s.id
    )::text`),
    /** The version of the seating plan; null if there is none. */
    seating: orNull(int4('(SELECT i.seating FROM event_inventory i WHERE i.event_id = :eventId::int)')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM seats s
  WHERE s.event_id = :eventId::int AND s.removed_at IS NULL
  GROUP BY s.section_rank, s.row_rank, s.section, s.row_name
  ORDER BY s.section_rank, s.row_rank, min(s.position), min(s.id)`,
});

type SeatsOfRow = ResultOf<typeof SEATS_BY_ROW>;

/** Returns the seats of these rows, yielding to other work in between. */
export async function toSeats(rows: SeatsOfRow[]): Promise<PlacedSeat[]> {
  const seats: PlacedSeat[] = [];
  await forEachYielding(iterateSeats(rows), (seat) => seats.push(seat));
  return seats;
}

function* iterateSeats(rows: SeatsOfRow[]): Generator<PlacedSeat> {
  for (const { section, row, sectionRank, rowRank, seats } of rows)
    for (const [id, ticketTypeId, number, position, isAccessible, companionOf, isBlocked] of JSON.parse(
      seats,
    ) as SeatValues[])
      yield {
        id,
        ticketTypeId,
        section,
        row,
        number,
        position,
        sectionRank,
        rowRank,
        isAccessible,
        companionOf,
        isBlocked,
      };
}

/** Lists the seats of an event, best first. The result stays valid only under a lock. */
export async function listPlacedSeats(trx: Trx, eventId: number): Promise<PlacedSeat[]> {
  return toSeats(await pipeline(trx, SEATS_BY_ROW, { eventId }));
}

import { invalid } from '../errors';
import type { NewSeat, SeatRecord } from '../models/seats.model';

// What an organizer writes down about a hall, and the seats that follow from it.

export interface RowInput {
  /** One row, or several that are alike. */
  name?: string;
  names?: string[];
  /** Seats 1 to `count`, or each by its own number; null leaves a gap, such as an aisle. */
  count?: number;
  seats?: (string | null)[];
  ticketTypeId?: number;
  /** Numbers of seats. A companion's belongs to the nearest accessible one of its row. */
  accessible: string[];
  companion: string[];
  blocked: string[];
}

export interface SectionInput {
  name: string;
  /** Of its rows, unless they say something else; of the event's only type if nothing is said. */
  ticketTypeId?: number;
  rows: RowInput[];
}

/** A seat as it is to be; `companionOf` is the number of a seat in its row. */
export interface PlannedSeat extends NewSeat {
  companionOf: string | null;
}

const KINDS = ['accessible', 'companion', 'blocked'] as const;

function numbersOf({ count, seats }: RowInput): (string | null)[] {
  return seats ?? Array.from({ length: count! }, (_, index) => String(index + 1));
}

function nearest(
  numbers: (string | null)[],
  { accessible }: RowInput,
  number: string,
): { number: string; distance: number } | undefined {
  const at = numbers.indexOf(number);
  return accessible
    .map((other) => ({ number: other, distance: Math.abs(numbers.indexOf(other) - at) }))
    .sort((a, b) => a.distance - b.distance)[0];
}

function checkRow(row: RowInput, numbers: (string | null)[], path: string): void {
  const known = new Set(numbers.filter((number) => number !== null));
  if (known.size < numbers.filter((number) => number !== null).length)
    throw invalid(`${path}.seats`, 'has a number twice');
  for (const kind of KINDS) {
    const stranger = row[kind].find((number) => !known.has(number));
    if (stranger !== undefined) throw invalid(`${path}.${kind}`, `there is no seat "${stranger}" in this row`);
  }
  if (row.companion.some((number) => row.accessible.includes(number)))
    throw invalid(`${path}.companion`, 'a seat is either accessible or for a companion');
  if (row.companion.length > 0 && row.accessible.length === 0)
    throw invalid(`${path}.companion`, 'there is no accessible seat in this row');
}

interface Place {
  section: string;
  sectionRank: number;
  /** Of the first of these rows. */
  rowRank: number;
  ticketTypeId: number;
  path: string;
}

function seatsOfRow(row: RowInput, { path, rowRank, ...place }: Place): PlannedSeat[] {
  const numbers = numbersOf(row);
  checkRow(row, numbers, path);
  const names = row.names ?? [row.name!];
  return names.flatMap((name, index) =>
    numbers.flatMap((number, position) =>
      number === null
        ? []
        : [
            {
              ...place,
              row: name,
              number,
              rowRank: rowRank + index,
              position: position + 1,
              isAccessible: row.accessible.includes(number),
              companionOf: row.companion.includes(number) ? nearest(numbers, row, number)!.number : null,
              isBlocked: row.blocked.includes(number),
            },
          ],
    ),
  );
}

export const seatKey = ({ section, row, number }: { section: string; row: string; number: string }): string =>
  JSON.stringify([section, row, number]);

/** The seats of these sections, best first. @throws AppError VALIDATION_ERROR */
export function planSeats(sections: SectionInput[], ticketTypeIds: number[]): PlannedSeat[] {
  const onlyType = ticketTypeIds.length === 1 ? ticketTypeIds[0] : undefined;
  const seats = sections.flatMap((section, sectionRank) => {
    let rowRank = 0;
    return section.rows.flatMap((row, index) => {
      const path = `sections.${sectionRank}.rows.${index}`;
      const ticketTypeId = row.ticketTypeId ?? section.ticketTypeId ?? onlyType;
      if (ticketTypeId === undefined)
        throw invalid(`sections.${sectionRank}.ticketTypeId`, 'is required: this event has several ticket types');
      if (!ticketTypeIds.includes(ticketTypeId))
        throw invalid(
          row.ticketTypeId === undefined ? `sections.${sectionRank}.ticketTypeId` : `${path}.ticketTypeId`,
          'is not a ticket type of this event',
        );
      const own = seatsOfRow(row, { section: section.name, sectionRank, rowRank, ticketTypeId, path });
      rowRank += (row.names ?? [row.name]).length;
      return own;
    });
  });
  const names = new Set<string>();
  for (const seat of seats) {
    const key = seatKey(seat);
    if (names.has(key))
      throw invalid('sections', `${seat.section}, row ${seat.row}, seat ${seat.number} is there twice`);
    names.add(key);
  }
  return seats;
}

function lastOf<K>(values: [K, number][]): Map<K, number> {
  const last = new Map<K, number>();
  for (const [key, value] of values) last.set(key, Math.max(value, last.get(key) ?? -1));
  return last;
}

const rowKey = ({ section, row }: { section: string; row: string }): string => JSON.stringify([section, row]);

/** Puts planned seats behind those that are there and stay: sections, rows and places that exist keep where they are. */
export function placeBehind(planned: PlannedSeat[], existing: SeatRecord[]): PlannedSeat[] {
  const sections = lastOf(existing.map((seat) => [seat.section, seat.sectionRank]));
  const rows = lastOf(existing.map((seat) => [rowKey(seat), seat.rowRank]));
  const lastRows = lastOf(existing.map((seat) => [seat.section, seat.rowRank]));
  const places = lastOf(existing.map((seat) => [rowKey(seat), seat.position]));
  const known = new Map(existing.map((seat) => [seatKey(seat), seat]));
  const nextSection = Math.max(-1, ...sections.values()) + 1;
  return planned.map((seat) => {
    const { section } = seat;
    const position = known.get(seatKey(seat))?.position ?? (places.get(rowKey(seat)) ?? 0) + seat.position;
    return {
      ...seat,
      sectionRank: sections.get(section) ?? nextSection + seat.sectionRank,
      rowRank: rows.get(rowKey(seat)) ?? (lastRows.get(section) ?? -1) + 1 + seat.rowRank,
      position,
    };
  });
}

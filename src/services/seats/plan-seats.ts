import { createValidationError } from '../../errors';
import { collectYielding, forEachYielding } from '../../lib/yielding-loops';
import type { NewSeat, SeatRecord } from '../../models/seats/seats';

// Turns the sections and rows that an organizer describes into seats.

export interface RowInput {
  /** `name` for one row, `names` for several identical rows. */
  name?: string;
  names?: string[];
  /** `count` for seats 1 to `count`, `seats` for seat numbers; null leaves a gap, such as an aisle. */
  count?: number;
  seats?: (string | null)[];
  ticketTypeId?: number;
  /** Seat numbers. A companion seat belongs to the nearest accessible seat of its row. */
  accessible: string[];
  companion: string[];
  blocked: string[];
}

export interface SectionInput {
  name: string;
  /** The ticket type of rows without their own; defaults to the event's only type. */
  ticketTypeId?: number;
  rows: RowInput[];
}

/** A seat to create or update; `companionOf` is the number of a seat in the same row. */
export interface PlannedSeat extends NewSeat {
  companionOf: string | null;
}

const KINDS = ['accessible', 'companion', 'blocked'] as const;

function listSeatNumbers({ count, seats }: RowInput): (string | null)[] {
  return seats ?? Array.from({ length: count! }, (_, index) => String(index + 1));
}

/** Maps each companion seat to the nearest accessible seat, by number; at equal distance, to the one listed first. */
function matchCompanions(numbers: (string | null)[], { accessible, companion }: RowInput): Map<string, string> {
  const matched = new Map<string, string>();
  if (companion.length === 0) return matched;
  const places = new Map(numbers.map((number, place) => [number, place]));
  const rank = new Map(accessible.map((number, index) => [number, index]));
  const ordered = accessible
    .map((number) => ({ number, place: places.get(number)!, rank: rank.get(number)! }))
    .sort((a, b) => a.place - b.place);
  let next = 0;
  for (const number of [...companion].sort((a, b) => places.get(a)! - places.get(b)!)) {
    const place = places.get(number)!;
    while (next < ordered.length && ordered[next]!.place < place) next += 1;
    const [before, after] = [ordered[next - 1], ordered[next]];
    const isBefore =
      !after ||
      (before !== undefined &&
        (place - before.place < after.place - place ||
          (place - before.place === after.place - place && before.rank < after.rank)));
    matched.set(number, (isBefore ? before! : after).number);
  }
  return matched;
}

function assertRow(row: RowInput, numbers: (string | null)[], path: string): void {
  const known = new Set(numbers.filter((number) => number !== null));
  if (known.size < numbers.filter((number) => number !== null).length)
    throw createValidationError(`${path}.seats`, 'has a duplicate number');
  for (const kind of KINDS) {
    const place = row[kind].findIndex((number) => !known.has(number));
    if (place >= 0) throw createValidationError(`${path}.${kind}`, `entry ${place + 1} is not a seat of this row`);
  }
  const accessible = new Set(row.accessible);
  if (row.companion.some((number) => accessible.has(number)))
    throw createValidationError(`${path}.companion`, 'a seat is either accessible or for a companion');
  if (row.companion.length > 0 && row.accessible.length === 0)
    throw createValidationError(`${path}.companion`, 'this row has no accessible seat');
}

interface Place {
  section: string;
  sectionRank: number;
  /** The rank of the first of these rows. */
  rowRank: number;
  ticketTypeId: number;
  path: string;
}

function* planRow(row: RowInput, { path, rowRank, ...place }: Place): Generator<PlannedSeat> {
  const numbers = listSeatNumbers(row);
  assertRow(row, numbers, path);
  const accessible = new Set(row.accessible);
  const blocked = new Set(row.blocked);
  const companions = matchCompanions(numbers, row);
  const names = row.names ?? [row.name!];
  for (const [index, name] of names.entries())
    for (const [position, number] of numbers.entries()) {
      if (number === null) continue;
      yield {
        ...place,
        row: name,
        number,
        rowRank: rowRank + index,
        position: position + 1,
        isAccessible: accessible.has(number),
        companionOf: companions.get(number) ?? null,
        isBlocked: blocked.has(number),
      };
    }
}

export const getSeatKey = ({ section, row, number }: { section: string; row: string; number: string }): string =>
  JSON.stringify([section, row, number]);

function* planSections(sections: SectionInput[], ticketTypeIds: number[]): Generator<PlannedSeat> {
  const onlyType = ticketTypeIds.length === 1 ? ticketTypeIds[0] : undefined;
  for (const [sectionRank, section] of sections.entries()) {
    let rowRank = 0;
    for (const [index, row] of section.rows.entries()) {
      const path = `sections.${sectionRank}.rows.${index}`;
      const ticketTypeId = row.ticketTypeId ?? section.ticketTypeId ?? onlyType;
      if (ticketTypeId === undefined)
        throw createValidationError(
          `sections.${sectionRank}.ticketTypeId`,
          'is required: this event has several ticket types',
        );
      if (!ticketTypeIds.includes(ticketTypeId))
        throw createValidationError(
          row.ticketTypeId === undefined ? `sections.${sectionRank}.ticketTypeId` : `${path}.ticketTypeId`,
          'is not a ticket type of this event',
        );
      yield* planRow(row, { section: section.name, sectionRank, rowRank, ticketTypeId, path });
      rowRank += (row.names ?? [row.name]).length;
    }
  }
}

/** Returns the seats of these sections, best first. @throws AppError VALIDATION_ERROR */
export async function planSeats(sections: SectionInput[], ticketTypeIds: number[]): Promise<PlannedSeat[]> {
  const seats: PlannedSeat[] = [];
  const names = new Set<string>();
  await forEachYielding(planSections(sections, ticketTypeIds), (seat) => {
    const key = getSeatKey(seat);
    if (names.has(key)) throw createValidationError('sections', 'two seats have the same section, row and number');
    names.add(key);
    seats.push(seat);
  });
  return seats;
}

const getRowKey = ({ section, row }: { section: string; row: string }): string => JSON.stringify([section, row]);

/** Places planned seats behind existing ones; existing sections, rows and seats keep their places. */
export async function placeBehind(planned: PlannedSeat[], existing: SeatRecord[]): Promise<PlannedSeat[]> {
  const sections = new Map<string, number>();
  const rows = new Map<string, number>();
  const lastRows = new Map<string, number>();
  const places = new Map<string, number>();
  const known = new Map<string, SeatRecord>();
  const raiseLast = (last: Map<string, number>, key: string, value: number): void => {
    last.set(key, Math.max(value, last.get(key) ?? -1));
  };
  await forEachYielding(existing, (seat) => {
    raiseLast(sections, seat.section, seat.sectionRank);
    raiseLast(rows, getRowKey(seat), seat.rowRank);
    raiseLast(lastRows, seat.section, seat.rowRank);
    raiseLast(places, getRowKey(seat), seat.position);
    known.set(getSeatKey(seat), seat);
  });
  const nextSection = Math.max(-1, ...sections.values()) + 1;
  return collectYielding(planned, (seat) => {
    const { section } = seat;
    const position = known.get(getSeatKey(seat))?.position ?? (places.get(getRowKey(seat)) ?? 0) + seat.position;
    return {
      ...seat,
      sectionRank: sections.get(section) ?? nextSection + seat.sectionRank,
      rowRank: rows.get(getRowKey(seat)) ?? (lastRows.get(section) ?? -1) + 1 + seat.rowRank,
      position,
    };
  });
}

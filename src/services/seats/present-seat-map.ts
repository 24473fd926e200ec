import { forEachYielding } from '../../lib/yielding-loops';
import type { EventRow } from '../../models/events/events';
import type { TicketTypeRow } from '../../models/ticket-types.model';
import { presentTicketType } from '../events/present-event';
import { countSeats, getSeatStatus, type SeatingPlan, type SeatingPlanRow } from './seating-plans';

export function presentSeat(seatingPlan: SeatingPlan, { seats, start }: SeatingPlanRow, index: number) {
  const { id, number, position, ticketTypeId, isAccessible, companionOf } = seats[index]!;
  const status = getSeatStatus(seatingPlan, start + index);
  return { id, number, position, ticketTypeId, accessible: isAccessible, companionOf, status };
}

export type MapSeat = ReturnType<typeof presentSeat>;

const presentRow = (seatingPlan: SeatingPlan, row: SeatingPlanRow) => ({
  name: row.name,
  seats: row.seats.map((_seat, index) => presentSeat(seatingPlan, row, index)),
});

interface Section {
  name: string;
  rows: SeatingPlanRow[];
}

/** Groups consecutive rows with the same section name. */
export function groupBySection(rows: SeatingPlanRow[]): Section[] {
  const sections: Section[] = [];
  for (const row of rows) {
    const last = sections.at(-1);
    if (last?.name === row.section) last.rows.push(row);
    else sections.push({ name: row.section, rows: [row] });
  }
  return sections;
}

/** Returns everything in a seat map except its sections. */
export function presentMapHead(seatingPlan: SeatingPlan, event: EventRow, types: TicketTypeRow[]) {
  return {
    eventId: event.id,
    title: event.title,
    currency: event.currency,
    ticketTypes: types
      .filter(({ id }) => seatingPlan.ticketTypeIds.has(id))
      .map((type) => presentTicketType(type, event))
      .map(({ id, name, price, quantityAvailable }) => ({ id, name, price, quantityAvailable })),
    counts: countSeats(seatingPlan),
  };
}

export type MapHead = ReturnType<typeof presentMapHead>;

/** Returns the seat map as an object, without rows if it has more than `maxSeats` seats. */
export function presentMap(seatingPlan: SeatingPlan, head: MapHead, maxSeats: number) {
  const isSmall = seatingPlan.states.length <= maxSeats;
  const sections = groupBySection(seatingPlan.rows).map(({ name, rows }) => ({
    name,
    rows: isSmall ? rows.map((row) => presentRow(seatingPlan, row)) : [],
  }));
  return { ...head, sections };
}

export type SeatMap = ReturnType<typeof presentMap>;

/** Returns the seat map as the JSON of a response. Rows are cached as text, because most have not changed since the last request. */
export async function renderMapJson(seatingPlan: SeatingPlan, head: MapHead, rows: SeatingPlanRow[]): Promise<Buffer> {
  await forEachYielding(rows, (row) => {
    const key = Buffer.from(seatingPlan.states.subarray(row.start, row.start + row.seats.length)).toString('latin1');
    if (row.written?.key !== key) row.written = { key, text: JSON.stringify(presentRow(seatingPlan, row)) };
  });
  const sections = groupBySection(rows).map((section) => {
    const texts = section.rows.map(({ written }) => written!.text);
    return `{"name":${JSON.stringify(section.name)},"rows":[${texts.join(',')}]}`;
  });
  return Buffer.from(
    `{"success":true,"data":${JSON.stringify(head).slice(0, -1)},"sections":[${sections.join(',')}]}}`,
  );
}

import { createHash } from 'node:crypto';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { inSets } from '../lib/sets';
import { listSeats, type SeatRecord, type SeatStatus } from '../models/seats.model';
import { getVisibleEvent } from './events.access.service';
import { presentTicketType } from './events.present';
import { drawHall } from './seats.svg';
import { listTypesOfEvent } from './ticket-types.service';

function presentSeat({ id, number, position, ticketTypeId, isAccessible, companionOf, status }: SeatRecord) {
  return { id, number, position, ticketTypeId, accessible: isAccessible, companionOf, status };
}

interface MapRow {
  name: string;
  seats: ReturnType<typeof presentSeat>[];
}

export interface MapSection {
  name: string;
  rows: MapRow[];
}

function sectionsOf(seats: SeatRecord[]): MapSection[] {
  const sections: MapSection[] = [];
  for (const seat of seats) {
    let section = sections.at(-1);
    if (section?.name !== seat.section) sections.push((section = { name: seat.section, rows: [] }));
    let row = section.rows.at(-1);
    if (row?.name !== seat.row) section.rows.push((row = { name: seat.row, seats: [] }));
    row.seats.push(presentSeat(seat));
  }
  return sections;
}

// However many people look at a hall, it is read once at a time.
const readSeats = inSets(async (eventIds: number[]): Promise<SeatRecord[][]> => {
  const halls = new Map<number, SeatRecord[]>();
  for (const eventId of new Set(eventIds)) halls.set(eventId, await listSeats(database, eventId));
  return eventIds.map((eventId) => halls.get(eventId)!);
});

/** The hall as it is now; what a waitlist offer holds is no seat in particular. @throws AppError NOT_FOUND, also for a stranger's draft */
export async function getSeatMap(actor: Actor | undefined, eventId: number) {
  const event = await getVisibleEvent(database, actor, eventId);
  const types = await listTypesOfEvent(database, eventId);
  const seats = await readSeats(eventId);
  const counts: Record<SeatStatus, number> = { free: 0, held: 0, sold: 0, blocked: 0 };
  for (const { status } of seats) counts[status] += 1;
  const numbered = new Set(seats.map(({ ticketTypeId }) => ticketTypeId));
  return {
    eventId,
    title: event.title,
    currency: event.currency,
    ticketTypes: types
      .filter(({ id }) => numbered.has(id))
      .map((type) => presentTicketType(type, event))
      .map(({ id, name, price, quantityAvailable }) => ({ id, name, price, quantityAvailable })),
    counts,
    sections: sectionsOf(seats),
  };
}

export type SeatMap = Awaited<ReturnType<typeof getSeatMap>>;

export function seatMapTag(map: SeatMap): string {
  return `W/"${createHash('sha1').update(JSON.stringify(map)).digest('base64url')}"`;
}

/** A drawing of the hall as it is now. @throws AppError NOT_FOUND, also for a stranger's draft */
export async function getSeatDrawing(actor: Actor | undefined, eventId: number): Promise<string> {
  return drawHall(await getSeatMap(actor, eventId));
}

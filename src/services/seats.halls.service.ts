import { database } from '../database';
import { inTurns } from '../lib/turns';
import { findTakenSeats, listHall, type SeatStatus } from '../models/seats.model';
import type { PlacedSeat } from '../models/seats.rows.model';

/** Of all halls that are kept. */
const MOST_SEATS_KEPT = 120_000;
const MOST_TRIES = 3;

export const STATUSES = ['free', 'held', 'sold', 'blocked'] as const satisfies SeatStatus[];
const [FREE, HELD, SOLD, BLOCKED] = [0, 1, 2, 3] as const;

/** A row as people see it: its seats side by side. */
export interface HallRow {
  section: string;
  name: string;
  /** Where its seats begin among all of the hall. */
  start: number;
  seats: PlacedSeat[];
  /** As last written down, and with which states. */
  written?: { text: string; key: string };
}

export interface Hall {
  seating: number | null;
  rows: HallRow[];
  ticketTypeIds: Set<number>;
  /** Of each seat's id, where it is among all. */
  places: Map<number, number>;
  /** Of each seat, as numbers of `STATUSES`. */
  states: Uint8Array;
}

// Halls of this process, the one used last at the end. What never changes in a version is read and laid out once.
const halls = new Map<number, Hall>();

function keep(eventId: number, hall: Hall): void {
  halls.delete(eventId);
  halls.set(eventId, hall);
  let seats = [...halls.values()].reduce((sum, { states }) => sum + states.length, 0);
  for (const [id, { states }] of halls) {
    if (seats <= MOST_SEATS_KEPT || id === eventId) break;
    halls.delete(id);
    seats -= states.length;
  }
}

async function readHall(eventId: number): Promise<Hall> {
  const { seating, seats } = await listHall(database, eventId);
  const rows: HallRow[] = [];
  const places = new Map<number, number>();
  const ticketTypeIds = new Set<number>();
  await inTurns(seats, (seat, place) => {
    places.set(seat.id, place);
    ticketTypeIds.add(seat.ticketTypeId);
    let row = rows.at(-1);
    if (row?.section !== seat.section || row.name !== seat.row)
      rows.push((row = { section: seat.section, name: seat.row, start: place, seats: [] }));
    row.seats.push(seat);
  });
  return { seating, rows, ticketTypeIds, places, states: new Uint8Array(seats.length) };
}

/** Writes down which seats are free, and counts them. */
async function setStates(hall: Hall, { held, sold }: { held: number[]; sold: number[] }): Promise<void> {
  const states = new Uint8Array(hall.states.length);
  const set = (ids: number[], state: number) =>
    inTurns(ids, (id) => {
      const place = hall.places.get(id);
      if (place !== undefined) states[place] = state;
    });
  await set(held, HELD);
  await set(sold, SOLD);
  for (const { seats, start } of hall.rows)
    for (let at = 0; at < seats.length; at += 1) if (seats[at]!.isBlocked) states[start + at] = BLOCKED;
  hall.states = states;
}

/** The hall as it is now. One caller at a time may have an event's: it is changed in place. */
export async function refreshHall(eventId: number): Promise<Hall> {
  for (let tries = 1; ; tries += 1) {
    const taken = await findTakenSeats(database, eventId);
    const known = halls.get(eventId);
    const hall = known?.seating === taken.seating ? known : await readHall(eventId);
    // Somebody has changed it in between.
    if (hall.seating !== taken.seating && tries < MOST_TRIES) continue;
    keep(eventId, hall);
    await setStates(hall, taken);
    return hall;
  }
}

/** Shows free seats of these types as what nobody can have. */
export function closeSeats(hall: Hall, closed: Map<number, 'held' | 'blocked'>): void {
  if (closed.size === 0) return;
  for (const { seats, start } of hall.rows)
    for (let at = 0; at < seats.length; at += 1) {
      const status = closed.get(seats[at]!.ticketTypeId);
      if (status && hall.states[start + at] === FREE) hall.states[start + at] = status === 'held' ? HELD : BLOCKED;
    }
}

export const statusAt = ({ states }: Hall, place: number): SeatStatus => STATUSES[states[place]!]!;

export function countSeats({ states }: Hall): Record<SeatStatus, number> {
  const counts = [0, 0, 0, 0];
  for (const state of states) counts[state]! += 1;
  const [free, held, sold, blocked] = counts as [number, number, number, number];
  return { free, held, sold, blocked };
}

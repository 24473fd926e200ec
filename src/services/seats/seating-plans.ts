import { database } from '../../database';
import { forEachYielding } from '../../lib/yielding-loops';
import { findTakenSeats, listSeatsOfPlan, type SeatStatus } from '../../models/seats/seats';
import type { PlacedSeat } from '../../models/seats/seat-rows';

/** Of all halls that are kept. */
const MAX_CACHED_SEATS = 120_000;
const MAX_ATTEMPTS = 3;

export const STATUSES = ['free', 'held', 'sold', 'blocked'] as const satisfies SeatStatus[];
const [FREE, HELD, SOLD, BLOCKED] = [0, 1, 2, 3] as const;

/** A row as people see it: its seats side by side. */
export interface SeatingPlanRow {
  section: string;
  name: string;
  /** Where its seats begin among all of the hall. */
  start: number;
  seats: PlacedSeat[];
  /** As last written down, and with which states. */
  written?: { text: string; key: string };
}

export interface SeatingPlan {
  seating: number | null;
  rows: SeatingPlanRow[];
  ticketTypeIds: Set<number>;
  /** Of each seat's id, where it is among all. */
  places: Map<number, number>;
  /** Of each seat, as numbers of `STATUSES`. */
  states: Uint8Array;
}

// Halls of this process, the one used last at the end. What never changes in a version is read and laid out once.
const seatingPlans = new Map<number, SeatingPlan>();

function cacheSeatingPlan(eventId: number, seatingPlan: SeatingPlan): void {
  seatingPlans.delete(eventId);
  seatingPlans.set(eventId, seatingPlan);
  let seats = [...seatingPlans.values()].reduce((sum, { states }) => sum + states.length, 0);
  for (const [id, { states }] of seatingPlans) {
    if (seats <= MAX_CACHED_SEATS || id === eventId) break;
    seatingPlans.delete(id);
    seats -= states.length;
  }
}

async function readSeatingPlan(eventId: number): Promise<SeatingPlan> {
  const { seating, seats } = await listSeatsOfPlan(database, eventId);
  const rows: SeatingPlanRow[] = [];
  const places = new Map<number, number>();
  const ticketTypeIds = new Set<number>();
  await forEachYielding(seats, (seat, place) => {
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
async function setStates(seatingPlan: SeatingPlan, { held, sold }: { held: number[]; sold: number[] }): Promise<void> {
  const states = new Uint8Array(seatingPlan.states.length);
  const set = (ids: number[], state: number) =>
    forEachYielding(ids, (id) => {
      const place = seatingPlan.places.get(id);
      if (place !== undefined) states[place] = state;
    });
  await set(held, HELD);
  await set(sold, SOLD);
  for (const { seats, start } of seatingPlan.rows)
    for (let at = 0; at < seats.length; at += 1) if (seats[at]!.isBlocked) states[start + at] = BLOCKED;
  seatingPlan.states = states;
}

/** The hall as it is now. One caller at a time may have an event's: it is changed in place. */
export async function getSeatingPlan(eventId: number): Promise<SeatingPlan> {
  for (let tries = 1; ; tries += 1) {
    const taken = await findTakenSeats(database, eventId);
    const known = seatingPlans.get(eventId);
    const seatingPlan = known?.seating === taken.seating ? known : await readSeatingPlan(eventId);
    // Somebody has changed it in between.
    if (seatingPlan.seating !== taken.seating && tries < MAX_ATTEMPTS) continue;
    cacheSeatingPlan(eventId, seatingPlan);
    await setStates(seatingPlan, taken);
    return seatingPlan;
  }
}

/** Shows free seats of these types as what nobody can have. */
export function closeSeats(seatingPlan: SeatingPlan, closed: Map<number, 'held' | 'blocked'>): void {
  if (closed.size === 0) return;
  for (const { seats, start } of seatingPlan.rows)
    for (let at = 0; at < seats.length; at += 1) {
      const status = closed.get(seats[at]!.ticketTypeId);
      if (status && seatingPlan.states[start + at] === FREE)
        seatingPlan.states[start + at] = status === 'held' ? HELD : BLOCKED;
    }
}

export const getSeatStatus = ({ states }: SeatingPlan, place: number): SeatStatus => STATUSES[states[place]!]!;

export function countSeats({ states }: SeatingPlan): Record<SeatStatus, number> {
  const counts = [0, 0, 0, 0];
  for (const state of states) counts[state]! += 1;
  const [free, held, sold, blocked] = counts as [number, number, number, number];
  return { free, held, sold, blocked };
}

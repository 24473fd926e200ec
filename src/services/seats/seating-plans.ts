import { database } from '../../database';
import { forEachYielding } from '../../lib/yielding-loops';
import { findTakenSeats, listSeatsOfPlan, type SeatStatus } from '../../models/seats/seats';
import type { PlacedSeat } from '../../models/seats/seat-rows';

/** The total over all cached seating plans. */
const MAX_CACHED_SEATS = 120_000;
const MAX_ATTEMPTS = 3;

export const STATUSES = ['free', 'held', 'sold', 'blocked'] as const satisfies SeatStatus[];
const [FREE, HELD, SOLD, BLOCKED] = [0, 1, 2, 3] as const;

/** A row with its seats from one side to the other. */
export interface SeatingPlanRow {
  section: string;
  name: string;
  /** The index of its first seat among all seats of the plan. */
  start: number;
  seats: PlacedSeat[];
  /** The cached JSON of the row, with the seat states it shows as `key`. */
  written?: { text: string; key: string };
}

export interface SeatingPlan {
  seating: number | null;
  rows: SeatingPlanRow[];
  ticketTypeIds: Set<number>;
  /** The index of each seat id among all seats. */
  places: Map<number, number>;
  /** The status of each seat, as an index into `STATUSES`. */
  states: Uint8Array;
}

// The seating plans cached by this process, least recently used first. A plan is read and laid out once per version.
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

/** Sets the status of each seat. */
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
    for (let index = 0; index < seats.length; index += 1) if (seats[index]!.isBlocked) states[start + index] = BLOCKED;
  seatingPlan.states = states;
}

/** Returns the current seating plan. It is updated in place, so only one caller at a time may use the plan of an event. */
export async function getSeatingPlan(eventId: number): Promise<SeatingPlan> {
  for (let tries = 1; ; tries += 1) {
    const taken = await findTakenSeats(database, eventId);
    const known = seatingPlans.get(eventId);
    const seatingPlan = known?.seating === taken.seating ? known : await readSeatingPlan(eventId);
    // The plan has changed between the two reads.
    if (seatingPlan.seating !== taken.seating && tries < MAX_ATTEMPTS) continue;
    cacheSeatingPlan(eventId, seatingPlan);
    await setStates(seatingPlan, taken);
    return seatingPlan;
  }
}

/** Marks the free seats of these ticket types as held or blocked. */
export function closeSeats(seatingPlan: SeatingPlan, closed: Map<number, 'held' | 'blocked'>): void {
  if (closed.size === 0) return;
  for (const { seats, start } of seatingPlan.rows)
    for (let index = 0; index < seats.length; index += 1) {
      const status = closed.get(seats[index]!.ticketTypeId);
      if (status && seatingPlan.states[start + index] === FREE)
        seatingPlan.states[start + index] = status === 'held' ? HELD : BLOCKED;
    }
}

export const getSeatStatus = ({ states }: SeatingPlan, place: number): SeatStatus => STATUSES[states[place]!]!;

export function countSeats({ states }: SeatingPlan): Record<SeatStatus, number> {
  const counts = [0, 0, 0, 0];
  for (const state of states) counts[state]! += 1;
  const [free, held, sold, blocked] = counts as [number, number, number, number];
  return { free, held, sold, blocked };
}

import type { Trx } from '../../database';
import type { SeatRow } from '../../lib/seats/choose-seats';
import { forEachYielding } from '../../lib/yielding-loops';
import type { Seat, SeatingPlan } from '../../models/inventory/types';
import { listPlacedSeats } from '../../models/seats/seat-rows';

/** Enough for a few large venues. */
const MAX_CACHED_SEATS = 200_000;

// The one used last is at the end. A plan is valid as long as its event has the same version.
const seatingPlans = new Map<number, SeatingPlan>();

function cacheSeatingPlan(eventId: number, seatingPlan: SeatingPlan): void {
  seatingPlans.delete(eventId);
  seatingPlans.set(eventId, seatingPlan);
  let seats = [...seatingPlans.values()].reduce((sum, each) => sum + each.seats.size, 0);
  for (const [id, each] of seatingPlans) {
    if (seats <= MAX_CACHED_SEATS || id === eventId) break;
    seatingPlans.delete(id);
    seats -= each.seats.size;
  }
}

async function createSeatingPlan(version: number, seats: Seat[]): Promise<SeatingPlan> {
  const rows = new Map<number, SeatRow<Seat>[]>();
  const byId = new Map<number, Seat>();
  await forEachYielding(seats, (seat) => {
    byId.set(seat.id, seat);
    const rowsOfType = rows.get(seat.ticketTypeId) ?? [];
    const last = rowsOfType.at(-1);
    if (last && last.section === seat.section && last.seats[0]!.row === seat.row) last.seats.push(seat);
    else rowsOfType.push({ section: seat.section, seats: [seat] });
    rows.set(seat.ticketTypeId, rowsOfType);
  });
  return { version, seats: byId, rows };
}

/** Returns the seats of an event in this version, which is current only under the event's lock. */
export async function readSeatingPlan(trx: Trx, eventId: number, version: number): Promise<SeatingPlan> {
  const known = seatingPlans.get(eventId);
  const seatingPlan =
    known?.version === version ? known : await createSeatingPlan(version, await listPlacedSeats(trx, eventId));
  cacheSeatingPlan(eventId, seatingPlan);
  return seatingPlan;
}

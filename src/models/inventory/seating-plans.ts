import { getPreparedName, send, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { SeatRow } from '../../lib/seats/choose-seats';
import { forEachYielding } from '../../lib/yielding-loops';
import type { PresentedChanges, SeatingPlan, Seat } from './types';
import { listPlacedSeats } from '../seats/seat-rows';

/** Enough for a few large halls. */
const MAX_CACHED_SEATS = 200_000;

// Halls of this process, the one used last at the end. True as long as their events' versions say so.
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
    const own = rows.get(seat.ticketTypeId) ?? [];
    const last = own.at(-1);
    if (last && last.section === seat.section && last.seats[0]!.row === seat.row) last.seats.push(seat);
    else own.push({ section: seat.section, seats: [seat] });
    rows.set(seat.ticketTypeId, own);
  });
  return { version, seats: byId, rows };
}

/** The seats of an event as they are in this version; only true under the event's lock. */
export async function readSeatingPlan(trx: Trx, eventId: number, version: number): Promise<SeatingPlan> {
  const known = seatingPlans.get(eventId);
  const seatingPlan =
    known?.version === version ? known : await createSeatingPlan(version, await listPlacedSeats(trx, eventId));
  cacheSeatingPlan(eventId, seatingPlan);
  return seatingPlan;
}

const READ_TAKEN = `
  SELECT coalesce(json_agg(seat_id), '[]') AS taken FROM (
    SELECT seat_id FROM booking_seats WHERE event_id = ANY(:eventIds::int[])
    UNION ALL SELECT seat_id FROM booking_seats WHERE seat_id = ANY(:seatIds::int[])
  ) t`;

/** Those of these seats that active bookings have, and all of these events that they have. Only true under the lock. */
export async function readTakenSeats(
  trx: Trx,
  { eventIds, seatIds }: { eventIds: number[]; seatIds: number[] },
): Promise<number[]> {
  const [row] = await send<{ taken: number[] }>(
    trx,
    trx
      .raw(READ_TAKEN, { eventIds: toNumberArray(eventIds), seatIds: toNumberArray(seatIds) })
      .options(getPreparedName('inventory-taken-seats')),
  );
  return row!.taken;
}

const RESEAT = `
  UPDATE booking_items i SET seat_ids = u.seat_ids::int[]
  FROM unnest(:bookings::int[], :types::int[], :seats::text[]) AS u(booking_id, ticket_type_id, seat_ids)
  WHERE i.booking_id = u.booking_id AND i.ticket_type_id = u.ticket_type_id`;

/** The seats of bookings that come back: before their status says that they have them. */
export async function writeSeats(trx: Trx, { reseatedBookings }: PresentedChanges): Promise<void> {
  if (reseatedBookings.size === 0) return;
  const items = [...reseatedBookings].flatMap(({ id, items: own }) => own.map((item) => ({ ...item, bookingId: id })));
  await send(
    trx,
    trx.raw(RESEAT, {
      bookings: toNumberArray(items.map(({ bookingId }) => bookingId)),
      types: toNumberArray(items.map(({ ticketTypeId }) => ticketTypeId)),
      seats: toTextArray(items.map(({ seats }) => seats && toNumberArray(seats.map(({ id }) => id)))),
    }),
  );
}

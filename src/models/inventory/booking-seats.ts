import { getPreparedName, send, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { PresentedChanges } from './types';

const READ_TAKEN = `
  SELECT coalesce(json_agg(seat_id), '[]') AS taken FROM (
    SELECT seat_id FROM booking_seats WHERE event_id = ANY(:eventIds::int[])
    UNION ALL SELECT seat_id FROM booking_seats WHERE seat_id = ANY(:seatIds::int[])
  ) t`;

/** Reads which of `seatIds`, and which seats of `eventIds`, are in active bookings. Valid only under the lock. */
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

/** Writes the new seats of expired bookings that were paid late. Must run before their status changes. */
export async function writeSeats(trx: Trx, { reseatedBookings }: PresentedChanges): Promise<void> {
  if (reseatedBookings.size === 0) return;
  const items = [...reseatedBookings].flatMap(({ id, items: bookingItems }) =>
    bookingItems.map((item) => ({ ...item, bookingId: id })),
  );
  await send(
    trx,
    trx.raw(RESEAT, {
      bookings: toNumberArray(items.map(({ bookingId }) => bookingId)),
      types: toNumberArray(items.map(({ ticketTypeId }) => ticketTypeId)),
      seats: toTextArray(items.map(({ seats }) => seats && toNumberArray(seats.map(({ id }) => id)))),
    }),
  );
}

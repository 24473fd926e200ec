import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { asInt, asIntArray, rowSet } from '../row-set';
import { json, pipeline, statement } from '../statement';
import type { BookingItem, PresentedChanges } from './types';

const READ_TAKEN = statement({
  name: 'inventory-taken-seats',
  isPrepared: true,
  columns: { taken: json<number[]>("coalesce(json_agg(t.seat_id), '[]')") },
  sql: (list) => `
  SELECT ${list}
  FROM (
    SELECT seat_id FROM booking_seats WHERE event_id = ANY(:eventIds::int[])
    UNION ALL
    SELECT seat_id FROM booking_seats WHERE seat_id = ANY(:seatIds::int[])
  ) t`,
});

/** Reads which of `seatIds`, and which seats of `eventIds`, are in active bookings. Valid only under the lock. */
export async function readTakenSeats(
  trx: Trx,
  { eventIds, seatIds }: { eventIds: number[]; seatIds: number[] },
): Promise<number[]> {
  const values = { eventIds: toNumberArray(eventIds), seatIds: toNumberArray(seatIds) };
  const [row] = await pipeline(trx, READ_TAKEN, values);
  return row!.taken;
}

const RESEATED = rowSet('booking_items', 'u').from<BookingItem & { bookingId: number }>({
  booking_id: asInt(({ bookingId }) => bookingId),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  seat_ids: asIntArray(({ seats }) => seats && toNumberArray(seats.map(({ id }) => id))),
});

const RESEAT = statement({
  name: 'inventory-reseat',
  columns: {},
  sql: () => `
  UPDATE booking_items i
  SET seat_ids = u.seat_ids::int[]
  FROM ${RESEATED.rows}
  WHERE i.booking_id = u.booking_id AND i.ticket_type_id = u.ticket_type_id`,
});

/** Writes the new seats of expired bookings that were paid late. Must run before their status changes. */
export async function writeSeats(trx: Trx, { reseatedBookings }: PresentedChanges): Promise<void> {
  if (reseatedBookings.size === 0) return;
  const items = [...reseatedBookings].flatMap(({ id, items: bookingItems }) =>
    bookingItems.map((item) => ({ ...item, bookingId: id })),
  );
  await pipeline(trx, RESEAT, RESEATED.bind(items));
}

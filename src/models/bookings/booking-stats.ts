import type { Db, Trx } from '../../database';
import { ACTIVE_BOOKING_STATUSES } from '../../lib/statuses';

export async function findActiveBookingId(trx: Trx, eventId: number): Promise<number | undefined> {
  const row = (await trx('bookings')
    .where({ event_id: eventId })
    .whereIn('status', ACTIVE_BOOKING_STATUSES)
    .first('id')) as { id: number } | undefined;
  return row?.id;
}

export interface BookingTotals {
  pending: number;
  confirmed: number;
  cancelled: number;
  expired: number;
}

export async function findBookingTotals(db: Db, eventId: number): Promise<BookingTotals> {
  const { rows } = await db.raw<{ rows: BookingTotals[] }>(
    `SELECT count(*) FILTER (WHERE status = 'pending') AS pending, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
            count(*) FILTER (WHERE status = 'cancelled') AS cancelled, count(*) FILTER (WHERE status = 'expired') AS expired
     FROM bookings WHERE event_id = ?`,
    [eventId],
  );
  return rows[0]!;
}

export interface BookingsPerSlot {
  /** The start of a quarter of an hour, because days in every time zone consist of whole quarters. */
  slot: Date;
  bookings: number;
  tickets: number;
}

/** The number of bookings made, whatever their status is now. */
export async function listBookingsPerSlot(db: Db, eventId: number): Promise<BookingsPerSlot[]> {
  const { rows } = await db.raw<{ rows: BookingsPerSlot[] }>(
    `SELECT date_bin('15 minutes', created_at, 'epoch') AS slot, count(*) AS bookings, sum(tickets_count) AS tickets
     FROM bookings WHERE event_id = ? GROUP BY slot ORDER BY slot`,
    [eventId],
  );
  return rows;
}

import type { Db, Trx } from '../../database';
import { ACTIVE_BOOKING_STATUSES } from '../../lib/statuses';
import { int8, query, queryOne, statement, timestamptz } from '../statement';

export async function findActiveBookingId(trx: Trx, eventId: number): Promise<number | undefined> {
  const row = await trx('bookings').where({ event_id: eventId }).whereIn('status', ACTIVE_BOOKING_STATUSES).first('id');
  return row?.id;
}

export interface BookingTotals {
  pending: number;
  confirmed: number;
  cancelled: number;
  expired: number;
}

const TOTALS = statement({
  name: 'bookings-totals',
  columns: {
    pending: int8("count(*) FILTER (WHERE status = 'pending')"),
    confirmed: int8("count(*) FILTER (WHERE status = 'confirmed')"),
    cancelled: int8("count(*) FILTER (WHERE status = 'cancelled')"),
    expired: int8("count(*) FILTER (WHERE status = 'expired')"),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings
  WHERE event_id = :eventId`,
});

export async function findBookingTotals(db: Db, eventId: number): Promise<BookingTotals> {
  return queryOne(db, TOTALS, { eventId });
}

export interface BookingsPerSlot {
  /** The start of a quarter of an hour, because days in every time zone consist of whole quarters. */
  slot: Date;
  bookings: number;
  tickets: number;
}

const PER_SLOT = statement({
  name: 'bookings-per-slot',
  columns: {
    slot: timestamptz("date_bin('15 minutes', created_at, 'epoch')"),
    bookings: int8('count(*)'),
    tickets: int8('sum(tickets_count)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM bookings
  WHERE event_id = :eventId
  GROUP BY slot
  ORDER BY slot`,
});

/** The number of bookings made, whatever their status is now. */
export async function listBookingsPerSlot(db: Db, eventId: number): Promise<BookingsPerSlot[]> {
  return query(db, PER_SLOT, { eventId });
}

import type { Db } from '../../database';
import type { BookingStatus } from '../inventory/types';

export interface BookingSearch {
  status?: BookingStatus;
  eventId?: number;
  userId?: number;
  from?: Date;
  to?: Date;
}

export interface BookingListRow {
  id: number;
  reference: string;
  status: BookingStatus;
  ticketsCount: number;
  totalAmount: string;
  discountAmount: string;
  currency: string;
  user: { id: number; email: string; firstName: string | null; lastName: string | null };
  event: { id: number; title: string; organizerId: number };
  order: { id: number; orderNumber: string; status: string } | null;
  createdAt: Date;
  confirmedAt: Date | null;
  cancelledAt: Date | null;
  cancelReason: string | null;
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

interface Order {
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

/** Returns a page in order of booking, which is the order of ids. */
export async function searchBookings(
  db: Db,
  search: BookingSearch,
  { order, limit, offset }: Order,
): Promise<{ rows: BookingListRow[]; total: number }> {
  const conditions = [
    'true',
    search.status && 'b.status = :status',
    search.eventId !== undefined && 'b.event_id = :eventId',
    search.userId !== undefined && 'b.user_id = :userId',
    search.from && 'b.created_at >= :from',
    search.to && 'b.created_at < :to',
  ];
  // Ids are in order of time, which PostgreSQL does not know; it would scan all rows newer than `to` or older than `from`.
  const by = (order === 'desc' ? search.to : search.from) ? 'b.id + 0' : 'b.id';
  const from = `FROM bookings b WHERE ${conditions.filter(Boolean).join(' AND ')}`;
  const values = { ...search, limit, offset };
  const [page, count] = await Promise.all([
    db.raw<{ rows: BookingListRow[] }>(
      `SELECT b.id, b.reference, b.status, b.tickets_count AS "ticketsCount", b.total_amount::text AS "totalAmount",
              b.discount_amount::text AS "discountAmount", b.currency, b.created_at AS "createdAt", b.confirmed_at AS "confirmedAt",
              b.cancelled_at AS "cancelledAt", b.cancel_reason AS "cancelReason",
              json_build_object('id', u.id, 'email', u.email, 'firstName', u.first_name, 'lastName', u.last_name) AS user,
              json_build_object('id', e.id, 'title', e.title, 'organizerId', e.organizer_id) AS event,
              (SELECT json_build_object('id', o.id, 'orderNumber', o.order_number, 'status', o.status)
               FROM orders o WHERE o.booking_id = b.id) AS order
       FROM (SELECT b.* ${from} ORDER BY ${by} ${order} LIMIT :limit OFFSET :offset) b
       JOIN users u ON u.id = b.user_id JOIN events e ON e.id = b.event_id ORDER BY b.id ${order}`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total FROM (SELECT ${from} LIMIT ${MAX_COUNTED_ROWS}) n`,
      values,
    ),
  ]);
  return { rows: page.rows, total: count.rows[0]!.total };
}

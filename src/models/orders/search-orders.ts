import type { Db } from '../../database';
import type { OrderStatus } from './orders';

export interface OrderSearch {
  status?: OrderStatus;
  eventId?: number;
  userId?: number;
  from?: Date;
  to?: Date;
}

export interface OrderListRow {
  id: number;
  orderNumber: string;
  status: OrderStatus;
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
  currency: string;
  customer: { id: number; name: string; email: string };
  event: { id: number; title: string; organizerId: number } | null;
  bookingId: number | null;
  createdAt: Date;
  paidAt: Date | null;
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

interface Order {
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

/** Returns a page in order of creation, which is the order of ids. */
export async function searchOrders(
  db: Db,
  search: OrderSearch,
  { order, limit, offset }: Order,
): Promise<{ rows: OrderListRow[]; total: number }> {
  const conditions = [
    'true',
    search.status && 'o.status = :status',
    search.eventId !== undefined && 'o.event_id = :eventId',
    search.userId !== undefined && 'o.user_id = :userId',
    search.from && 'o.created_at >= :from',
    search.to && 'o.created_at < :to',
  ];
  // Ids are in order of time, which PostgreSQL does not know; it would scan all rows newer than `to` or older than `from`.
  const by = (order === 'desc' ? search.to : search.from) ? 'o.id + 0' : 'o.id';
  const from = `FROM orders o WHERE ${conditions.filter(Boolean).join(' AND ')}`;
  const values = { ...search, limit, offset };
  const [page, count] = await Promise.all([
    db.raw<{ rows: OrderListRow[] }>(
      `SELECT o.id, o.order_number AS "orderNumber", o.status, o.subtotal::text, o.discount::text, o.tax::text, o.total::text, o.currency,
              json_build_object('id', o.user_id, 'name', o.customer_name, 'email', o.customer_email) AS customer,
              CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'title', e.title, 'organizerId', e.organizer_id) END AS event,
              o.booking_id AS "bookingId", o.created_at AS "createdAt", o.paid_at AS "paidAt"
       FROM (SELECT o.* ${from} ORDER BY ${by} ${order} LIMIT :limit OFFSET :offset) o
       LEFT JOIN events e ON e.id = o.event_id ORDER BY o.id ${order}`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total FROM (SELECT ${from} LIMIT ${MAX_COUNTED_ROWS}) n`,
      values,
    ),
  ]);
  return { rows: page.rows, total: count.rows[0]!.total };
}

import type { Db } from '../../database';
import {
  decimal,
  int4,
  int8,
  json,
  orNull,
  query,
  queryOne,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';
import type { BookingStatus } from '../inventory/types';

export interface BookingSearch {
  status?: BookingStatus;
  eventId?: number;
  userId?: number;
  from?: Date;
  to?: Date;
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

interface Order {
  order: 'asc' | 'desc';
  limit: number;
  offset: number;
}

interface Form extends BookingSearch {
  order: Order['order'];
}

function toConditions(search: BookingSearch): string {
  const conditions = [
    'true',
    search.status && 'b.status = :status',
    search.eventId !== undefined && 'b.event_id = :eventId',
    search.userId !== undefined && 'b.user_id = :userId',
    search.from && 'b.created_at >= :from',
    search.to && 'b.created_at < :to',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

// Ids are in order of time, which PostgreSQL does not know; it would scan all rows newer than `to` or older than `from`.
const toSortKey = ({ order, from, to }: Form): string => ((order === 'desc' ? to : from) ? 'b.id + 0' : 'b.id');

const FORMS: Form[] = [
  { order: 'desc' },
  { order: 'asc', status: 'pending', eventId: 1, userId: 1, from: new Date(0), to: new Date(0) },
];

const SEARCH = statementFamily({
  name: 'bookings-search',
  columns: {
    id: int4('b.id'),
    reference: text('b.reference'),
    status: text<BookingStatus>('b.status'),
    ticketsCount: int4('b.tickets_count'),
    totalAmount: decimal('b.total_amount'),
    discountAmount: decimal('b.discount_amount'),
    currency: text('b.currency'),
    createdAt: timestamptz('b.created_at'),
    confirmedAt: orNull(timestamptz('b.confirmed_at')),
    cancelledAt: orNull(timestamptz('b.cancelled_at')),
    cancelReason: orNull(text('b.cancel_reason')),
    user: json<{ id: number; email: string; firstName: string | null; lastName: string | null }>(
      "json_build_object('id', u.id, 'email', u.email, 'firstName', u.first_name, 'lastName', u.last_name)",
    ),
    event: json<{ id: number; title: string; organizerId: number }>(
      "json_build_object('id', e.id, 'title', e.title, 'organizerId', e.organizer_id)",
    ),
    order: orNull(
      json<{ id: number; orderNumber: string; status: string }>(
        "(SELECT json_build_object('id', o.id, 'orderNumber', o.order_number, 'status', o.status) FROM orders o WHERE o.booking_id = b.id)",
      ),
    ),
  },
  examples: FORMS,
  sql: (list, form: Form) => `
  SELECT
    ${list}
  FROM (
    SELECT b.*
    FROM bookings b
    WHERE ${toConditions(form)}
    ORDER BY ${toSortKey(form)} ${form.order}
    LIMIT :limit
    OFFSET :offset
  ) b
  JOIN users u ON u.id = b.user_id
  JOIN events e ON e.id = b.event_id
  ORDER BY b.id ${form.order}`,
});

const COUNT = statementFamily({
  name: 'bookings-search-count',
  columns: { total: int8('count(*)') },
  examples: FORMS,
  sql: (list, form: Form) =>
    `SELECT ${list} FROM (SELECT FROM bookings b WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

export type BookingListRow = ResultOf<ReturnType<typeof SEARCH>>;

/** Returns a page in order of booking, which is the order of ids. */
export async function searchBookings(
  db: Db,
  search: BookingSearch,
  { order, limit, offset }: Order,
): Promise<{ rows: BookingListRow[]; total: number }> {
  const form = { ...search, order };
  const values = { ...search };
  const [rows, { total }] = await Promise.all([
    query(db, SEARCH(form), { ...values, limit, offset }),
    queryOne(db, COUNT(form), values),
  ]);
  return { rows, total };
}

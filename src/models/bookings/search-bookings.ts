import type { Db } from '../../database';
import {
  getSearchExamples,
  MAX_COUNTED_ROWS,
  toSearchConditions,
  toSearchSortKey,
  type AdminSearch,
  type AdminSearchForm,
  type AdminSearchOrder,
} from '../admin-search';
import {
  decimal,
  int4,
  int8,
  json,
  orNull,
  queryPage,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';
import type { BookingStatus } from '../inventory/types';

export { MAX_COUNTED_ROWS };

export type BookingSearch = AdminSearch<BookingStatus>;

type Form = AdminSearchForm<BookingStatus>;

const EXAMPLES = getSearchExamples<BookingStatus>('pending');

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
        "(SELECT json_build_object('id', o.id, 'orderNumber', o.order_number, 'status', o.status) FROM orders o WHERE o.booking_id = b.id OR o.id = b.order_id)",
      ),
    ),
  },
  examples: EXAMPLES,
  sql: (list, form: Form) => `
  SELECT
    ${list}
  FROM (
    SELECT b.*
    FROM bookings b
    WHERE ${toSearchConditions('b', form)}
    ORDER BY ${toSearchSortKey('b', form)} ${form.order}
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
  examples: EXAMPLES,
  sql: (list, form: Form) =>
    `SELECT ${list} FROM (SELECT FROM bookings b WHERE ${toSearchConditions('b', form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

export type BookingListRow = ResultOf<ReturnType<typeof SEARCH>>;

/** Returns a page in order of booking, which is the order of ids. */
export async function searchBookings(
  db: Db,
  search: BookingSearch,
  { order, limit, offset }: AdminSearchOrder,
): Promise<{ rows: BookingListRow[]; total: number }> {
  const form = { ...search, order };
  const values = { ...search };
  return queryPage(db, { list: SEARCH(form), count: COUNT(form) }, { ...values, limit, offset });
}

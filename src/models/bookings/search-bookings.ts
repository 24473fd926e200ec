import type { Db } from '../../database';
import { containsWords } from '../../lib/text/contains-words';
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

export interface BookingSearch extends AdminSearch<BookingStatus> {
  /** Words in the customer's name or address, the reference, or the order number. */
  search?: string;
}

type Form = AdminSearchForm<BookingStatus> & Pick<BookingSearch, 'search'>;

const EXAMPLES: Form[] = [
  ...getSearchExamples<BookingStatus>('pending'),
  { order: 'desc', eventId: 1, search: 'two words' },
];

const SEARCHED = `concat_ws(
      ' ',
      b.reference,
      (SELECT concat_ws(' ', w.first_name, w.last_name, w.email) FROM users w WHERE w.id = b.user_id),
      (SELECT w.order_number FROM orders w WHERE w.booking_id = b.id OR w.id = b.order_id)
    )`;

const toConditions = (form: Form): string =>
  [toSearchConditions('b', form), ...containsWords(SEARCHED, form.search ?? '').conditions].join(' AND ');

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
    WHERE ${toConditions(form)}
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
    `SELECT ${list} FROM (SELECT FROM bookings b WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

export type BookingListRow = ResultOf<ReturnType<typeof SEARCH>>;

/** Returns a page in order of booking, which is the order of ids. */
export async function searchBookings(
  db: Db,
  search: BookingSearch,
  { order, limit, offset }: AdminSearchOrder,
): Promise<{ rows: BookingListRow[]; total: number }> {
  const form = { ...search, order };
  const values = { ...search, ...containsWords(SEARCHED, search.search ?? '').values };
  return queryPage(db, { list: SEARCH(form), count: COUNT(form) }, { ...values, limit, offset });
}

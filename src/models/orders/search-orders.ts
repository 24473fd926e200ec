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
import type { OrderStatus } from './orders';

export interface OrderSearch {
  status?: OrderStatus;
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

interface Form extends OrderSearch {
  order: Order['order'];
}

function toConditions(search: OrderSearch): string {
  const conditions = [
    'true',
    search.status && 'o.status = :status',
    search.eventId !== undefined && 'o.event_id = :eventId',
    search.userId !== undefined && 'o.user_id = :userId',
    search.from && 'o.created_at >= :from',
    search.to && 'o.created_at < :to',
  ];
  return conditions.filter(Boolean).join(' AND ');
}

// Ids are in order of time, which PostgreSQL does not know; it would scan all rows newer than `to` or older than `from`.
const toSortKey = ({ order, from, to }: Form): string => ((order === 'desc' ? to : from) ? 'o.id + 0' : 'o.id');

const FORMS: Form[] = [
  { order: 'desc' },
  { order: 'asc', status: 'pending', eventId: 1, userId: 1, from: new Date(0), to: new Date(0) },
];

const SEARCH = statementFamily({
  name: 'orders-search',
  columns: {
    id: int4('o.id'),
    orderNumber: text('o.order_number'),
    status: text<OrderStatus>('o.status'),
    subtotal: decimal('o.subtotal'),
    discount: decimal('o.discount'),
    tax: decimal('o.tax'),
    total: decimal('o.total'),
    currency: text('o.currency'),
    customer: json<{ id: number; name: string; email: string }>(
      "json_build_object('id', o.user_id, 'name', o.customer_name, 'email', o.customer_email)",
    ),
    event: orNull(
      json<{ id: number; title: string; organizerId: number }>(
        "CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id, 'title', e.title, 'organizerId', e.organizer_id) END",
      ),
    ),
    bookingId: orNull(int4('o.booking_id')),
    createdAt: timestamptz('o.created_at'),
    paidAt: orNull(timestamptz('o.paid_at')),
  },
  examples: FORMS,
  sql: (list, form: Form) => `
  SELECT
    ${list}
  FROM (
    SELECT o.*
    FROM orders o
    WHERE ${toConditions(form)}
    ORDER BY ${toSortKey(form)} ${form.order}
    LIMIT :limit
    OFFSET :offset
  ) o
  LEFT JOIN events e ON e.id = o.event_id
  ORDER BY o.id ${form.order}`,
});

const COUNT = statementFamily({
  name: 'orders-search-count',
  columns: { total: int8('count(*)') },
  examples: FORMS,
  sql: (list, form: Form) =>
    `SELECT ${list} FROM (SELECT FROM orders o WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

export type OrderListRow = ResultOf<ReturnType<typeof SEARCH>>;

/** Returns a page in order of creation, which is the order of ids. */
export async function searchOrders(
  db: Db,
  search: OrderSearch,
  { order, limit, offset }: Order,
): Promise<{ rows: OrderListRow[]; total: number }> {
  const form = { ...search, order };
  const values = { ...search };
  const [rows, { total }] = await Promise.all([
    query(db, SEARCH(form), { ...values, limit, offset }),
    queryOne(db, COUNT(form), values),
  ]);
  return { rows, total };
}

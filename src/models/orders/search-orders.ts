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
import type { FulfillmentStatus } from './fulfillments';
import { IS_TO_SHIP, type OrderStatus } from './orders';

export { MAX_COUNTED_ROWS };

export interface OrderSearch extends AdminSearch<OrderStatus> {
  fulfillmentStatus?: FulfillmentStatus;
  /** Whether it is paid, and something is still to be sent of it. */
  toShip?: boolean;
  /** The number of an order, the reference of a booking, or the email address of the customer. */
  search?: string;
}

interface Form extends AdminSearchForm<OrderStatus>, Pick<OrderSearch, 'fulfillmentStatus' | 'toShip' | 'search'> {}

const EXAMPLES: Form[] = [
  ...getSearchExamples<OrderStatus>('pending'),
  { order: 'desc', fulfillmentStatus: 'none' },
  { order: 'asc', fulfillmentStatus: 'unfulfilled' },
  { order: 'desc', toShip: true, search: 'a' },
  { order: 'desc', toShip: false },
];

// Each part has an index.
const IS_FOUND = `(
      o.order_number = upper(:search)
      OR o.user_id = (SELECT u.id FROM users u WHERE lower(u.email) = lower(:search))
      OR o.booking_id = (SELECT b.id FROM bookings b WHERE b.reference = upper(:search))
      OR o.id = (SELECT b.order_id FROM bookings b WHERE b.reference = upper(:search))
    )`;

/** What is still to be sent is listed only of orders that are paid: nobody sends anything of the others. */
function toConditions(form: Form): string {
  const { fulfillmentStatus, toShip, search } = form;
  const conditions = [
    toSearchConditions('o', form),
    toShip !== undefined && `${toShip ? '' : 'NOT '}(${IS_TO_SHIP})`,
    search !== undefined && IS_FOUND,
  ]
    .filter(Boolean)
    .join(' AND ');
  if (fulfillmentStatus === undefined) return conditions;
  const isOpen = fulfillmentStatus === 'unfulfilled' || fulfillmentStatus === 'partial';
  const paid = isOpen ? " AND o.status IN ('paid', 'partially_refunded')" : '';
  // Spelled out, so that the index of what is not sent yet can be used.
  return `${conditions} AND o.fulfillment_status = '${fulfillmentStatus}'${paid}`;
}

const SEARCH = statementFamily({
  name: 'orders-search',
  columns: {
    id: int4('o.id'),
    orderNumber: text('o.order_number'),
    status: text<OrderStatus>('o.status'),
    fulfillmentStatus: text<FulfillmentStatus>('o.fulfillment_status'),
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
  examples: EXAMPLES,
  sql: (list, form: Form) => `
  SELECT
    ${list}
  FROM (
    SELECT o.*
    FROM orders o
    WHERE ${toConditions(form)}
    ORDER BY ${toSearchSortKey('o', form)} ${form.order}
    LIMIT :limit
    OFFSET :offset
  ) o
  LEFT JOIN events e ON e.id = o.event_id
  ORDER BY o.id ${form.order}`,
});

const COUNT = statementFamily({
  name: 'orders-search-count',
  columns: { total: int8('count(*)') },
  examples: EXAMPLES,
  sql: (list, form: Form) =>
    `SELECT ${list} FROM (SELECT FROM orders o WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

export type OrderListRow = ResultOf<ReturnType<typeof SEARCH>>;

/** Returns a page in order of creation, which is the order of ids. */
export async function searchOrders(
  db: Db,
  search: OrderSearch,
  { order, limit, offset }: AdminSearchOrder,
): Promise<{ rows: OrderListRow[]; total: number }> {
  const form = { ...search, order };
  const values = { ...search };
  return queryPage(db, { list: SEARCH(form), count: COUNT(form) }, { ...values, limit, offset });
}

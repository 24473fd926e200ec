import type { Db, Trx } from '../../database';
import type { Address, BillingAddress } from '../../lib/address';
import { containsWords } from '../../lib/text/contains-words';
import { selectSeats } from '../inventory/columns';
import { STORE_ORDER_HOLD } from '../inventory/store-orders';
import type { SeatPlace } from '../inventory/types';
import { toMs } from '../sql';
import { FULFILLMENTS, type FulfillmentStatus } from './fulfillments';
import {
  bool,
  decimal,
  int4,
  int8,
  json,
  jsonb,
  ms,
  orNull,
  query,
  queryPage,
  statement,
  statementFamily,
  text,
  type RowOf,
} from '../statement';
import type { BookingStatus } from '../../lib/statuses';

export type OrderStatus =
  'pending' | 'processing' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partially_refunded' | 'disputed';

export interface OrderItemRow {
  /** Its position, which is its id within the order. */
  id: number;
  kind: 'ticket' | 'product' | 'shipping';
  productId: number | null;
  ticketTypeId: number | null;
  bookingId: number | null;
  sellerId: number | null;
  sku: string | null;
  name: string;
  productType: 'physical' | 'digital' | 'license' | 'credit' | null;
  quantity: number;
  unitPrice: string;
  discount: string;
  tax: string;
  /** Null, like the total, for the items of an order that a booking made. */
  taxRate: string | null;
  isTaxInclusive: boolean | null;
  /** Null for the items of an order that a booking made; it then follows from the others. */
  total: string | null;
  /** The units that were refunded. */
  refundedQuantity: number;
  refundedAmount: string;
}

export interface OrderPaymentRow {
  id: number;
  provider: string;
  paymentIntentId: string | null;
  status: string;
  amount: string;
  captured: string;
  refunded: string;
  currency: string;
  discrepancy: string | null;
  createdAt: number;
}

export interface OrderRefundRow {
  id: number;
  /** Null if credits had paid it. */
  paymentId: number | null;
  amount: string;
  currency: string;
  status: string;
  cause: string;
  isToCredits: boolean;
  reason: string | null;
  claimUrl: string | null;
  createdAt: number;
}

const ORDER = {
  id: int4('o.id'),
  orderNumber: text('o.order_number'),
  userId: int4('o.user_id'),
  eventId: orNull(int4('o.event_id')),
  bookingId: orNull(int4('o.booking_id')),
  status: text<OrderStatus>('o.status'),
  customerName: text('o.customer_name'),
  customerEmail: text('o.customer_email'),
  billingAddress: orNull(jsonb<BillingAddress>('o.billing_address')),
  shippingAddress: orNull(jsonb<Address>('o.shipping_address')),
  subtotal: decimal('o.subtotal'),
  discount: decimal('o.discount'),
  shippingTotal: decimal('o.shipping_total'),
  tax: decimal('o.tax'),
  total: decimal('o.total'),
  creditsApplied: decimal('o.credits_applied'),
  /** What is paid with money. */
  due: text('(o.total - o.credits_applied)::text'),
  /** Null if its lines have different rates. */
  taxRate: orNull(decimal('o.tax_rate')),
  isTaxInclusive: bool('o.is_tax_inclusive'),
  currency: text('o.currency'),
  paymentId: orNull(int4('o.payment_id')),
  /** In milliseconds since the epoch, like all times here. */
  createdAt: ms('o.created_at'),
  paidAt: orNull(ms('o.paid_at')),
  fulfillmentStatus: text<'none' | 'unfulfilled' | 'partial' | 'fulfilled'>('o.fulfillment_status'),
  note: orNull(text('o.note')),
  /** True if a checkout made it, which may have several bookings, goods and sellers. */
  isCheckout: bool('o.request_id IS NOT NULL'),
  /** Fields of its event and booking, if a booking made it. */
  organizerId: orNull(int4('e.organizer_id')),
  organizerName: orNull(text("nullif(concat_ws(' ', s.first_name, s.last_name), '')")),
  eventTitle: orNull(text('e.title')),
  /** The number of its invoice, once issued; the first one if it has several sellers. */
  invoice: orNull(
    json<{ year: number; number: number }>(
      "CASE WHEN v.id IS NOT NULL THEN json_build_object('year', v.year, 'number', v.number) END",
    ),
  ),
  /** The status of its booking; of an order that a checkout made, of everything in it. */
  bookingStatus: orNull(
    text<BookingStatus>(`CASE WHEN o.request_id IS NULL THEN b.status ELSE ${STORE_ORDER_HOLD} END`),
  ),
  expiresAt: orNull(ms('coalesce(o.expires_at, b.expires_at)')),
  bookings: json<{ id: number; reference: string; eventId: number }[]>(`coalesce((
    SELECT json_agg(json_build_object('id', x.id, 'reference', x.reference, 'eventId', x.event_id) ORDER BY x.id)
    FROM bookings x
    WHERE x.order_id = o.id OR x.id = o.booking_id
  ), '[]')`),
  /** Who sells what is in it, if a checkout made it. */
  sellerIds: json<number[]>(`coalesce((
    SELECT json_agg(DISTINCT i.seller_id)
    FROM order_items i
    WHERE i.order_id = o.id AND i.seller_id IS NOT NULL
  ), '[]')`),
};

export type OrderRow = RowOf<typeof ORDER>;

/** The items of an order `o`. */
export const ORDER_ITEMS = json<OrderItemRow[]>(`(
    SELECT json_agg(json_build_object(
      'id', i.position,
      'kind', i.kind,
      'productId', i.product_id,
      'ticketTypeId', i.ticket_type_id,
      'bookingId', i.booking_id,
      'sellerId', i.seller_id,
      'sku', i.sku,
      'name', i.name,
      'productType', i.product_type,
      'quantity', i.quantity,
      'unitPrice', i.unit_price::text,
      'discount', i.discount::text,
      'tax', i.tax::text,
      'taxRate', i.tax_rate::text,
      'isTaxInclusive', i.is_tax_inclusive,
      'total', i.total::text,
      'refundedQuantity', r.quantity,
      'refundedAmount', r.amount::text
    ) ORDER BY i.position)
    FROM order_items i
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(r.quantity), 0)::int AS quantity, coalesce(sum(r.amount), 0) AS amount
      FROM order_item_refunds r
      WHERE r.order_id = i.order_id AND r.position = i.position
    ) r
    WHERE i.order_id = o.id
  )`);

const PAYMENTS = json<OrderPaymentRow[]>(`coalesce((
    SELECT json_agg(json_build_object(
      'id', p.id,
      'provider', p.provider,
      'paymentIntentId', p.intent_id,
      'status', p.status,
      'amount', p.amount::text,
      'captured', p.captured::text,
      'refunded', p.refunded::text,
      'currency', p.currency,
      'discrepancy', p.discrepancy,
      'createdAt', ${toMs('p.created_at')}
    ) ORDER BY p.id)
    FROM payments p
    WHERE p.order_id = o.id
  ), '[]')`);

const REFUNDS = json<OrderRefundRow[]>(`coalesce((
    SELECT json_agg(json_build_object(
      'id', r.id,
      'paymentId', r.payment_id,
      'amount', r.amount::text,
      'currency', r.currency,
      'status', r.status,
      'cause', r.cause,
      'isToCredits', r.is_to_credits,
      'reason', r.reason,
      'claimUrl', r.claim_url,
      'createdAt', ${toMs('r.created_at')}
    ) ORDER BY r.id)
    FROM refunds r
    WHERE r.payment_id = ANY (ARRAY(SELECT p.id FROM payments p WHERE p.order_id = o.id)) OR r.order_id = o.id
  ), '[]')`);

const ORDER_WITH_DETAILS = {
  ...ORDER,
  items: ORDER_ITEMS,
  fulfillments: FULFILLMENTS,
  payments: PAYMENTS,
  refunds: REFUNDS,
  /** The numbered seats of its booking. */
  seats: json<SeatPlace[]>(selectSeats('o.booking_id')),
};

export type OrderDetailRow = RowOf<typeof ORDER_WITH_DETAILS>;

const FROM = `FROM orders o
  LEFT JOIN bookings b ON b.id = o.booking_id
  LEFT JOIN events e ON e.id = o.event_id
  LEFT JOIN users s ON s.id = e.organizer_id
  LEFT JOIN LATERAL (
    SELECT n.id, n.year, n.number FROM invoices n WHERE n.order_id = o.id ORDER BY n.id LIMIT 1
  ) v ON true`;

const FIND_WITH_DETAILS = statement({
  name: 'orders-find-with-details',
  columns: ORDER_WITH_DETAILS,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE o.id = :id`,
});

export async function findOrder(db: Db, id: number): Promise<OrderDetailRow | undefined> {
  return (await query(db, FIND_WITH_DETAILS, { id }))[0];
}

/** The highest total that is counted. */
export const MAX_COUNTED_ROWS = 10_000;

export interface OrderFilter {
  /** At least one of these three is required. */
  userId?: number;
  eventId?: number;
  organizerId?: number;
  status?: OrderStatus;
  /** Words in the customer's name or address, the order number, or the booking reference. */
  search?: string;
  fulfillmentStatus?: FulfillmentStatus;
  /** Whether it is paid, and the organizer has still something to send of it. */
  toShip?: boolean;
  limit: number;
  offset: number;
}

/** True for a paid order `o` of which something is still to be sent. Spelled out, so that the index of such orders can be used. */
export const IS_TO_SHIP =
  "o.fulfillment_status IN ('unfulfilled', 'partial') AND o.status IN ('paid', 'partially_refunded')";

const IS_TO_SHIP_BY_SELLER = `${IS_TO_SHIP} AND EXISTS (
      SELECT
      FROM order_items x
      WHERE x.order_id = o.id AND x.seller_id = :organizerId AND x.product_type = 'physical' AND x.quantity > (
        SELECT coalesce(sum(f.quantity), 0) FROM fulfillment_items f WHERE f.order_id = x.order_id AND f.position = x.position
      ) + (
        SELECT coalesce(sum(r.quantity), 0) FROM order_item_refunds r WHERE r.order_id = x.order_id AND r.position = x.position
      )
    )`;

const SEARCHED =
  "concat_ws(' ', o.customer_name, o.customer_email, o.order_number, (SELECT string_agg(reference, ' ') FROM bookings WHERE id = o.booking_id OR order_id = o.id))";

type ListForm = Omit<OrderFilter, 'limit' | 'offset'>;

function toConditions({
  userId,
  eventId,
  organizerId,
  status,
  fulfillmentStatus,
  toShip,
  search = '',
}: ListForm): string {
  const conditions = [
    userId !== undefined && 'o.user_id = :userId',
    eventId !== undefined &&
      `(o.event_id = :eventId OR o.id = ANY(ARRAY(
        SELECT x.order_id FROM bookings x WHERE x.event_id = :eventId AND x.order_id IS NOT NULL)))`,
    organizerId !== undefined &&
      `(o.event_id = ANY(ARRAY(SELECT x.id FROM events x WHERE x.organizer_id = :organizerId))
        OR o.id = ANY(ARRAY(SELECT x.order_id FROM order_items x WHERE x.seller_id = :organizerId)))`,
    status && 'o.status = :status',
    fulfillmentStatus && 'o.fulfillment_status = :fulfillmentStatus',
    toShip !== undefined && `${toShip ? '' : 'NOT '}(${organizerId === undefined ? IS_TO_SHIP : IS_TO_SHIP_BY_SELLER})`,
    ...containsWords(SEARCHED, search).conditions,
  ];
  return conditions.filter(Boolean).join(' AND ');
}

const LIST_FORMS: ListForm[] = [
  { userId: 1 },
  { userId: 1, eventId: 1, organizerId: 1, status: 'paid', search: 'two words' },
  { organizerId: 1, toShip: true, fulfillmentStatus: 'partial' },
  { userId: 1, toShip: false },
];

const LIST = statementFamily({
  name: 'orders-list',
  columns: ORDER_WITH_DETAILS,
  examples: LIST_FORMS,
  sql: (list, form: ListForm) => `
  SELECT
    ${list}
  ${FROM}
  WHERE ${toConditions(form)}
  ORDER BY o.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'orders-count',
  columns: { total: int8('count(*)') },
  examples: LIST_FORMS,
  sql: (list, form: ListForm) =>
    `SELECT ${list} FROM (SELECT 1 FROM orders o WHERE ${toConditions(form)} LIMIT ${MAX_COUNTED_ROWS}) n`,
});

/** Returns a page, newest first, with the total. */
export async function listOrders(db: Db, filter: OrderFilter): Promise<{ rows: OrderDetailRow[]; total: number }> {
  const values = { ...filter, ...containsWords(SEARCHED, filter.search ?? '').values };
  return queryPage(db, { list: LIST(filter), count: COUNT(filter) }, values);
}

const LOCK = statement({
  name: 'orders-lock',
  columns: {},
  sql: () => 'SELECT FROM orders WHERE id = :id FOR UPDATE',
});

const FIND = statement({
  name: 'orders-find',
  columns: ORDER,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE o.id = :id`,
});

/** Locks an order, and so its payments and refunds, against other changes. */
export async function lockOrder(trx: Trx, id: number): Promise<OrderRow | undefined> {
  // Locked first and read afterwards, because a single statement that waits for the lock would see the booking as it was before.
  await query(trx, LOCK, { id });
  return (await query(trx, FIND, { id }))[0];
}

export async function updateOrderStatus(trx: Trx, id: number, status: OrderStatus): Promise<void> {
  await trx('orders')
    .where({ id })
    .update({ status, ...(status === 'pending' ? {} : { [`${status}_at`]: trx.fn.now() }) });
}

export async function updateBillingAddress(trx: Trx, id: number, address: BillingAddress): Promise<void> {
  await trx('orders')
    .where({ id })
    .update({ billing_address: JSON.stringify(address) });
}

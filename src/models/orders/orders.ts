import type { Db, Trx } from '../../database';
import type { BillingAddress } from '../../lib/billing-address';
import { containsWords } from '../../lib/text/contains-words';
import { selectSeats } from '../inventory/columns';
import type { SeatPlace } from '../inventory/types';
import { toMs } from '../sql';
import type { BookingStatus } from '../../lib/statuses';

export type OrderStatus =
  'pending' | 'processing' | 'paid' | 'cancelled' | 'expired' | 'refunded' | 'partially_refunded' | 'disputed';

export interface OrderItemRow {
  ticketTypeId: number | null;
  name: string;
  quantity: number;
  unitPrice: string;
  discount: string;
  tax: string;
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
  paymentId: number;
  amount: string;
  currency: string;
  status: string;
  cause: string;
  reason: string | null;
  claimUrl: string | null;
  createdAt: number;
}

export interface OrderRow {
  id: number;
  orderNumber: string;
  userId: number;
  eventId: number | null;
  bookingId: number | null;
  status: OrderStatus;
  customerName: string;
  billingAddress: BillingAddress | null;
  customerEmail: string;
  subtotal: string;
  discount: string;
  tax: string;
  total: string;
  taxRate: string;
  isTaxInclusive: boolean;
  currency: string;
  paymentId: number | null;
  /** In milliseconds since the epoch, like all times here. */
  createdAt: number;
  paidAt: number | null;
  /** Fields of its event and booking, if it has them. */
  organizerId: number | null;
  organizerName: string | null;
  eventTitle: string | null;
  /** The number of its invoice, once issued. */
  invoice: { year: number; number: number } | null;
  bookingStatus: BookingStatus | null;
  expiresAt: number | null;
}

export interface OrderDetailRow extends OrderRow {
  items: OrderItemRow[];
  payments: OrderPaymentRow[];
  refunds: OrderRefundRow[];
  /** The numbered seats of its booking. */
  seats: SeatPlace[];
}

const COLUMNS = `
  o.id, o.order_number AS "orderNumber", o.user_id AS "userId", o.event_id AS "eventId", o.booking_id AS "bookingId", o.status,
  o.customer_name AS "customerName", o.customer_email AS "customerEmail", o.billing_address AS "billingAddress", o.subtotal::text, o.discount::text, o.tax::text, o.total::text,
  o.tax_rate::text AS "taxRate", o.is_tax_inclusive AS "isTaxInclusive", o.currency, o.payment_id AS "paymentId",
  ${toMs('o.created_at')} AS "createdAt", ${toMs('o.paid_at')} AS "paidAt", e.organizer_id AS "organizerId",
  nullif(concat_ws(' ', s.first_name, s.last_name), '') AS "organizerName", e.title AS "eventTitle",
  CASE WHEN v.id IS NOT NULL THEN json_build_object('year', v.year, 'number', v.number) END AS invoice,
  b.status AS "bookingStatus", ${toMs('b.expires_at')} AS "expiresAt"`;

const FROM = `FROM orders o LEFT JOIN bookings b ON b.id = o.booking_id LEFT JOIN events e ON e.id = o.event_id
   LEFT JOIN users s ON s.id = e.organizer_id LEFT JOIN invoices v ON v.order_id = o.id`;

const DETAILS = `
  (SELECT json_agg(json_build_object('ticketTypeId', i.ticket_type_id, 'name', i.name, 'quantity', i.quantity,
     'unitPrice', i.unit_price::text, 'discount', i.discount::text, 'tax', i.tax::text) ORDER BY i.position)
   FROM order_items i WHERE i.order_id = o.id) AS items,
  coalesce((SELECT json_agg(json_build_object('id', p.id, 'provider', p.provider, 'paymentIntentId', p.intent_id, 'status', p.status,
     'amount', p.amount::text, 'captured', p.captured::text, 'refunded', p.refunded::text, 'currency', p.currency,
     'discrepancy', p.discrepancy, 'createdAt', ${toMs('p.created_at')}) ORDER BY p.id)
   FROM payments p WHERE p.order_id = o.id), '[]') AS payments,
  coalesce((SELECT json_agg(json_build_object('id', r.id, 'paymentId', r.payment_id, 'amount', r.amount::text, 'currency', r.currency,
     'status', r.status, 'cause', r.cause, 'reason', r.reason, 'claimUrl', r.claim_url, 'createdAt', ${toMs('r.created_at')}) ORDER BY r.id)
   FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE p.order_id = o.id), '[]') AS refunds,
  ${selectSeats('o.booking_id')} AS seats`;

export async function findOrder(db: Db, id: number): Promise<OrderDetailRow | undefined> {
  const { rows } = await db.raw<{ rows: OrderDetailRow[] }>(`SELECT ${COLUMNS}, ${DETAILS} ${FROM} WHERE o.id = ?`, [
    id,
  ]);
  return rows[0];
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
  limit: number;
  offset: number;
}

const SEARCHED =
  "concat_ws(' ', o.customer_name, o.customer_email, o.order_number, (SELECT reference FROM bookings WHERE id = o.booking_id))";

function toConditions({ userId, eventId, organizerId, status, search = '' }: OrderFilter) {
  const words = containsWords(SEARCHED, search);
  const conditions = [
    userId !== undefined && 'o.user_id = :userId',
    eventId !== undefined && 'o.event_id = :eventId',
    organizerId !== undefined && 'o.event_id IN (SELECT id FROM events WHERE organizer_id = :organizerId)',
    status && 'o.status = :status',
    ...words.conditions,
  ];
  return { where: `WHERE ${conditions.filter(Boolean).join(' AND ')}`, values: words.values };
}

/** Returns a page, newest first, with the total. */
export async function listOrders(db: Db, filter: OrderFilter): Promise<{ rows: OrderDetailRow[]; total: number }> {
  const { where, values: words } = toConditions(filter);
  const values = { ...filter, ...words };
  const [{ rows }, { rows: counted }] = await Promise.all([
    db.raw<{ rows: OrderDetailRow[] }>(
      `SELECT ${COLUMNS}, ${DETAILS} ${FROM} ${where} ORDER BY o.id DESC LIMIT :limit OFFSET :offset`,
      values,
    ),
    db.raw<{ rows: { total: number }[] }>(
      `SELECT count(*) AS total FROM (SELECT 1 FROM orders o ${where} LIMIT ${MAX_COUNTED_ROWS}) n`,
      values,
    ),
  ]);
  return { rows, total: counted[0]!.total };
}

/** Locks an order, and so its payments and refunds, against other changes. */
export async function lockOrder(trx: Trx, id: number): Promise<OrderRow | undefined> {
  // Locked first and read afterwards, because a single statement that waits for the lock would see the booking as it was before.
  await trx.raw('SELECT FROM orders WHERE id = ? FOR UPDATE', [id]);
  const { rows } = await trx.raw<{ rows: OrderRow[] }>(`SELECT ${COLUMNS} ${FROM} WHERE o.id = ?`, [id]);
  return rows[0];
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

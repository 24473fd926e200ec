import type { Db } from '../../database';
import type { OrderNotificationData, PaymentNotificationData, RefundNotificationData } from './notification-data';
import { STORE_ORDER_HOLD } from '../inventory/store-orders';
import { bool, int4, json, ms, numeric, orNull, query, statement, text } from '../statement';
import { EVENT_DATA_OR_NULL, RECIPIENT } from './find-notification-data';

const ORDER = {
  orderId: int4('o.id'),
  orderNumber: text('o.order_number'),
  bookingId: orNull(int4('b.id')),
  reference: orNull(text('b.reference')),
  bookingStatus: text(`CASE WHEN o.request_id IS NULL THEN b.status ELSE ${STORE_ORDER_HOLD} END`),
  ticketsCount: orNull(int4('b.tickets_count')),
  expiresAt: orNull(ms('coalesce(o.expires_at, b.expires_at)')),
  event: EVENT_DATA_OR_NULL,
  recipient: RECIPIENT,
};

// An order that a checkout made has no event of its own.
const toOrder = (orderId: string) => `
  JOIN orders o ON o.id = ${orderId}
  LEFT JOIN bookings b ON b.id = o.booking_id
  LEFT JOIN events e ON e.id = o.event_id
  JOIN users u ON u.id = o.user_id`;

const FIND_PAYMENT = statement({
  name: 'notifications-payment',
  columns: { status: text('p.status'), amount: numeric('p.amount'), currency: text('p.currency'), ...ORDER },
  sql: (list) => `
  SELECT
    ${list}
  FROM payments p${toOrder('p.order_id')}
  WHERE p.id = :paymentId`,
});

export async function findPaymentNotificationData(
  db: Db,
  paymentId: number,
): Promise<PaymentNotificationData | undefined> {
  return (await query(db, FIND_PAYMENT, { paymentId }))[0];
}

const FIND_REFUND = statement({
  name: 'notifications-refund',
  columns: {
    status: text('r.status'),
    amount: numeric('r.amount'),
    currency: text('r.currency'),
    cause: text<RefundNotificationData['cause']>('r.cause'),
    reason: orNull(text('r.reason')),
    claimUrl: orNull(text('r.claim_url')),
    isToCredits: bool('r.is_to_credits'),
    ...ORDER,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM refunds r
  LEFT JOIN payments p ON p.id = r.payment_id${toOrder('coalesce(r.order_id, p.order_id)')}
  WHERE r.id = :refundId`,
});

export async function findRefundNotificationData(
  db: Db,
  refundId: number,
): Promise<RefundNotificationData | undefined> {
  return (await query(db, FIND_REFUND, { refundId }))[0];
}

const FIND_ORDER = statement({
  name: 'notifications-order',
  columns: {
    orderId: int4('o.id'),
    orderNumber: text('o.order_number'),
    total: numeric('o.total'),
    currency: text('o.currency'),
    isPaid: bool('o.paid_at IS NOT NULL'),
    items: json<OrderNotificationData['items']>(`(
      SELECT json_agg(json_build_object('name', i.name, 'quantity', i.quantity, 'kind', i.kind) ORDER BY i.position)
      FROM order_items i
      WHERE i.order_id = o.id
    )`),
    recipient: RECIPIENT,
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN users u ON u.id = o.user_id
  WHERE o.id = :orderId AND o.request_id IS NOT NULL`,
});

/** Finds what a mail says of an order that a checkout made. */
export async function findOrderNotificationData(db: Db, orderId: number): Promise<OrderNotificationData | undefined> {
  return (await query(db, FIND_ORDER, { orderId }))[0];
}

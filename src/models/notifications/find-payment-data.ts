import type { Db } from '../../database';
import type { OrderNotificationData, PaymentNotificationData, RefundNotificationData } from './notification-data';
import { STORE_ORDER_HOLD } from '../inventory/store-orders';
import { EVENT_DATA_OR_NULL, RECIPIENT } from './find-notification-data';
import { toMs } from '../sql';

const ORDER = `o.id AS "orderId", o.order_number AS "orderNumber", b.id AS "bookingId", b.reference,
  CASE WHEN o.request_id IS NULL THEN b.status ELSE ${STORE_ORDER_HOLD} END AS "bookingStatus",
  b.tickets_count AS "ticketsCount", ${toMs('coalesce(o.expires_at, b.expires_at)')} AS "expiresAt", ${EVENT_DATA_OR_NULL}, ${RECIPIENT}`;
// An order that a checkout made has no event of its own.
const OF_PAYMENT = `JOIN orders o ON o.id = p.order_id LEFT JOIN bookings b ON b.id = o.booking_id
  LEFT JOIN events e ON e.id = o.event_id JOIN users u ON u.id = o.user_id`;

export async function findPaymentNotificationData(
  db: Db,
  paymentId: number,
): Promise<PaymentNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: PaymentNotificationData[] }>(
    `SELECT p.status, p.amount, p.currency, ${ORDER} FROM payments p ${OF_PAYMENT} WHERE p.id = ?`,
    [paymentId],
  );
  return rows[0];
}

export async function findRefundNotificationData(
  db: Db,
  refundId: number,
): Promise<RefundNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: RefundNotificationData[] }>(
    `SELECT r.status, r.amount, r.currency, r.cause, r.reason, r.claim_url AS "claimUrl", ${ORDER}
     FROM refunds r JOIN payments p ON p.id = r.payment_id ${OF_PAYMENT} WHERE r.id = ?`,
    [refundId],
  );
  return rows[0];
}

/** Finds what a mail says of an order that a checkout made. */
export async function findOrderNotificationData(db: Db, orderId: number): Promise<OrderNotificationData | undefined> {
  const { rows } = await db.raw<{ rows: OrderNotificationData[] }>(
    `SELECT o.id AS "orderId", o.order_number AS "orderNumber", o.total, o.currency, o.paid_at IS NOT NULL AS "isPaid", ${RECIPIENT},
       (SELECT json_agg(json_build_object('name', i.name, 'quantity', i.quantity, 'kind', i.kind) ORDER BY i.position)
        FROM order_items i WHERE i.order_id = o.id) AS items
     FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = ? AND o.request_id IS NOT NULL`,
    [orderId],
  );
  return rows[0];
}

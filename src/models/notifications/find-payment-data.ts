import type { Db } from '../../database';
import type { PaymentNotificationData, RefundNotificationData } from './notification-data';
import { EVENT_DATA, RECIPIENT } from './find-notification-data';
import { toMs } from '../sql';

const ORDER = `o.id AS "orderId", o.order_number AS "orderNumber", b.id AS "bookingId", b.reference, b.status AS "bookingStatus",
  b.tickets_count AS "ticketsCount", ${toMs('b.expires_at')} AS "expiresAt", ${EVENT_DATA}, ${RECIPIENT}`;
const OF_PAYMENT = `JOIN orders o ON o.id = p.order_id JOIN bookings b ON b.id = o.booking_id JOIN events e ON e.id = o.event_id
  JOIN users u ON u.id = o.user_id`;

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

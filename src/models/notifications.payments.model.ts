import type { Db } from '../database';
import type { PaymentNews, RefundNews } from '../lib/mail/news';
import { epoch, NEWS_EVENT, RECIPIENT } from './notifications.news.model';

const ORDER = `o.id AS "orderId", o.order_number AS "orderNumber", b.id AS "bookingId", b.reference, b.status AS "bookingStatus",
  b.tickets_count AS "ticketsCount", ${epoch('b.expires_at')} AS "expiresAt", ${NEWS_EVENT}, ${RECIPIENT}`;
const OF_PAYMENT = `JOIN orders o ON o.id = p.order_id JOIN bookings b ON b.id = o.booking_id JOIN events e ON e.id = o.event_id
  JOIN users u ON u.id = o.user_id`;

export async function findPaymentNews(db: Db, paymentId: number): Promise<PaymentNews | undefined> {
  const { rows } = await db.raw<{ rows: PaymentNews[] }>(
    `SELECT p.status, p.amount, p.currency, ${ORDER} FROM payments p ${OF_PAYMENT} WHERE p.id = ?`,
    [paymentId],
  );
  return rows[0];
}

export async function findRefundNews(db: Db, refundId: number): Promise<RefundNews | undefined> {
  const { rows } = await db.raw<{ rows: RefundNews[] }>(
    `SELECT r.status, r.amount, r.currency, r.cause, r.reason, r.claim_url AS "claimUrl", ${ORDER}
     FROM refunds r JOIN payments p ON p.id = r.payment_id ${OF_PAYMENT} WHERE r.id = ?`,
    [refundId],
  );
  return rows[0];
}

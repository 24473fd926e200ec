import type { Db } from '../../database';
import { ERASED_DOMAIN } from '../../lib/erased';
import { isActiveBooking } from '../sql';
import { int4, int8, json, queryOne, statement, type ResultOf } from '../statement';

const COUNT_EFFECTS = statement({
  name: 'event-cancellation-effects',
  columns: {
    bookings: int8('count(*)'),
    tickets: int4('coalesce(sum(tickets_count), 0)::int'),
    refunds: json<{ currency: string; amount: string }[]>(`(
      SELECT coalesce(json_agg(json_build_object('currency', currency, 'amount', amount::text) ORDER BY currency), '[]')
      FROM (SELECT currency, sum(due) AS amount FROM active WHERE due > 0 GROUP BY currency) paid
    )`),
    mails: int8(`count(*) FILTER (WHERE is_reachable)
      + count(*) FILTER (WHERE is_reachable AND due > 0)
      + (SELECT mails FROM waiting)
      + (SELECT mails FROM holding)`),
  },
  sql: (list) => `
  WITH active AS (
    SELECT
      b.id,
      b.tickets_count,
      u.email NOT LIKE '%' || :erased AS is_reachable,
      p.currency,
      CASE
        WHEN p.is_disputed THEN 0
        WHEN b.order_id IS NOT NULL THEN b.total_amount - (
          SELECT coalesce(sum(r.amount), 0)
          FROM order_items i
          JOIN order_item_refunds r ON r.order_id = i.order_id AND r.position = i.position
          WHERE i.order_id = b.order_id AND i.booking_id = b.id
        )
        ELSE greatest(least(o.total, p.captured) - p.refunded, 0)
      END AS due
    FROM bookings b
    JOIN users u ON u.id = b.user_id
    LEFT JOIN orders o ON o.booking_id = b.id
    LEFT JOIN orders c ON c.id = b.order_id
    LEFT JOIN payments p ON p.id = coalesce(o.payment_id, c.payment_id)
    WHERE b.event_id = :eventId AND ${isActiveBooking('b.status')}
  ), waiting AS (
    SELECT count(*) AS mails
    FROM waitlist_entries w
    JOIN users u ON u.id = w.user_id
    WHERE w.event_id = :eventId AND w.status IN ('waiting', 'offered') AND u.email NOT LIKE '%' || :erased
      AND coalesce((u.notification_preferences #>> '{email,waitlist}')::boolean, true)
  ), holding AS (
    SELECT count(DISTINCT lower(t.attendee_email)) AS mails
    FROM bookings b
    JOIN users u ON u.id = b.user_id
    JOIN tickets t ON t.booking_id = b.id
    WHERE b.event_id = :eventId AND b.status = 'confirmed' AND t.status = 'valid'
      AND lower(t.attendee_email) <> lower(u.email)
  )
  SELECT
    ${list}
  FROM active`,
});

export type CancellationEffects = ResultOf<typeof COUNT_EFFECTS>;

/**
 * Counts what cancelling an event would affect: active bookings, the amounts that would be refunded, and the
 * mails. Mail about a cancelled booking, a void ticket or a refund is always sent; mail about the waitlist as its user prefers.
 */
export async function countCancellationEffects(db: Db, eventId: number): Promise<CancellationEffects> {
  return queryOne(db, COUNT_EFFECTS, { eventId, erased: ERASED_DOMAIN });
}

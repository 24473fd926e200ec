import type { Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { decimal, int4, json, ms, orNull, pipeline, statement, text, uuid } from '../statement';
import { PAYMENTS_OF_ORDER } from './columns';
import type { BookingStatus } from '../../lib/statuses';
import type { ClaimState, OrderState, PaymentFacts } from './types';

/** Whether order `o`, which a checkout made, has what it is about. This does not change with refunds, which its status tells. */
export const STORE_ORDER_HOLD = `CASE
    WHEN o.status IN ('pending', 'processing') THEN 'pending'
    WHEN o.cancelled_at IS NOT NULL THEN 'cancelled'
    WHEN o.paid_at IS NOT NULL THEN 'confirmed'
    ELSE 'expired'
  END`;

/** An order made by a checkout; `o` is its row. */
export const STORE_ORDER = {
  /** 0 until it is written. */
  id: int4('o.id'),
  orderNumber: text('o.order_number'),
  userId: int4('o.user_id'),
  // Only orders of checkouts are read here, which have one.
  requestId: orNull(uuid('o.request_id')),
  status: text<OrderState['status']>('o.status'),
  total: decimal('o.total'),
  /** What credits pay of the total. */
  creditsApplied: decimal('o.credits_applied'),
  currency: text('o.currency'),
  paymentId: orNull(int4('o.payment_id')),
  discountId: orNull(int4('o.discount_id')),
  expiresAt: orNull(ms('o.expires_at')),
  paidAt: orNull(ms('o.paid_at')),
  hold: text<BookingStatus>(STORE_ORDER_HOLD),
  payments: json<PaymentFacts[]>(PAYMENTS_OF_ORDER),
  claims: json<ClaimState[]>(`coalesce((
    SELECT json_agg(json_build_object(
      'position', c.position,
      'productId', c.product_id,
      'quantity', c.quantity,
      'restocked', c.restocked,
      'status', c.status
    ) ORDER BY c.position)
    FROM product_claims c
    WHERE c.order_id = o.id
  ), '[]')`),
  bookingIds: json<number[]>(`coalesce((
    SELECT json_agg(b.id ORDER BY b.event_id)
    FROM bookings b
    WHERE b.order_id = o.id
  ), '[]')`),
};

const LOCK = statement({
  name: 'inventory-lock-store-orders',
  isPrepared: true,
  columns: {},
  sql: () => 'SELECT FROM orders WHERE id = ANY(:ids::int[]) ORDER BY id FOR UPDATE',
});

/** Locks orders made by checkouts, so that their payments do not change until the batch commits. */
export async function lockStoreOrders(trx: Trx, ids: number[]): Promise<void> {
  if (ids.length > 0) await pipeline(trx, LOCK, { ids: toNumberArray(ids) });
}

const READ = statement({
  name: 'inventory-store-orders',
  isPrepared: true,
  columns: STORE_ORDER,
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT unnest(:ids::int[]) AS id
    UNION
    SELECT r.id FROM orders r WHERE r.request_id = ANY(:requestIds::uuid[])
  ) wanted
  JOIN orders o ON o.id = wanted.id`,
});

/** Reads orders by id, and those that these requests have made already. */
export async function readStoreOrders(trx: Trx, { ids, requestIds }: { ids: number[]; requestIds: string[] }) {
  if (ids.length === 0 && requestIds.length === 0) return [];
  return pipeline(trx, READ, { ids: toNumberArray(ids), requestIds: toTextArray(requestIds) });
}

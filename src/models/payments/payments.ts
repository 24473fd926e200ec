import type { Db, Trx } from '../../database';
import type { Selected } from '../../database/query';
import type { PaymentStatus, ProviderName } from '../../integrations/payments';
import { int4, neverNull, query, statement } from '../statement';

const COLUMNS = {
  id: 'id',
  orderId: 'order_id',
  provider: 'provider',
  intentId: 'intent_id',
  idempotencyKey: 'idempotency_key',
  clientSecret: 'client_secret',
  redirectUrl: 'redirect_url',
  amount: 'amount',
  currency: 'currency',
  status: 'status',
  captured: 'captured',
  refunded: 'refunded',
  /** The part of it that became credits, which the provider knows nothing of. */
  refundedToCredits: 'refunded_to_credits',
  isDisputed: 'is_disputed',
  /** When it failed for the first time. */
  failedAt: 'failed_at',
  version: 'version',
} as const;

export type PaymentRow = Selected<'payments', typeof COLUMNS>;

/** The statuses in which a payment can still be paid. */
export const OPEN: readonly PaymentStatus[] = ['pending', 'processing', 'failed'];

export async function findPayment(db: Db, id: number): Promise<PaymentRow | undefined> {
  return db('payments').where({ id }).first(COLUMNS);
}

export async function findPaymentByIntent(
  db: Db,
  provider: ProviderName,
  intentId: string,
): Promise<PaymentRow | undefined> {
  return db('payments').where({ provider, intent_id: intentId }).first(COLUMNS);
}

/** Lists an order's payments in order of creation. */
export async function listPaymentsOfOrder(db: Db, orderId: number): Promise<PaymentRow[]> {
  return db('payments').where('order_id', orderId).orderBy('id').select(COLUMNS);
}

interface NewPayment {
  orderId: number;
  provider: ProviderName;
  amount: string;
  currency: string;
}

export async function insertPayment(
  trx: Trx,
  { orderId, provider, amount, currency }: NewPayment,
): Promise<PaymentRow> {
  const [row] = await trx('payments').insert({ order_id: orderId, provider, amount, currency }).returning(COLUMNS);
  return row!;
}

interface IntentFacts {
  intentId: string;
  clientSecret: string | null;
  redirectUrl: string | null;
}

/** Stores the intent that the provider created for a payment. */
export async function updateIntent(
  trx: Trx,
  id: number,
  { intentId, clientSecret, redirectUrl }: IntentFacts,
): Promise<void> {
  await trx('payments')
    .where({ id })
    .update({ intent_id: intentId, client_secret: clientSecret, redirect_url: redirectUrl });
}

interface PaymentChange {
  status: PaymentStatus;
  currency: string;
  captured: string;
  isDisputed: boolean;
  discrepancy?: string;
}

/** Writes the state reported by the provider; `status` of the row is the previous one. */
export async function updatePayment(
  trx: Trx,
  { id, status: was }: PaymentRow,
  { status, currency, captured, isDisputed, discrepancy }: PaymentChange,
): Promise<void> {
  await trx('payments')
    .where({ id })
    .update({
      status,
      currency,
      captured,
      is_disputed: isDisputed,
      ...(discrepancy === undefined ? {} : { discrepancy }),
      version: trx.raw('version + 1'),
      // Paid payments need no more polling; refunds are checked separately.
      ...(status === 'succeeded' ? { check_at: null } : {}),
      ...(status !== was && status !== 'pending'
        ? { [`${status}_at`]: trx.raw('coalesce(??, now())', [`${status}_at`]) }
        : {}),
    });
}

const CLAIM_DUE = statement({
  name: 'payments-claim-due',
  columns: { id: int4('p.id') },
  sql: (list) => `
  WITH due AS (
    SELECT id FROM payments WHERE check_at <= now() ORDER BY check_at LIMIT :limit FOR UPDATE SKIP LOCKED
  ), ahead AS (
    SELECT id FROM payments WHERE check_at > now() + interval '2 hours' LIMIT :limit FOR UPDATE SKIP LOCKED
  )
  UPDATE payments p
  SET check_at = CASE
    WHEN p.status = 'cancelled' AND p.created_at < now() - interval '1 day' THEN NULL
    ELSE now() + least(interval '1 hour', greatest(interval '10 seconds', (now() - p.created_at) / 4))
  END
  FROM (SELECT id FROM due UNION ALL SELECT id FROM ahead) picked
  WHERE p.id = picked.id
  RETURNING ${list}`,
});

/**
 * Claims payments that are due to be synced, each until its next time; the interval grows with the age of the payment.
 * Cancelled payments are synced for a day, because money can arrive late. A next time more than an hour ahead was set before the
 * clock was turned back, and counts as due.
 */
export async function claimDuePayments(db: Db, limit: number): Promise<{ id: number }[]> {
  return query(db, CLAIM_DUE, { limit });
}

/** Records a webhook; false if it is already known. */
export async function insertWebhook(
  trx: Trx,
  webhook: { provider: ProviderName; webhookId: string; type: string; intentId: string | null },
): Promise<boolean> {
  const { provider, webhookId, type, intentId } = webhook;
  const inserted = await trx('payment_webhooks')
    .insert({ provider, webhook_id: webhookId, type, intent_id: intentId })
    .onConflict(['provider', 'webhook_id'])
    .ignore()
    .returning('id');
  return inserted.length > 0;
}

export async function isKnownWebhook(db: Db, provider: ProviderName, webhookId: string): Promise<boolean> {
  return (await db('payment_webhooks').where({ provider, webhook_id: webhookId }).first('id')) !== undefined;
}

const LIST_OF_DUE_HOLDS = statement({
  name: 'payments-of-due-holds',
  columns: { id: neverNull(int4('p.id')) },
  sql: (list) => `
  SELECT ${list}
  FROM (
    SELECT o.id
    FROM bookings b
    JOIN orders o ON o.booking_id = b.id
    WHERE b.status = 'pending' AND b.expires_at <= now()
    UNION ALL
    SELECT o.id
    FROM orders o
    WHERE o.request_id IS NOT NULL AND o.status IN ('pending', 'processing') AND o.expires_at <= now()
  ) due
  JOIN payments p ON p.order_id = due.id
  WHERE p.status IN ('pending', 'failed') AND p.id > :after
  ORDER BY p.id
  LIMIT :limit`,
});

/** Lists open payments after an id that belong to overdue holds. */
export async function listPaymentsOfDueHolds(db: Db, page: { after: number; limit: number }): Promise<number[]> {
  const rows = await query(db, LIST_OF_DUE_HOLDS, page);
  return rows.map(({ id }) => id);
}

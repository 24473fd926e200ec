import type { Db } from '../../database';

export interface ReconcileRow {
  id: number;
  intentId: string;
  provider: 'stripe' | 'paypal' | 'crypto' | 'sandbox';
  currency: string;
  amount: string;
  captured: string;
  refunded: string;
  isDisputed: boolean;
  discrepancy: string | null;
  /** The currency of the order. */
  orderCurrency: string;
  /** The balance at the provider according to the ledger. */
  posted: string;
  /** The disputed amount according to the ledger. */
  disputed: string;
  /** The sum of refunds that were sent. */
  sent: string;
  isOrderConsistent: boolean;
}

/** Lists captured payments of the last days after an id, with the figures of ledger and order. */
export async function listPaymentsToReconcile(
  db: Db,
  { days, after, limit }: { days: number; after: number; limit: number },
): Promise<ReconcileRow[]> {
  const { rows } = await db.raw<{ rows: ReconcileRow[] }>(
    `SELECT p.id, p.intent_id AS "intentId", p.provider, p.currency, p.amount::text, p.captured::text, p.refunded::text,
       p.is_disputed AS "isDisputed", p.discrepancy, o.currency AS "orderCurrency",
       (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND l.account LIKE 'provider:%')::text AS posted,
       (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND l.account = 'disputes')::text AS disputed,
       (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded')::text AS sent,
       CASE WHEN o.payment_id = p.id THEN p.captured >= o.total AND o.status <> 'pending' AND p.is_disputed = (o.status = 'disputed')
            ELSE p.refunded = p.captured OR p.is_disputed END AS "isOrderConsistent"
     FROM payments p JOIN orders o ON o.id = p.order_id
     WHERE p.id > :after AND p.captured > 0 AND p.succeeded_at BETWEEN now() - make_interval(days => :days) AND now() - interval '10 minutes'
     ORDER BY p.id LIMIT :limit`,
    { days, after, limit },
  );
  return rows;
}

export async function updateDiscrepancy(db: Db, id: number, discrepancy: string | null): Promise<void> {
  await db('payments').where({ id }).update({ discrepancy });
}

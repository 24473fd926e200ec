import type { Db } from '../../database';
import type { Row } from '../../database/query';
import { bool, decimal, int4, neverNull, orNull, query, statement, text, type ResultOf } from '../statement';

function sumOfLedger(condition: string): string {
  return `(SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND ${condition})::text`;
}

const LIST = statement({
  name: 'payments-to-reconcile',
  columns: {
    id: int4('p.id'),
    // Only a payment with an intent can have captured anything.
    intentId: neverNull(text('p.intent_id')),
    provider: text<Row<'payments'>['provider']>('p.provider'),
    currency: text('p.currency'),
    amount: decimal('p.amount'),
    captured: decimal('p.captured'),
    refunded: decimal('p.refunded'),
    refundedToCredits: decimal('p.refunded_to_credits'),
    isDisputed: bool('p.is_disputed'),
    discrepancy: orNull(text('p.discrepancy')),
    orderCurrency: text('o.currency'),
    /** The amount at the provider according to the ledger. */
    posted: text(sumOfLedger("l.account = 'provider:' || p.provider")),
    /** The amount taken back by a bank according to the ledger. */
    disputed: text(sumOfLedger("l.account = 'disputes'")),
    /** The amount of the refunds that the provider has sent. */
    sent: text(
      "(SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded' AND NOT r.is_to_credits)::text",
    ),
    isOrderConsistent: bool(`CASE
      WHEN o.payment_id = p.id
        THEN p.captured >= o.total - o.credits_applied AND o.status <> 'pending' AND p.is_disputed = (o.status = 'disputed')
      ELSE p.refunded = p.captured OR p.is_disputed
    END`),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM payments p
  JOIN orders o ON o.id = p.order_id
  WHERE p.id > :after AND p.captured > 0
    AND p.succeeded_at BETWEEN now() - make_interval(days => :days) AND now() - interval '10 minutes'
  ORDER BY p.id
  LIMIT :limit`,
});

export type ReconcileRow = ResultOf<typeof LIST>;

/** Lists captured payments of the last days after an id, with the figures of ledger and order. */
export async function listPaymentsToReconcile(
  db: Db,
  page: { days: number; after: number; limit: number },
): Promise<ReconcileRow[]> {
  return query(db, LIST, page);
}

export async function updateDiscrepancy(db: Db, id: number, discrepancy: string | null): Promise<void> {
  await db('payments').where({ id }).update({ discrepancy });
}

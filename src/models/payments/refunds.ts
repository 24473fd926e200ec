import type { Db, Trx } from '../../database';
import type { Selected } from '../../database/query';
import { queryOne, statement, text } from '../statement';

export type RefundCause = 'request' | 'cancellation' | 'unusable' | 'provider';

const COLUMNS = {
  id: 'id',
  /** Null if credits had paid it. */
  paymentId: 'payment_id',
  amount: 'amount',
  currency: 'currency',
  status: 'status',
  cause: 'cause',
  isToCredits: 'is_to_credits',
  reason: 'reason',
  claimUrl: 'claim_url',
  idempotencyKey: 'idempotency_key',
} as const;

export type RefundRow = Selected<'refunds', typeof COLUMNS>;

export async function findRefund(db: Db, id: number): Promise<RefundRow | undefined> {
  return db('refunds').where({ id }).first(COLUMNS);
}

export interface NewRefund {
  /** The payment that it is taken from, or the order, if credits had paid it. */
  of: { paymentId: number } | { orderId: number };
  amount: string;
  currency: string;
  cause: RefundCause;
  reason: string | null;
  requestedBy: number | null;
  /** It becomes credits, which are added in the same transaction. */
  isToCredits: boolean;
}

/** Inserts a refund and adds it to the refunded amount. A constraint prevents refunding more than was captured. */
export async function insertRefund(
  trx: Trx,
  { of, amount, currency, cause, reason, requestedBy, isToCredits }: NewRefund,
): Promise<RefundRow> {
  const [row] = await trx('refunds')
    .insert({
      ...('orderId' in of ? { order_id: of.orderId } : { payment_id: of.paymentId }),
      amount,
      currency,
      cause,
      reason,
      requested_by: requestedBy,
      is_to_credits: isToCredits,
      ...(isToCredits ? { status: 'succeeded', succeeded_at: trx.fn.now() } : {}),
    })
    .returning(COLUMNS);
  return row!;
}

export async function updateRefund(
  trx: Trx,
  id: number,
  {
    status,
    providerRefundId,
    claimUrl = null,
  }: { status: RefundRow['status']; providerRefundId: string | null; claimUrl?: string | null },
): Promise<void> {
  await trx('refunds')
    .where({ id })
    .update({
      status,
      provider_refund_id: providerRefundId,
      claim_url: claimUrl,
      ...(status === 'pending' ? {} : { [`${status}_at`]: trx.fn.now() }),
    });
}

/** Lists refunds after an id that have been pending for longer than their job takes. */
export async function listLastingRefunds(
  db: Db,
  { after, limit }: { after: number; limit: number },
): Promise<number[]> {
  return db('refunds')
    .where('status', 'pending')
    .whereRaw("created_at NOT BETWEEN now() - interval '1 minute' AND now() + interval '1 minute'")
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .pluck('id');
}

const SUM = statement({
  name: 'refunds-sum',
  columns: { sum: text('coalesce(sum(amount), 0)::text') },
  sql: (list) => `
  SELECT ${list}
  FROM refunds
  WHERE payment_id = :paymentId AND cause = :cause AND status <> 'failed'`,
});

/** Sums the refunds of a payment with this cause, except failed ones. */
export async function sumRefunds(db: Db, paymentId: number, cause: RefundCause): Promise<string> {
  const { sum } = await queryOne(db, SUM, { paymentId, cause });
  return sum;
}

import type { Db, Trx } from '../../database';
import { execute, queryOne, statement, text } from '../statement';

export type LedgerKind =
  | 'capture'
  | 'refund'
  | 'refund_paid'
  | 'refund_failed'
  | 'dispute'
  | 'dispute_reversed'
  | 'credit_purchase'
  | 'credit_grant'
  | 'credit_expire'
  | 'credit_adjust';

export interface LedgerLine {
  /** `sales`, `tax`, `refunds_due`, `disputes`, `promotions` or `provider:<name>`. */
  account: string;
  /** Debit is positive. */
  amount: string;
}

export interface LedgerTransaction {
  kind: LedgerKind;
  currency: string;
  /** Null for credits that were given, have expired or were taken back. */
  orderId: number | null;
  /** Null for what belongs to an entry of credits instead. */
  paymentId: number | null;
  refundId: number | null;
  creditEntryId?: number;
  lines: LedgerLine[];
}

/**
 * Sums ledger entries (`l`) as revenue. A refund counts from when it is owed until it has
 * failed; a disputed amount counts as refunded until the dispute is won. Credits count when
 * they are spent, and not when they are sold.
 */
export const REVENUE = {
  gross: `coalesce(sum(CASE l.kind WHEN 'capture' THEN l.amount ELSE -l.amount END)
    FILTER (WHERE l.kind = 'capture' AND l.account LIKE 'provider:%' OR l.kind LIKE 'credit%' AND l.account = 'sales'), 0)`,
  refunded: `coalesce(sum(CASE l.account WHEN 'disputes' THEN l.amount ELSE -l.amount END)
    FILTER (WHERE l.account = 'disputes' OR l.account = 'refunds_due' AND l.kind IN ('refund', 'refund_failed')), 0)`,
  tax: "coalesce(-sum(l.amount) FILTER (WHERE l.account = 'tax'), 0)",
};

const INSERT = statement({
  name: 'ledger-insert',
  columns: {},
  sql: () => `
  INSERT INTO ledger_entries (transaction_id, kind, account, amount, currency, order_id, payment_id, refund_id, credit_entry_id)
  SELECT t.id, :kind, l.account, l.amount, :currency, :orderId, :paymentId, :refundId, :creditEntryId
  FROM (SELECT gen_random_uuid() AS id) t, unnest(:accounts::text[], :amounts::numeric[]) AS l (account, amount)`,
});

/** Inserts a ledger transaction. A constraint checks at commit that its lines sum to 0. */
export async function insertLedgerTransaction(
  trx: Trx,
  { kind, currency, orderId, paymentId, refundId, creditEntryId, lines }: LedgerTransaction,
): Promise<void> {
  const used = lines.filter(({ amount }) => Number(amount) !== 0);
  await execute(trx, INSERT, {
    kind,
    currency,
    orderId,
    paymentId,
    refundId,
    creditEntryId: creditEntryId ?? null,
    accounts: used.map(({ account }) => account),
    amounts: used.map(({ amount }) => amount),
  });
}

/** Lists the lines by which a refund was posted. */
export async function listRefundLines(db: Db, refundId: number): Promise<LedgerLine[]> {
  return db('ledger_entries').where({ refund_id: refundId, kind: 'refund' }).orderBy('id').select('account', 'amount');
}

const TAX_REFUNDED = statement({
  name: 'ledger-tax-refunded',
  columns: { sum: text('coalesce(sum(amount), 0)::text') },
  sql: (list) => `
  SELECT ${list}
  FROM ledger_entries
  WHERE payment_id = :paymentId AND account = 'tax' AND kind IN ('refund', 'refund_failed')`,
});

/** Sums the tax of a payment that was refunded. */
export async function sumTaxRefunded(db: Db, paymentId: number): Promise<string> {
  const { sum } = await queryOne(db, TAX_REFUNDED, { paymentId });
  return sum;
}

const DISPUTED = statement({
  name: 'ledger-disputed',
  columns: { sum: text('coalesce(sum(amount), 0)::text') },
  sql: (list) => `
  SELECT ${list}
  FROM ledger_entries
  WHERE payment_id = :paymentId AND account = 'disputes'`,
});

/** Sums the disputed amount of a payment according to the ledger. */
export async function sumDisputed(db: Db, paymentId: number): Promise<string> {
  const { sum } = await queryOne(db, DISPUTED, { paymentId });
  return sum;
}

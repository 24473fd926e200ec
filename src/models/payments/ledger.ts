import type { Db, Trx } from '../../database';
import { decimal, execute, int4, orNull, query, queryOne, statement, text, type ResultOf } from '../statement';

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
  /** Whose money it is; left out for all of an order that a booking made. */
  share?: ShareKey;
}

/** What a part of an order's money is for: the seller, and the event or product. */
export interface ShareKey {
  sellerId: number | null;
  eventId: number | null;
  productId: number | null;
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
  INSERT INTO ledger_entries (
    transaction_id, kind, account, amount, currency, order_id, payment_id, refund_id, credit_entry_id, seller_id, event_id, product_id
  )
  SELECT
    t.id, :kind, l.account, l.amount, :currency, :orderId, :paymentId, :refundId, :creditEntryId, l.seller_id, l.event_id, l.product_id
  FROM (SELECT gen_random_uuid() AS id) t,
    unnest(:accounts::text[], :amounts::numeric[], :sellers::int[], :events::int[], :products::int[])
      AS l (account, amount, seller_id, event_id, product_id)`,
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
    sellers: used.map(({ share }) => share?.sellerId ?? null),
    events: used.map(({ share }) => share?.eventId ?? null),
    products: used.map(({ share }) => share?.productId ?? null),
  });
}

/** Lists the lines by which a refund was posted. */
export async function listRefundLines(db: Db, refundId: number): Promise<LedgerLine[]> {
  const rows = await db('ledger_entries').where({ refund_id: refundId, kind: 'refund' }).orderBy('id').select({
    account: 'account',
    amount: 'amount',
    sellerId: 'seller_id',
    eventId: 'event_id',
    productId: 'product_id',
  });
  return rows.map(({ account, amount, ...share }) => ({ account, amount, share }));
}

const OF_ORDER = statement({
  name: 'ledger-shares-of-order',
  columns: {
    sellerId: orNull(int4('s.seller_id')),
    eventId: orNull(int4('s.event_id')),
    productId: orNull(int4('s.product_id')),
    total: decimal('sum(s.total)'),
    tax: decimal('sum(s.tax)'),
  },
  // Shipping is sold by whoever sells the first of the goods that are sent.
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    SELECT
      coalesce(i.seller_id, (
        SELECT p.seller_id
        FROM order_items p
        WHERE p.order_id = i.order_id AND p.product_type = 'physical'
        ORDER BY p.position
        LIMIT 1
      )) AS seller_id,
      b.event_id,
      i.product_id,
      i.total,
      i.tax
    FROM order_items i
    LEFT JOIN bookings b ON b.id = i.booking_id
    WHERE i.order_id = :orderId
  ) s
  GROUP BY s.seller_id, s.event_id, s.product_id
  ORDER BY s.seller_id, s.event_id, s.product_id`,
});

/** Returns how the total and the tax of an order that a checkout made are divided. */
export async function listSharesOfOrder(db: Db, orderId: number) {
  return query(db, OF_ORDER, { orderId });
}

const toSharesStatement = (name: string, condition: string) =>
  statement({
    name,
    columns: {
      sellerId: orNull(int4('l.seller_id')),
      eventId: orNull(int4('l.event_id')),
      productId: orNull(int4('l.product_id')),
      captured: decimal("coalesce(sum(l.amount) FILTER (WHERE l.kind = 'capture' AND l.account LIKE 'provider:%'), 0)"),
      refunded: decimal(
        "coalesce(-sum(l.amount) FILTER (WHERE l.account = 'refunds_due' AND l.kind IN ('refund', 'refund_failed')), 0)",
      ),
      toCredits: decimal(
        // In two parts, because a colon before a word names a parameter.
        "coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'refund_paid' AND l.account = 'provider:' || 'credits'), 0)",
      ),
      disputed: decimal("coalesce(sum(l.amount) FILTER (WHERE l.account = 'disputes'), 0)"),
      tax: decimal("coalesce(-sum(l.amount) FILTER (WHERE l.kind = 'capture' AND l.account = 'tax'), 0)"),
      refundedTax: decimal(
        "coalesce(sum(l.amount) FILTER (WHERE l.account = 'tax' AND l.kind IN ('refund', 'refund_failed')), 0)",
      ),
    },
    sql: (list) => `
  SELECT
    ${list}
  FROM ledger_entries l
  WHERE ${condition}
  GROUP BY l.seller_id, l.event_id, l.product_id
  HAVING count(*) FILTER (WHERE l.kind = 'capture') > 0
  ORDER BY l.seller_id, l.event_id, l.product_id`,
  });

const OF_PAYMENT = toSharesStatement('ledger-shares-of-payment', 'l.payment_id = :paymentId');
// What credits have paid is posted without a payment.
const OF_CREDITS = toSharesStatement(
  'ledger-shares-of-credits',
  'l.order_id = :orderId AND l.payment_id IS NULL AND l.credit_entry_id IS NULL',
);

/** Returns the shares in which credits have paid for an order, and what became of each. */
export async function listCreditShares(db: Db, orderId: number): Promise<PaymentShare[]> {
  return query(db, OF_CREDITS, { orderId });
}

export type PaymentShare = ResultOf<typeof OF_PAYMENT>;

/** Returns the shares in which a payment was captured, and what became of each. */
export async function listSharesOfPayment(db: Db, paymentId: number): Promise<PaymentShare[]> {
  return query(db, OF_PAYMENT, { paymentId });
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

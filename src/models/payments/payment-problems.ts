import type { Db } from '../../database';
import type { Row } from '../../database/query';
import {
  bool,
  decimal,
  int4,
  int8,
  json,
  orNull,
  queryPage,
  statementFamily,
  text,
  timestamptz,
  type ResultOf,
} from '../statement';

export type PaymentProblemKind = 'disputed' | 'discrepancy' | 'failed_refund';

// A refund that was made again, and did not fail, is no longer a problem.
const FAILED_REFUNDS = `refunds r
    WHERE r.payment_id = p.id AND r.status = 'failed'
      AND NOT EXISTS (SELECT FROM refunds later WHERE later.payment_id = p.id AND later.id > r.id AND later.status <> 'failed')`;

// Each has an index.
const CONDITIONS: Record<PaymentProblemKind, string> = {
  disputed: 'SELECT id FROM payments WHERE is_disputed',
  discrepancy: 'SELECT id FROM payments WHERE discrepancy IS NOT NULL',
  failed_refund: `SELECT r.payment_id FROM refunds r
      WHERE r.status = 'failed'
        AND NOT EXISTS (SELECT FROM refunds later WHERE later.payment_id = r.payment_id AND later.id > r.id AND later.status <> 'failed')`,
};

interface Form {
  kind?: PaymentProblemKind;
}

const toCondition = ({ kind }: Form): string =>
  `p.id IN (${kind === undefined ? Object.values(CONDITIONS).join(' UNION ALL ') : CONDITIONS[kind]})`;

const EXAMPLES: Form[] = [{}, { kind: 'disputed' }, { kind: 'discrepancy' }, { kind: 'failed_refund' }];

const LIST = statementFamily({
  name: 'payment-problems',
  columns: {
    id: int4('p.id'),
    orderId: int4('p.order_id'),
    orderNumber: text('o.order_number'),
    customer: json<{ id: number; name: string; email: string }>(
      "json_build_object('id', o.user_id, 'name', o.customer_name, 'email', o.customer_email)",
    ),
    provider: text<Row<'payments'>['provider']>('p.provider'),
    currency: text('p.currency'),
    captured: decimal('p.captured'),
    refunded: decimal('p.refunded'),
    isDisputed: bool('p.is_disputed'),
    discrepancy: orNull(text('p.discrepancy')),
    failedRefunds: decimal(`(SELECT coalesce(sum(r.amount), 0) FROM ${FAILED_REFUNDS})`),
    createdAt: timestamptz('p.created_at'),
  },
  examples: EXAMPLES,
  sql: (list, form: Form) => `
  SELECT
    ${list}
  FROM payments p
  JOIN orders o ON o.id = p.order_id
  WHERE ${toCondition(form)}
  ORDER BY p.id DESC
  LIMIT :limit
  OFFSET :offset`,
});

const COUNT = statementFamily({
  name: 'payment-problems-count',
  columns: { total: int8('count(*)') },
  examples: EXAMPLES,
  sql: (list, form: Form) => `SELECT ${list} FROM payments p WHERE ${toCondition(form)}`,
});

export type PaymentProblemRow = ResultOf<ReturnType<typeof LIST>>;

/** Returns a page of payments that somebody must look at, newest first. */
export async function listPaymentProblems(
  db: Db,
  form: Form,
  page: { limit: number; offset: number },
): Promise<{ rows: PaymentProblemRow[]; total: number }> {
  return queryPage(db, { list: LIST(form), count: COUNT(form) }, page);
}

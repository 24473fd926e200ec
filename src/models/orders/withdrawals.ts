import type { Db, Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import { bool, decimal, execute, int4, json, ms, orNull, query, statement, type ResultOf } from '../statement';

export interface WithdrawnItem {
  /** The position of the order item. */
  itemId: number;
  quantity: number;
  amount: string;
}

const FACTS = statement({
  name: 'withdrawals-facts',
  columns: {
    itemId: int4('i.position::int4'),
    sent: int4('f.sent'),
    lastSentAt: orNull(ms('f.last_at')),
    /** Whether a download was begun after the customer had accepted that this ends the right. */
    isDownloaded: bool('coalesce(d.first_at >= o.terms_accepted_at, false)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN order_items i ON i.order_id = o.id
  LEFT JOIN order_downloads d ON d.order_id = i.order_id AND d.position = i.position
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.quantity), 0)::int AS sent, max(s.created_at) AS last_at
    FROM fulfillment_items x
    JOIN fulfillments s ON s.id = x.fulfillment_id
    WHERE x.order_id = i.order_id AND x.position = i.position
  ) f
  WHERE o.id = :orderId`,
});

export type WithdrawalFacts = ResultOf<typeof FACTS>;

/** Lists what has happened to the items of an order that decides whether they can be withdrawn. */
export async function listWithdrawalFacts(db: Db, orderId: number): Promise<WithdrawalFacts[]> {
  return query(db, FACTS, { orderId });
}

const LIST = statement({
  name: 'withdrawals-of-order',
  columns: {
    id: int4('w.id'),
    receivedAt: ms('w.received_at'),
    refundAmount: decimal('w.refund_amount'),
    items: json<WithdrawnItem[]>(`(
      SELECT json_agg(
        json_build_object('itemId', x.position, 'quantity', x.quantity, 'amount', x.amount::text)
        ORDER BY x.position
      )
      FROM withdrawal_items x
      WHERE x.withdrawal_id = w.id
    )`),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM withdrawals w
  WHERE w.order_id = :orderId
  ORDER BY w.id`,
});

export type WithdrawalRow = ResultOf<typeof LIST>;

export async function listWithdrawals(db: Db, orderId: number): Promise<WithdrawalRow[]> {
  return query(db, LIST, { orderId });
}

/** Returns the id of the withdrawal that such a request has made. */
export async function findWithdrawalId(trx: Trx, orderId: number, request: string): Promise<number | undefined> {
  return (await trx('withdrawals').where({ order_id: orderId, request }).first('id'))?.id;
}

export interface NewWithdrawal {
  orderId: number;
  request: string;
  refundAmount: string;
  items: WithdrawnItem[];
}

const INSERT_ITEMS = statement({
  name: 'withdrawals-insert-items',
  columns: {},
  sql: () => `
  INSERT INTO withdrawal_items (withdrawal_id, order_id, position, quantity, amount)
  SELECT :id, :orderId, i.position, i.quantity, i.amount
  FROM unnest(:positions::int[], :quantities::int[], :amounts::numeric[]) AS i(position, quantity, amount)`,
});

/** Inserts a withdrawal of a locked order. Returns its id. */
export async function insertWithdrawal(trx: Trx, { items, ...withdrawal }: NewWithdrawal): Promise<number> {
  const { orderId, request, refundAmount } = withdrawal;
  const [row] = await trx('withdrawals')
    .insert({ order_id: orderId, request, refund_amount: refundAmount })
    .returning('id');
  await execute(trx, INSERT_ITEMS, {
    id: row!.id,
    orderId,
    positions: toNumberArray(items.map(({ itemId }) => itemId)),
    quantities: toNumberArray(items.map(({ quantity }) => quantity)),
    amounts: toTextArray(items.map(({ amount }) => amount)),
  });
  return row!.id;
}

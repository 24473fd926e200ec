import type { Db } from '../../database';
import { decimal, int4, query, statement, text } from '../statement';

const BOUGHT = statement({
  name: 'credits-bought',
  columns: {
    orderId: int4('o.id'),
    userId: int4('o.user_id'),
    currency: text('o.currency'),
    amount: decimal('sum(i.quantity * p.credit_amount)'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN order_items i ON i.order_id = o.id AND i.product_type = 'credit'
  JOIN products p ON p.id = i.product_id
  WHERE o.id = ANY (:orderIds)
  GROUP BY o.id
  ORDER BY o.user_id, o.currency, o.id`,
});

/** Sums the credits that these orders buy, in the order in which balances are locked. */
export async function listBoughtCredits(db: Db, orderIds: number[]) {
  return query(db, BOUGHT, { orderIds });
}

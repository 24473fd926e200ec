import type { Db } from '../../database';
import { decimal, int4, query, statement, text } from '../statement';

const BOUGHT = statement({
  name: 'credits-bought',
  columns: {
    orderId: int4('o.id'),
    userId: int4('o.user_id'),
    currency: text('o.currency'),
    // What is bought by amount is worth what it costs.
    amount: decimal(
      'sum(CASE WHEN k.product_id IS NULL THEN i.quantity * p.credit_amount ELSE i.quantity * i.unit_price END)',
    ),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN order_items i ON i.order_id = o.id AND i.product_type = 'credit'
  JOIN products p ON p.id = i.product_id
  LEFT JOIN credit_products k ON k.product_id = p.id
  WHERE o.id = ANY (:orderIds)
  GROUP BY o.id
  ORDER BY o.user_id, o.currency, o.id`,
});

/** Sums the credits that these orders buy, in the order in which balances are locked. */
export async function listBoughtCredits(db: Db, orderIds: number[]) {
  return query(db, BOUGHT, { orderIds });
}

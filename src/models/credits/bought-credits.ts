import type { Db } from '../../database';
import { decimal, int4, query, queryOne, statement, text } from '../statement';

// What is bought by amount is worth what it costs.
const WORTH =
  'sum(CASE WHEN k.product_id IS NULL THEN i.quantity * p.credit_amount ELSE i.quantity * i.unit_price END)';

const BOUGHT = statement({
  name: 'credits-bought',
  columns: {
    orderId: int4('o.id'),
    userId: int4('o.user_id'),
    currency: text('o.currency'),
    amount: decimal(WORTH),
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

const WORTH_OF_ITEM = statement({
  name: 'credits-worth-of-item',
  columns: { worth: decimal(`coalesce(${WORTH}, 0)`) },
  sql: (list) => `
  SELECT
    ${list}
  FROM order_items i
  JOIN products p ON p.id = i.product_id
  LEFT JOIN credit_products k ON k.product_id = p.id
  WHERE i.order_id = :orderId AND i.position = :position`,
});

/** Returns what an item of an order adds in credits. */
export async function findWorth(db: Db, item: { orderId: number; position: number }): Promise<string> {
  return (await queryOne(db, WORTH_OF_ITEM, { ...item })).worth;
}

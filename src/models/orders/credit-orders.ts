import type { Db, Trx } from '../../database';
import { execute, int4, query, queryOne, statement } from '../statement';

/** Returns the product by which any amount of credits in a currency is sold. */
export async function findCreditProduct(db: Db, currency: string): Promise<number | undefined> {
  return (await db('credit_products').where({ currency }).first('product_id'))?.product_id;
}

const LOCK = statement({
  name: 'orders-lock-credit-products',
  columns: {},
  sql: () => `SELECT FROM (SELECT pg_advisory_xact_lock(hashtext('bilten credit products'))) l`,
});

const INSERT_PRODUCT = statement({
  name: 'orders-insert-credit-product',
  columns: { productId: int4('k.product_id') },
  // It is not in the catalog, and belongs to the first admin.
  sql: (list) => `
  WITH product AS (
    INSERT INTO products (
      organizer_id, name, slug, product_type, price, currency, tax_rate, credit_amount, status, archived_at
    )
    SELECT u.id, 'Credits', 'credits-' || gen_random_uuid(), 'credit', 1, :currency, 0, 1, 'archived', now()
    FROM users u
    WHERE u.role = 'admin' AND u.status = 'active'
    ORDER BY u.id
    LIMIT 1
    RETURNING id
  ), inventory AS (
    INSERT INTO product_inventory (product_id)
    SELECT id
    FROM product
  ), known AS (
    INSERT INTO credit_products (currency, product_id)
    SELECT :currency, id
    FROM product
    RETURNING product_id
  )
  SELECT ${list} FROM known k`,
});

/** Inserts the product that sells credits in a currency, once. Returns its id; undefined if there is no admin to sell them. */
export async function insertCreditProduct(trx: Trx, currency: string): Promise<number | undefined> {
  await query(trx, LOCK);
  return (await findCreditProduct(trx, currency)) ?? (await query(trx, INSERT_PRODUCT, { currency }))[0]?.productId;
}

export interface NewCreditOrder {
  orderNumber: string;
  requestId: string;
  userId: number;
  productId: number;
  amount: string;
  currency: string;
  holdMinutes: number;
}

const INSERT_ORDER = statement({
  name: 'orders-insert-credit-order',
  columns: { id: int4('o.id') },
  sql: (list) => `
  WITH o AS (
    INSERT INTO orders (
      order_number, user_id, request_id, status, customer_name, customer_email, subtotal, discount, tax, added_tax, total,
      tax_rate, is_tax_inclusive, currency, expires_at
    )
    SELECT
      :orderNumber,
      u.id,
      :requestId::uuid,
      'pending',
      coalesce(nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email),
      u.email,
      :amount::numeric,
      0,
      0,
      0,
      :amount::numeric,
      0,
      true,
      :currency,
      now() + :holdMinutes::float8 * interval '1 minute'
    FROM users u
    WHERE u.id = :userId
    RETURNING id
  )
  SELECT ${list} FROM o`,
});

// A separate statement, because a statement does not see the rows that its own WITH inserts, which foreign keys need.
const INSERT_LINE = statement({
  name: 'orders-insert-credit-line',
  columns: {},
  sql: () => `
  WITH item AS (
    INSERT INTO order_items (
      order_id, position, kind, product_id, seller_id, name, product_type, quantity, unit_price, discount, tax, tax_rate,
      is_tax_inclusive, total
    )
    SELECT
      :orderId::int, 1, 'product', p.id, p.organizer_id, p.name, 'credit', 1, :amount::numeric, 0, 0, 0, true, :amount::numeric
    FROM products p
    WHERE p.id = :productId
  )
  INSERT INTO product_claims (order_id, position, product_id, quantity, status)
  VALUES (:orderId::int, 1, :productId, 1, 'held')`,
});

/** Inserts an unpaid order of credits. Returns its id. */
export async function insertCreditOrder(trx: Trx, order: NewCreditOrder): Promise<number> {
  const { id: orderId } = await queryOne(trx, INSERT_ORDER, { ...order });
  await execute(trx, INSERT_LINE, { orderId, productId: order.productId, amount: order.amount });
  return orderId;
}

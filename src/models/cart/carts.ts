import type { Db, Trx } from '../../database';
import { execute, int4, query, statement } from '../statement';

/** Days until a cart without a user is deleted, counted from its last change. */
const MAX_AGE_DAYS = 30;

/** Whose cart it is: a user's, or of whoever has the token with this hash. */
export type CartOwner = { userId: number } | { tokenHash: Buffer };

export interface CartRow {
  id: number;
  version: number;
  discountCode: string | null;
  updatedAt: Date;
}

const SELECTED = { id: 'id', version: 'version', discountCode: 'discount_code', updatedAt: 'updated_at' } as const;

const select = (db: Db, owner: CartOwner) =>
  'userId' in owner
    ? db('carts').where({ user_id: owner.userId })
    : db('carts').where({ token_hash: owner.tokenHash }).whereRaw('expires_at > now()');

export async function findCart(db: Db, owner: CartOwner): Promise<CartRow | undefined> {
  return select(db, owner).first(SELECTED);
}

/** Locks a cart against other changes and against its checkout. */
export async function lockCart(trx: Trx, owner: CartOwner): Promise<CartRow | undefined> {
  return select(trx, owner).forUpdate().first(SELECTED);
}

/** Creates a cart, unless its owner has one. */
export async function insertCart(trx: Trx, owner: CartOwner): Promise<void> {
  const row =
    'userId' in owner
      ? { user_id: owner.userId }
      : { token_hash: owner.tokenHash, expires_at: trx.raw(`now() + interval '${MAX_AGE_DAYS} days'`) };
  await trx('carts').insert(row).onConflict().ignore();
}

const TOUCH = statement({
  name: 'carts-touch',
  columns: {},
  sql: () => `
  UPDATE carts
  SET
    version = version + 1,
    updated_at = now(),
    expires_at = CASE WHEN user_id IS NULL THEN now() + interval '${MAX_AGE_DAYS} days' END
  WHERE id = :id`,
});

/** Gives a changed cart its next version. */
export async function touchCart(trx: Trx, id: number): Promise<void> {
  await execute(trx, TOUCH, { id });
}

export async function updateDiscountCode(trx: Trx, id: number, discountCode: string | null): Promise<void> {
  await trx('carts').where({ id }).update({ discount_code: discountCode });
}

export async function deleteCart(trx: Trx, id: number): Promise<void> {
  await trx('carts').where({ id }).delete();
}

/** What a line of a cart is about. */
export interface CartTarget {
  productId: number | null;
  ticketTypeId: number | null;
}

interface CartAmount {
  quantity: number;
  seatIds: number[] | null;
}

export interface CartItemRow extends CartTarget, CartAmount {
  id: number;
}

const ITEM = {
  id: 'id',
  productId: 'product_id',
  ticketTypeId: 'ticket_type_id',
  quantity: 'quantity',
  seatIds: 'seat_ids',
} as const;

/** Lists the items of a cart in the order in which they were added. */
export async function listCartItems(db: Db, cartId: number): Promise<CartItemRow[]> {
  return db('cart_items').where({ cart_id: cartId }).orderBy('id').select(ITEM);
}

const toInsertStatement = (kind: 'product' | 'ticket_type') =>
  statement({
    name: `cart-items-insert-${kind}`,
    columns: { id: int4('id') },
    sql: (list) => `
  INSERT INTO cart_items (cart_id, ${kind}_id, quantity, seat_ids, unit_price)
  SELECT :cartId, id, :quantity, :seatIds::int[], price
  FROM ${kind}s
  WHERE id = :targetId
  RETURNING ${list}`,
  });

const INSERT = { product: toInsertStatement('product'), ticketType: toInsertStatement('ticket_type') };

/** Adds an item at the price of now. Returns its id; undefined if there is no such product or ticket type. */
export async function insertCartItem(
  trx: Trx,
  cartId: number,
  { productId, ticketTypeId, quantity, seatIds }: CartTarget & CartAmount,
): Promise<number | undefined> {
  const declared = productId === null ? INSERT.ticketType : INSERT.product;
  const [row] = await query(trx, declared, { cartId, targetId: productId ?? ticketTypeId, quantity, seatIds });
  return row?.id;
}

const UPDATE_ITEM = statement({
  name: 'cart-items-update',
  columns: {},
  sql: () => `
  UPDATE cart_items c
  SET
    quantity = :quantity,
    seat_ids = :seatIds::int[],
    unit_price = coalesce(
      (SELECT price FROM products WHERE id = c.product_id),
      (SELECT price FROM ticket_types WHERE id = c.ticket_type_id)
    )
  WHERE c.id = :id`,
});

/** Changes an item; from then on, the price of now is the one that was seen. */
export async function updateCartItem(trx: Trx, id: number, { quantity, seatIds }: CartAmount): Promise<void> {
  await execute(trx, UPDATE_ITEM, { id, quantity, seatIds });
}

export async function deleteCartItem(trx: Trx, id: number): Promise<void> {
  await trx('cart_items').where({ id }).delete();
}

export async function deleteCartItems(trx: Trx, cartId: number): Promise<void> {
  await trx('cart_items').where({ cart_id: cartId }).delete();
}

const MOVE = statement({
  name: 'cart-items-move',
  columns: {},
  sql: () => `
  UPDATE cart_items theirs
  SET cart_id = :into
  WHERE theirs.cart_id = :from
    AND NOT EXISTS (
      SELECT
      FROM cart_items mine
      WHERE mine.cart_id = :into
        AND (mine.product_id = theirs.product_id OR mine.ticket_type_id = theirs.ticket_type_id)
    )`,
});

/** Moves the items to another cart that it does not have yet. */
export async function moveCartItems(trx: Trx, carts: { from: number; into: number }): Promise<void> {
  await execute(trx, MOVE, carts);
}

const DELETE_EXPIRED = statement({
  name: 'carts-delete-expired',
  columns: {},
  sql: () => `
  DELETE FROM carts
  WHERE id IN (
    SELECT id
    FROM carts
    WHERE expires_at <= now()
    ORDER BY expires_at
    LIMIT :limit
    FOR UPDATE SKIP LOCKED
  )`,
});

/** Deletes at most `limit` carts that have expired; returns how many. */
export async function deleteExpiredCarts(db: Db, limit: number): Promise<number> {
  return execute(db, DELETE_EXPIRED, { limit });
}

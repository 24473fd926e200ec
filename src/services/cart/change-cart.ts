import { randomBytes } from 'node:crypto';
import { config } from '../../config';
import { runInTransaction, type Trx } from '../../database';
import { AppError } from '../../errors';
import type { Actor } from '../../lib/actor';
import {
  addToLine,
  assertAllowed,
  assertLineCount,
  getCartCurrency,
  listExcess,
  mergeLines,
  resizeLine,
} from '../../lib/cart/cart-lines';
import { listCartLines } from '../../models/cart/cart-lines';
import {
  deleteCart,
  deleteCartItem,
  deleteCartItems,
  insertCart,
  insertCartItem,
  listCartItems,
  lockCart,
  moveCartItems,
  touchCart,
  updateCartItem,
  updateDiscountCode,
  type CartItemRow,
  type CartOwner,
  type CartRow,
  type CartTarget,
} from '../../models/cart/carts';
import { getCartDiscount } from '../discounts/find-cart-discount';
import { hashToken } from '../secrets.service';
import { presentCart, type Cart, type CartPreview } from './present-cart';

const TOKEN_BYTES = 32;

/** Who asks for a cart: a signed-in user, or somebody with the token of one. */
export interface CartCaller {
  actor: Actor | undefined;
  cartToken: string | undefined;
}

/** A cart, with the token that it was just made with. */
export type TokenCart = Cart & { cartToken: string | null };

function findOwner({ actor, cartToken }: CartCaller): CartOwner | undefined {
  if (actor) return { userId: actor.userId };
  return cartToken === undefined ? undefined : { tokenHash: hashToken(cartToken) };
}

async function toAnswer(owner: CartOwner | undefined, cartToken: string | null = null): Promise<TokenCart> {
  return { ...(await presentCart(owner)), cartToken };
}

/** Step: locks a user's cart, which is created if there is none. */
async function lockCartOf(trx: Trx, owner: CartOwner): Promise<CartRow> {
  const cart = await lockCart(trx, owner);
  if (cart) return cart;
  await insertCart(trx, owner);
  return (await lockCart(trx, owner))!;
}

/** Step: locks the caller's cart. A signed-out caller without one gets a new one with a new token. */
async function lockOrCreateCart(trx: Trx, caller: CartCaller) {
  const known = findOwner(caller);
  if (known && 'userId' in known) return { owner: known, cart: await lockCartOf(trx, known), cartToken: null };
  const found = known && (await lockCart(trx, known));
  if (found) return { owner: known, cart: found, cartToken: null };
  const cartToken = randomBytes(TOKEN_BYTES).toString('base64url');
  const owner = { tokenHash: hashToken(cartToken) };
  return { owner, cart: await lockCartOf(trx, owner), cartToken };
}

/** Returns the caller's cart as of now. */
export async function getCart(caller: CartCaller, preview: CartPreview): Promise<TokenCart> {
  return { ...(await presentCart(findOwner(caller), preview)), cartToken: null };
}

const isSame = (first: CartTarget, second: CartTarget): boolean =>
  first.productId === second.productId && first.ticketTypeId === second.ticketTypeId;

/** Step: asserts that the cart may have this item. */
async function assertItemAllowed(trx: Trx, cartId: number, itemId: number): Promise<void> {
  const lines = await listCartLines(trx, cartId);
  assertAllowed(
    lines.find(({ id }) => id === itemId)!,
    lines,
    config,
  );
}

export interface AddItem {
  productId?: number;
  ticketTypeId?: number;
  /** Defaults to the number of seats, or 1. */
  quantity?: number;
  seatIds?: number[];
}

/**
 * Adds a product or tickets to the caller's cart; to what it has already, it is added up.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, CURRENCY_MISMATCH, QUANTITY_LIMIT
 */
export async function addItem(caller: CartCaller, input: AddItem): Promise<TokenCart> {
  const { productId = null, ticketTypeId = null, seatIds = null } = input;
  const added = { quantity: input.quantity ?? seatIds?.length ?? 1, seatIds };
  const target = { productId, ticketTypeId };
  const { owner, cartToken } = await runInTransaction(async (trx) => {
    const locked = await lockOrCreateCart(trx, caller);
    const { id: cartId } = locked.cart;
    const item = (await listCartItems(trx, cartId)).find((each) => isSame(each, target));
    const amount = addToLine(item, added);
    if (item) await updateCartItem(trx, item.id, amount);
    const itemId = item?.id ?? (await insertCartItem(trx, cartId, { ...target, ...amount }));
    if (itemId === undefined)
      throw new AppError('NOT_FOUND', productId === null ? 'Ticket type not found.' : 'Product not found.');
    await assertItemAllowed(trx, cartId, itemId);
    await touchCart(trx, cartId);
    return locked;
  });
  return toAnswer(owner, cartToken);
}

/** Step: locks the caller's cart with one of its items. @throws AppError NOT_FOUND */
async function lockItem(trx: Trx, caller: CartCaller, itemId: number): Promise<{ cartId: number; item: CartItemRow }> {
  const owner = findOwner(caller);
  const cart = owner && (await lockCart(trx, owner));
  const item = cart && (await listCartItems(trx, cart.id)).find(({ id }) => id === itemId);
  if (!item) throw new AppError('NOT_FOUND', 'There is no such item in the cart.');
  return { cartId: cart.id, item };
}

/** Sets the quantity of an item; 0 removes it. @throws AppError NOT_FOUND, VALIDATION_ERROR, CURRENCY_MISMATCH, QUANTITY_LIMIT */
export async function changeItem(
  caller: CartCaller,
  { itemId, quantity }: { itemId: number; quantity: number },
): Promise<TokenCart> {
  await runInTransaction(async (trx) => {
    const { cartId, item } = await lockItem(trx, caller, itemId);
    if (quantity === 0) await deleteCartItem(trx, itemId);
    else {
      await updateCartItem(trx, itemId, resizeLine(item, quantity));
      await assertItemAllowed(trx, cartId, itemId);
    }
    await touchCart(trx, cartId);
  });
  return toAnswer(findOwner(caller));
}

/** @throws AppError NOT_FOUND */
export async function removeItem(caller: CartCaller, itemId: number): Promise<TokenCart> {
  return changeItem(caller, { itemId, quantity: 0 });
}

/** Removes everything from the caller's cart. */
export async function emptyCart(caller: CartCaller): Promise<TokenCart> {
  const owner = findOwner(caller);
  await runInTransaction(async (trx) => {
    const cart = owner && (await lockCart(trx, owner));
    if (!cart) return;
    await deleteCartItems(trx, cart.id);
    await updateDiscountCode(trx, cart.id, null);
    await touchCart(trx, cart.id);
  });
  return toAnswer(owner);
}

/** Sets the discount code of the caller's cart, or removes it. @throws AppError DISCOUNT_INVALID, DISCOUNT_EXHAUSTED */
export async function changeDiscountCode(caller: CartCaller, code: string | null): Promise<TokenCart> {
  const owner = findOwner(caller);
  await runInTransaction(async (trx) => {
    const cart = owner && (await lockCart(trx, owner));
    if (code !== null) {
      const items = cart ? await listCartLines(trx, cart.id) : [];
      const currency = getCartCurrency(items) ?? '';
      await getCartDiscount(trx, { code, items, currency, userId: caller.actor?.userId });
    }
    if (!cart) return;
    await updateDiscountCode(trx, cart.id, code);
    await touchCart(trx, cart.id);
  });
  return toAnswer(owner);
}

/** Step: adds the items of one cart to another, and deletes it. */
async function moveItems(trx: Trx, { from, into }: { from: CartRow; into: CartRow }): Promise<void> {
  const [own, others] = [await listCartItems(trx, into.id), await listCartItems(trx, from.id)];
  for (const item of own) {
    const other = others.find((each) => isSame(each, item));
    if (other) await updateCartItem(trx, item.id, mergeLines(item, other));
  }
  await moveCartItems(trx, { from: from.id, into: into.id });
  await deleteCart(trx, from.id);
  if (into.discountCode === null && from.discountCode !== null)
    await updateDiscountCode(trx, into.id, from.discountCode);
}

/**
 * Adds up the cart that the caller filled before signing in. What exceeds a limit is left out.
 * @throws AppError NOT_FOUND, CURRENCY_MISMATCH, QUANTITY_LIMIT
 */
export async function mergeCart(actor: Actor, cartToken: string): Promise<TokenCart> {
  const [owner, given] = [{ userId: actor.userId }, { tokenHash: hashToken(cartToken) }];
  await runInTransaction(async (trx) => {
    // A cart with a token is locked before one of a user, and a request locks one of each at most.
    const from = await lockCart(trx, given);
    if (!from) throw new AppError('NOT_FOUND', 'There is no cart with this token.');
    const into = await lockCartOf(trx, owner);
    const currencies = [];
    for (const { id } of [into, from]) currencies.push(getCartCurrency(await listCartLines(trx, id)));
    if (!currencies.includes(null) && currencies[0] !== currencies[1])
      throw new AppError('CURRENCY_MISMATCH', `Your cart is in ${currencies[0]}, and this one is in ${currencies[1]}.`);
    await moveItems(trx, { from, into });
    const lines = await listCartLines(trx, into.id);
    assertLineCount(lines);
    for (const { line, most } of listExcess(lines, config)) {
      if (most === 0) await deleteCartItem(trx, line.id);
      else await updateCartItem(trx, line.id, resizeLine(line, most));
    }
    await touchCart(trx, into.id);
  });
  return toAnswer(owner);
}

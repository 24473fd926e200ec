import Big from 'big.js';
import type { Db } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getLineRest, getUnitsRefund } from '../../lib/money/line-refunds';
import type { OrderRow } from '../../models/orders/orders';
import {
  divideAmongItems,
  getRefundableItems,
  sumRefunds,
  type ItemRefund,
  type RefundableItem,
} from '../orders/item-refunds';
import { createExceedsPaidError, getRefundableOfOrder } from './add-refund';

export interface RefundOrder {
  orderId: number;
  /** Defaults to everything that can still be refunded. */
  amount?: string;
  /** Refunds these units of the order instead of an amount. */
  items?: { itemId: number; quantity: number; restock?: boolean }[];
  reason?: string;
  /** Where it goes; defaults to where the money came from. */
  to?: 'origin' | 'credits';
}

/** Returns the items that the actor may refund: of an order with several sellers, only their own. */
function listOwnItems(actor: Actor, items: RefundableItem[]): RefundableItem[] {
  if (actor.role === 'admin') return items;
  const sellerIds = new Set(items.flatMap(({ sellerId }) => sellerId ?? []));
  const isOnlySeller = sellerIds.size === 1 && sellerIds.has(actor.userId);
  return isOnlySeller ? items : items.filter(({ sellerId }) => sellerId === actor.userId);
}

/** Returns what the requested units cost. @throws AppError VALIDATION_ERROR, FORBIDDEN, REFUND_EXCEEDS_PAID */
function toItemRefunds(
  actor: Actor,
  { items: all, currency }: { items: RefundableItem[]; currency: string },
  wanted: NonNullable<RefundOrder['items']>,
): ItemRefund[] {
  const own = new Set(listOwnItems(actor, all));
  return wanted.map(({ itemId, quantity, restock = false }, index) => {
    const item = all.find(({ id }) => id === itemId);
    if (!item) throw createValidationError(`items.${index}.itemId`, 'is not an item of this order');
    if (wanted.findIndex((each) => each.itemId === itemId) < index)
      throw createValidationError(`items.${index}.itemId`, 'is a duplicate');
    if (!own.has(item)) throw new AppError('FORBIDDEN', 'Only its seller can refund this item.');
    const left = item.quantity - item.refundedQuantity;
    if (quantity > left)
      throw new AppError('REFUND_EXCEEDS_PAID', undefined, {
        details: [{ path: `items.${index}.quantity`, message: `at most ${left} can be refunded`, available: left }],
      });
    return { item, quantity, amount: getUnitsRefund(item, quantity, currency), isRestocked: restock };
  });
}

/** Asserts that no credits come out of credits that were bought. @throws AppError CREDITS_NOT_ALLOWED */
function assertMayBecomeCredits(refunds: ItemRefund[]): void {
  if (refunds.some(({ item, amount }) => item.productType === 'credit' && amount.gt(0)))
    throw new AppError('CREDITS_NOT_ALLOWED', 'Credits that were bought cannot be refunded to credits.');
}

interface DecidedRefund {
  amount: Big;
  refunds: ItemRefund[];
  isToCredits: boolean;
}

/**
 * Returns what to refund: the requested units, or the requested amount of what the actor sells.
 * @throws AppError VALIDATION_ERROR, FORBIDDEN, REFUND_EXCEEDS_PAID, CREDITS_NOT_ALLOWED
 */
export async function decideRefund(
  db: Db,
  actor: Actor,
  { order, request }: { order: OrderRow; request: RefundOrder },
): Promise<DecidedRefund> {
  const decided = await decideAmount(db, actor, { order, request });
  const isToCredits = request.to === 'credits';
  if (isToCredits) assertMayBecomeCredits(decided.refunds);
  return { ...decided, isToCredits };
}

/** Read: returns what the actor can refund of an order: which of its items, and how much at most. */
export async function getRefundable(
  db: Db,
  actor: Actor,
  order: OrderRow,
): Promise<{ own: RefundableItem[]; most: Big }> {
  const items = await getRefundableItems(db, order.id);
  const left = await getRefundableOfOrder(db, order);
  const own = order.isCheckout ? listOwnItems(actor, items) : items;
  const ofOwn = own.length === items.length ? left : own.reduce((sum, item) => sum.plus(getLineRest(item)), new Big(0));
  return { own, most: ofOwn.gt(left) ? left : ofOwn };
}

async function decideAmount(
  db: Db,
  actor: Actor,
  { order, request: { items: wanted, amount } }: { order: OrderRow; request: RefundOrder },
): Promise<Omit<DecidedRefund, 'isToCredits'>> {
  const { currency } = order;
  if (wanted) {
    const items = await getRefundableItems(db, order.id);
    const refunds = toItemRefunds(actor, { items, currency }, wanted);
    return { amount: sumRefunds(refunds), refunds };
  }
  const { own, most } = await getRefundable(db, actor, order);
  const sum = amount === undefined ? most : new Big(amount);
  if (sum.eq(0) || sum.gt(most)) throw createExceedsPaidError(most, currency);
  return { amount: sum, refunds: order.isCheckout ? divideAmongItems(sum, own, order) : [] };
}

import Big from 'big.js';
import type { Db, Trx } from '../../database';
import { getLineRest, getShareRefund } from '../../lib/money/line-refunds';
import { takeFromShares } from '../../lib/money/shares';
import {
  insertItemRefunds,
  listRefundableItems,
  updateRestocked,
  type RefundableItem,
} from '../../models/orders/item-refunds';
import type { OrderRow } from '../../models/orders/orders';
import { revokeLicenses } from '../licenses/revoke-licenses';

export type { RefundableItem };

/** What is to be refunded of an item. */
export interface ItemRefund {
  item: RefundableItem;
  /** 0 if only money goes back. */
  quantity: number;
  amount: Big;
  isRestocked: boolean;
}

/** Read: returns the items of an order with what was refunded of them. */
export async function getRefundableItems(db: Db, orderId: number): Promise<RefundableItem[]> {
  return listRefundableItems(db, orderId);
}

/** Divides an amount of money among items by what is left of them. */
export function divideAmongItems(amount: Big, items: RefundableItem[], { currency }: OrderRow): ItemRefund[] {
  const parts = takeFromShares(amount, items.map(getLineRest), { currency });
  return items.map((item, index) => ({ item, quantity: 0, amount: parts[index]!, isRestocked: false }));
}

/** Returns what is left to refund of this share of the items, in percent; all their units count as refunded then. */
export function getShareRefunds(items: RefundableItem[], percent: number, { currency }: OrderRow): ItemRefund[] {
  return items.map((item) => ({
    item,
    quantity: item.quantity - item.refundedQuantity,
    amount: getShareRefund(item, percent, currency),
    isRestocked: false,
  }));
}

export const sumRefunds = (refunds: ItemRefund[]): Big =>
  refunds.reduce((sum, { amount }) => sum.plus(amount), new Big(0));

/** Step: records what is refunded of the items of a locked order, revokes the licenses of units, and puts goods back into stock. */
export async function recordItemRefunds(
  trx: Trx,
  { id: orderId }: Pick<OrderRow, 'id'>,
  { refunds, requestedBy }: { refunds: ItemRefund[]; requestedBy: number | null },
): Promise<void> {
  const effective = refunds.filter(({ quantity, amount }) => quantity > 0 || amount.gt(0));
  await insertItemRefunds(
    trx,
    effective.map(({ item, quantity, amount, isRestocked }) => ({
      orderId,
      itemId: item.id,
      quantity,
      amount: amount.toFixed(),
      isRestocked,
      requestedBy,
    })),
  );
  const licensed = effective.filter(({ item, quantity }) => item.productType === 'license' && quantity > 0);
  if (licensed.length > 0)
    await revokeLicenses(trx, {
      orderId,
      items: licensed.map(({ item, quantity }) => ({ position: item.id, quantity })),
    });
  for (const { item, quantity, isRestocked } of effective)
    if (isRestocked && item.productId !== null && quantity > 0)
      await updateRestocked(trx, { orderId, itemId: item.id, quantity });
}

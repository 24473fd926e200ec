import { database, type Trx } from '../../database';
import { AppError, createValidationError, type ErrorDetail } from '../../errors';
import type { Actor } from '../../lib/actor';
import { getUnitsRefund } from '../../lib/money/line-refunds';
import { formatMoney } from '../../lib/money/money';
import type { OrderRow } from '../../models/orders/orders';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { lockLicenseUnits } from '../licenses/revoke-licenses';
import { getOwnOrder } from '../orders/get-orders';
import { sumRefunds, type ItemRefund, type RefundableItem } from '../orders/item-refunds';
import { lockOrder } from '../orders/order-status';
import { getWithdrawableItems, listShippingToReturn, type WithdrawableItem } from '../orders/withdrawable-items';
import { assertPaid, findSameWithdrawal, getPresentedWithdrawal, recordWithdrawal } from '../orders/withdrawals';
import { addMessages } from '../outbox/add-messages';
import { refundFromPayments } from './add-refund';

export interface WithdrawOrder {
  orderId: number;
  /** Defaults to everything that can be withdrawn. */
  items?: { itemId: number; quantity: number }[];
  confirm: true;
}

interface Withdrawn {
  item: RefundableItem;
  quantity: number;
}

/** Returns the wanted quantity by item, entries of the same item summed, in the order of the ids. */
function sumWanted(items: NonNullable<WithdrawOrder['items']>): [itemId: number, quantity: number][] {
  const sums = new Map<number, number>();
  for (const { itemId, quantity } of items) sums.set(itemId, (sums.get(itemId) ?? 0) + quantity);
  return [...sums].sort(([a], [b]) => a - b);
}

const toRequest = (wanted: [number, number][] | undefined): string =>
  wanted ? wanted.map(([itemId, quantity]) => `${quantity}x${itemId}`).join(' ') : 'all';

const toDetail = ({ item, withdrawable, reason }: WithdrawableItem, path: string): ErrorDetail => ({
  path,
  message: withdrawable === 0 ? 'cannot be withdrawn' : `at most ${withdrawable} can be withdrawn`,
  itemId: item.id,
  withdrawableQuantity: withdrawable,
  reason,
});

/** @throws AppError WITHDRAWAL_PERIOD_OVER, WITHDRAWAL_EXCLUDED */
function refuse(refused: { each: WithdrawableItem; path: string }[]): never {
  const isOver = refused.some(({ each }) => each.reason === 'PERIOD_OVER');
  const details = refused.map(({ each, path }) => toDetail(each, path));
  throw new AppError(isOver ? 'WITHDRAWAL_PERIOD_OVER' : 'WITHDRAWAL_EXCLUDED', undefined, { details });
}

/** Returns the units to withdraw. @throws AppError VALIDATION_ERROR, WITHDRAWAL_PERIOD_OVER, WITHDRAWAL_EXCLUDED */
function toWithdrawn(items: WithdrawableItem[], wanted: [itemId: number, quantity: number][] | undefined): Withdrawn[] {
  if (!wanted) {
    const possible = items.filter(({ withdrawable }) => withdrawable > 0);
    if (possible.length === 0) refuse(items.map((each) => ({ each, path: 'items' })));
    return possible.map(({ item, withdrawable }) => ({ item, quantity: withdrawable }));
  }
  const requested = wanted.map(([itemId, quantity]) => {
    const each = items.find(({ item }) => item.id === itemId);
    if (!each) throw createValidationError('items', `has no item ${itemId} of this order that can be withdrawn`);
    return { each, quantity, path: 'items' };
  });
  const refused = requested.filter(({ each, quantity }) => quantity > each.withdrawable);
  if (refused.length > 0) refuse(refused);
  return requested.map(({ each, quantity }) => ({ item: each.item, quantity }));
}

/** Step: returns what is paid back for these units, with the shipping if no goods are left. */
async function toRefunds(trx: Trx, order: OrderRow, withdrawn: Withdrawn[]): Promise<ItemRefund[]> {
  const shipping = await listShippingToReturn(trx, order, withdrawn);
  const units = [...withdrawn, ...shipping.map((item) => ({ item, quantity: item.quantity - item.refundedQuantity }))];
  return units.map(({ item, quantity }) => ({
    item,
    quantity,
    amount: getUnitsRefund(item, quantity, order.currency),
    isRestocked: false,
  }));
}

/**
 * Withdraws from the purchase of units of an order, which refunds them; messages then confirm the receipt and send the money.
 * The same again returns the first withdrawal.
 * @throws AppError NOT_FOUND, VALIDATION_ERROR, ORDER_NOT_PAID, WITHDRAWAL_PERIOD_OVER, WITHDRAWAL_EXCLUDED, INSUFFICIENT_CREDITS
 */
export async function withdrawOrder(actor: Actor, { orderId, items }: WithdrawOrder) {
  const owned = await getOwnOrder(actor, orderId);
  const wanted = items && sumWanted(items);
  const request = toRequest(wanted);
  const { userId: requestedBy, requestId } = actor;
  const id = await runOnce(actor, async (trx) => {
    const order = await lockOrder(trx, orderId);
    const known = await findSameWithdrawal(trx, orderId, request);
    if (known !== undefined) return known;
    assertPaid(order);
    await lockLicenseUnits(trx, orderId);
    const withdrawn = toWithdrawn(await getWithdrawableItems(trx, order), wanted);
    const refunds = await toRefunds(trx, order, withdrawn);
    const amount = sumRefunds(refunds);
    await refundFromPayments(trx, order, { amount, refunds, cause: 'request', reason: null, requestedBy, requestId });
    const withdrawalId = await recordWithdrawal(trx, {
      orderId,
      request,
      refundAmount: amount.toFixed(),
      items: refunds.map((refund) => ({
        itemId: refund.item.id,
        quantity: refund.quantity,
        amount: refund.amount.toFixed(),
      })),
    });
    const sellerIds = new Set(withdrawn.flatMap(({ item }) => item.sellerId ?? []));
    await addMessages(trx, [
      { topic: 'order.withdrawn', payload: { withdrawalId }, requestId },
      ...[...sellerIds].map((sellerId) => ({
        topic: 'order.withdrawal_received' as const,
        payload: { withdrawalId, sellerId },
        requestId,
      })),
    ]);
    const details = {
      amount: formatMoney(amount.toFixed(), order.currency),
      currency: order.currency,
      items: withdrawn.map(({ item, quantity }) => ({ itemId: item.id, quantity })),
    };
    await recordActivity(trx, actor, { action: 'order.withdraw', subjectId: orderId, details });
    return withdrawalId;
  });
  return getPresentedWithdrawal(database, owned, id);
}

import { database } from '../../database';
import { AppError, createValidationError } from '../../errors';
import type { Actor } from '../../lib/actor';
import {
  findFulfillment,
  insertFulfillment,
  listShippableItems,
  type FulfillmentDetailRow,
  type NewFulfillment,
  type ShippableItem,
} from '../../models/orders/fulfillments';
import type { OrderStatus } from '../../models/orders/orders';
import { recordActivity } from '../audit/record-activity';
import { runOnce } from '../idempotency.service';
import { addMessages } from '../outbox/add-messages';
import { getManagedOrder } from './get-orders';
import { lockOrder } from './order-status';

export type FulfillOrder = Omit<NewFulfillment, 'createdBy'>;

const PAID: readonly OrderStatus[] = ['paid', 'partially_refunded'];

const present = ({ createdAt, ...row }: FulfillmentDetailRow) => ({
  ...row,
  createdAt: new Date(createdAt).toISOString(),
});

/** Returns the items to send, lines of the same item summed. @throws AppError VALIDATION_ERROR, FORBIDDEN */
function toRequested(actor: Actor, wanted: FulfillOrder['items'], shippable: ShippableItem[]) {
  const requested = new Map<number, { item: ShippableItem; quantity: number; path: string }>();
  wanted.forEach(({ itemId, quantity }, index) => {
    const item = shippable.find(({ id }) => id === itemId);
    if (!item) throw createValidationError(`items.${index}.itemId`, 'is not an item of this order that is sent');
    if (actor.role !== 'admin' && item.sellerId !== actor.userId)
      throw new AppError('FORBIDDEN', 'Only its seller may send this item.');
    const known = requested.get(itemId);
    if (known) known.quantity += quantity;
    else requested.set(itemId, { item, quantity, path: `items.${index}.quantity` });
  });
  return [...requested.values()];
}

/** @throws AppError ALREADY_FULFILLED */
function assertUnsent(requested: ReturnType<typeof toRequested>): void {
  const details = requested.flatMap(({ item, quantity, path }) => {
    const left = Math.max(0, item.quantity - item.sent - item.refunded);
    if (quantity <= left) return [];
    const message = left === 0 ? 'nothing is left to send' : `only ${left} are left to send`;
    return [{ path, message, itemId: item.id, left }];
  });
  if (details.length > 0) throw new AppError('ALREADY_FULFILLED', undefined, { details });
}

/**
 * Records that goods of a paid order were sent, and tells the customer.
 * @throws AppError NOT_FOUND, FORBIDDEN, VALIDATION_ERROR, ORDER_NOT_PAID, ALREADY_FULFILLED
 */
export async function fulfillOrder(actor: Actor, { items, ...input }: FulfillOrder) {
  const { orderId } = input;
  await getManagedOrder(actor, orderId);
  const id = await runOnce(actor, async (trx) => {
    const order = await lockOrder(trx, orderId);
    const requested = toRequested(actor, items, await listShippableItems(trx, orderId));
    if (!PAID.includes(order.status)) throw new AppError('ORDER_NOT_PAID');
    assertUnsent(requested);
    const sent = requested.map(({ item, quantity }) => ({ itemId: item.id, quantity }));
    const fulfillmentId = await insertFulfillment(trx, { ...input, items: sent, createdBy: actor.userId });
    await addMessages(trx, [{ topic: 'order.fulfilled', payload: { fulfillmentId }, requestId: actor.requestId }]);
    const { carrier, trackingNumber } = input;
    const details = { items: sent, carrier, trackingNumber };
    await recordActivity(trx, actor, { action: 'order.fulfill', subjectId: orderId, details });
    return fulfillmentId;
  });
  return present((await findFulfillment(database, id))!);
}

// What is left of the lines of an order, and whose they are.

/** @typedef {import('#types').Order} Order */
/** @typedef {Order['items'][number]} Item */
/** @typedef {import('../../../lib/use-session.js').Session} Session */

/** Returns whether the user sells a line; admins act for all sellers. @param {Item} item @param {Session} session */
export const isOwnItem = ({ sellerId }, { user }) => user.role === 'admin' || sellerId === user.id;

/** Returns how many units of a line were sent. @param {Order} order @param {Item} item */
export const countSent = ({ fulfillments }, { id }) =>
  fulfillments
    .flatMap(({ items }) => items)
    .filter(({ itemId }) => itemId === id)
    .reduce((sum, { quantity }) => sum + quantity, 0);

/** Returns how many units of a line are still to be sent. @param {Order} order @param {Item} item */
export const countUnsent = (order, item) =>
  item.productType === 'physical' ? Math.max(0, item.quantity - item.refundedQuantity - countSent(order, item)) : 0;

const PAID = ['paid', 'partially_refunded'];

/** Returns the lines of which the user can send something. @param {Order} order @param {Session} session */
export const listUnsent = (order, session) =>
  PAID.includes(order.status)
    ? order.items.filter((item) => isOwnItem(item, session) && countUnsent(order, item) > 0)
    : [];

/** Returns the lines of which the user can refund units. @param {Order} order @param {Session} session */
export function listRefundable({ items }, session) {
  const own = items.filter((item) => isOwnItem(item, session));
  const isOnlySeller =
    own.length > 0 && items.every(({ sellerId }) => sellerId === null || sellerId === own[0]?.sellerId);
  return items.filter(
    (item) => item.quantity > item.refundedQuantity && (own.includes(item) || (isOnlySeller && item.sellerId === null)),
  );
}

/** Returns whether money of the order can still go back. @param {Order} order */
export const isRefundable = ({ status }) => PAID.includes(status);

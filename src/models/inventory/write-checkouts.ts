import type { Trx } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import { asBoolean, asInt, asJsonb, asNumeric, asSmallint, asText, asTime, asUuid, rowSet } from '../row-set';
import { fromMs } from '../sql';
import { pipeline, statement } from '../statement';
import type { CheckoutDraft, ClaimState, OrderLineDraft, PresentedChanges, StoreOrderState } from './types';

const NOW = fromMs(':now::bigint');

const NEW_ORDERS = rowSet('orders', 'o').from<CheckoutDraft>({
  id: asInt(({ order }) => order.id),
  order_number: asText(({ order }) => order.orderNumber),
  user_id: asInt(({ order }) => order.userId),
  request_id: asUuid(({ order }) => order.requestId),
  status: asText(({ order }) => order.status),
  customer_name: asText(({ customer }) => customer.name),
  customer_email: asText(({ customer }) => customer.email),
  billing_address: asJsonb(({ billingAddress }) => billingAddress),
  shipping_address: asJsonb(({ shippingAddress }) => shippingAddress),
  subtotal: asNumeric(({ subtotal }) => subtotal),
  discount: asNumeric(({ discount }) => discount),
  shipping_total: asNumeric(({ shippingTotal }) => shippingTotal),
  tax: asNumeric(({ tax }) => tax),
  added_tax: asNumeric(({ addedTax }) => addedTax),
  total: asNumeric(({ order }) => order.total),
  credits_applied: asNumeric(({ order }) => order.creditsApplied),
  tax_rate: asNumeric(({ taxRate }) => taxRate),
  is_tax_inclusive: asBoolean(({ addedTax }) => Number(addedTax) === 0),
  currency: asText(({ order }) => order.currency),
  fulfillment_status: asText(({ fulfillmentStatus }) => fulfillmentStatus),
  discount_id: asInt(({ order }) => order.discountId),
  note: asText(({ note }) => note),
  terms_accepted_at: asTime(({ hasAcceptedTerms, createdAt }) => (hasAcceptedTerms ? createdAt : null)),
  expires_at: asTime(({ order }) => order.expiresAt),
  paid_at: asTime(({ order }) => order.paidAt),
});

type NewItem = OrderLineDraft & { orderId: number; position: number };

const NEW_ITEMS = rowSet('order_items', 'i').from<NewItem>({
  order_id: asInt(({ orderId }) => orderId),
  position: asSmallint(({ position }) => position),
  kind: asText(({ kind }) => kind),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  product_id: asInt(({ productId }) => productId),
  booking_id: asInt(({ booking }) => booking && booking.id),
  seller_id: asInt(({ sellerId }) => sellerId),
  sku: asText(({ sku }) => sku),
  name: asText(({ name }) => name),
  product_type: asText(({ productType }) => productType),
  quantity: asInt(({ quantity }) => quantity),
  unit_price: asNumeric(({ unitPrice }) => unitPrice),
  tax_rate: asNumeric(({ taxRate }) => taxRate),
  is_tax_inclusive: asBoolean(({ isTaxInclusive }) => isTaxInclusive),
  discount: asNumeric(({ discount }) => discount),
  tax: asNumeric(({ tax }) => tax),
  total: asNumeric(({ total }) => total),
});

type OrderedClaim = ClaimState & { orderId: number };

const NEW_CLAIMS = rowSet('product_claims', 'c').from<OrderedClaim>({
  order_id: asInt(({ orderId }) => orderId),
  position: asSmallint(({ position }) => position),
  product_id: asInt(({ productId }) => productId),
  quantity: asInt(({ quantity }) => quantity),
  status: asText(({ status }) => status),
});

const toClaims = (orders: StoreOrderState[]): OrderedClaim[] =>
  orders.flatMap(({ id, claims }) => claims.map((claim) => ({ ...claim, orderId: id })));

const INSERT = statement({
  name: 'inventory-insert-checkouts',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH inserted AS (
    INSERT INTO orders (
      ${NEW_ORDERS.columns},
      created_at
    )
    SELECT
      ${NEW_ORDERS.values},
      ${NOW}
    FROM ${NEW_ORDERS.rows}
  ), items AS (
    INSERT INTO order_items (
      ${NEW_ITEMS.columns}
    )
    SELECT
      ${NEW_ITEMS.values}
    FROM ${NEW_ITEMS.rows}
  )
  INSERT INTO product_claims (
      ${NEW_CLAIMS.columns}
  )
  SELECT
      ${NEW_CLAIMS.values}
  FROM ${NEW_CLAIMS.rows}`,
});

const USED = rowSet('order_discounts', 'd').from<StoreOrderState>({
  order_id: asInt(({ id }) => id),
  discount_id: asInt(({ discountId }) => discountId),
  user_id: asInt(({ userId }) => userId),
});

const REDEEM = statement({
  name: 'inventory-redeem-checkouts',
  isPrepared: true,
  columns: {},
  sql: () => `
  INSERT INTO order_discounts (
      ${USED.columns}
  )
  SELECT
      ${USED.values}
  FROM ${USED.rows}`,
});

/** Inserts the orders of checkouts with their lines and claims. The bookings that they refer to are written by the same batch. */
export async function writeCheckouts(trx: Trx, now: number, { checkouts }: PresentedChanges): Promise<void> {
  if (checkouts.length === 0) return;
  const orders = checkouts.map(({ order }) => order);
  const items = checkouts.flatMap(({ order, lines }) =>
    lines.map((line, index) => ({ ...line, orderId: order.id, position: index + 1 })),
  );
  const discounted = orders.filter(({ discountId }) => discountId !== null);
  await Promise.all([
    pipeline(trx, INSERT, {
      now,
      ...NEW_ORDERS.bind(checkouts),
      ...NEW_ITEMS.bind(items),
      ...NEW_CLAIMS.bind(toClaims(orders)),
    }),
    ...(discounted.length > 0 ? [pipeline(trx, REDEEM, USED.bind(discounted))] : []),
  ]);
}

const MOVED = rowSet('product_claims', 'u').from<OrderedClaim>({
  order_id: asInt(({ orderId }) => orderId),
  position: asSmallint(({ position }) => position),
  status: asText(({ status }) => status),
});

const MOVE = statement({
  name: 'inventory-move-claims',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH discounts AS (
    UPDATE order_discounts d
    SET is_active = :isActive::boolean
    WHERE d.order_id = ANY(:discountedIds::int[]) AND d.is_active <> :isActive::boolean
  )
  UPDATE product_claims c
  SET status = u.status
  FROM ${MOVED.rows}
  WHERE c.order_id = u.order_id AND c.position = u.position`,
});

/** Writes the claims of orders whose state has changed: those that ended (`released`), or those that were paid. */
export async function writeClaims(
  trx: Trx,
  { reclaimedOrders }: PresentedChanges,
  which: 'released' | 'sold',
): Promise<void> {
  const orders = [...reclaimedOrders].filter(({ hold }) => (hold === 'confirmed') === (which === 'sold'));
  if (orders.length === 0) return;
  const discounted = orders.filter(({ discountId }) => discountId !== null);
  await pipeline(trx, MOVE, {
    ...MOVED.bind(toClaims(orders)),
    isActive: which === 'sold',
    discountedIds: toNumberArray(discounted.map(({ id }) => id)),
  });
}

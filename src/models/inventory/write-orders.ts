import type { Trx } from '../../database';
import { asBoolean, asInt, asNumeric, asSmallint, asText, asTime, rowSet } from '../row-set';
import { fromMs } from '../sql';
import { pipeline, statement } from '../statement';
import type { BookingItem, BookingState, OrderDraft, OrderState, PresentedChanges } from './types';

const NOW = fromMs(':now::bigint');

const CONFIRMED = rowSet('bookings', 'u').from<BookingState>({
  id: asInt(({ id }) => id),
  confirmed_at: asTime(({ confirmedAt }) => confirmedAt),
  expired_at: asTime(({ expiredAt }) => expiredAt),
});

const CONFIRM = statement({
  name: 'inventory-confirm',
  isPrepared: true,
  columns: {},
  sql: () => `
  UPDATE bookings b
  SET
    status = 'confirmed',
    confirmed_at = ${fromMs('u.confirmed_at')},
    expired_at = coalesce(b.expired_at, ${fromMs('u.expired_at')})
  FROM ${CONFIRMED.rows}
  WHERE b.id = u.id`,
});

/** Confirms paid bookings. Runs after the writes that release tickets. */
export async function writeConfirmations(trx: Trx, { updatedBookings }: PresentedChanges): Promise<void> {
  const bookings = [...updatedBookings].filter(({ status }) => status === 'confirmed');
  if (bookings.length > 0) await pipeline(trx, CONFIRM, CONFIRMED.bind(bookings));
}

interface NewOrder {
  booking: BookingState;
  order: OrderState;
  draft: OrderDraft;
}

const NEW_ORDERS = rowSet('orders', 'o').from<NewOrder>({
  id: asInt(({ order }) => order.id),
  order_number: asText(({ order }) => order.orderNumber),
  user_id: asInt(({ booking }) => booking.userId),
  event_id: asInt(({ booking }) => booking.eventId),
  booking_id: asInt(({ booking }) => booking.id),
  status: asText(({ order }) => order.status),
  subtotal: asNumeric(({ draft }) => draft.subtotal),
  discount: asNumeric(({ draft }) => draft.discount),
  tax: asNumeric(({ draft }) => draft.tax),
  total: asNumeric(({ order }) => order.total),
  credits_applied: asNumeric(({ order }) => order.creditsApplied),
  tax_rate: asNumeric(({ draft }) => draft.taxRate),
  is_tax_inclusive: asBoolean(({ draft }) => draft.isTaxInclusive),
  currency: asText(({ order }) => order.currency),
});

type NewOrderItem = BookingItem & OrderDraft['lines'][number] & { orderId: number; position: number };

const NEW_ITEMS = rowSet('order_items', 'i').from<NewOrderItem>({
  order_id: asInt(({ orderId }) => orderId),
  position: asSmallint(({ position }) => position),
  ticket_type_id: asInt(({ ticketTypeId }) => ticketTypeId),
  name: asText(({ name }) => name),
  quantity: asInt(({ quantity }) => quantity),
  unit_price: asNumeric(({ unitPrice }) => unitPrice),
  discount: asNumeric(({ discount }) => discount),
  tax: asNumeric(({ tax }) => tax),
});

// Copies the customer's name and email: an order keeps them as they are now.
const INSERT_ORDERS = statement({
  name: 'inventory-insert-orders',
  isPrepared: true,
  columns: {},
  sql: () => `
  WITH inserted AS (
    INSERT INTO orders (
      ${NEW_ORDERS.columns},
      customer_name,
      customer_email,
      created_at,
      paid_at
    )
    SELECT
      ${NEW_ORDERS.values},
      coalesce(nullif(trim(concat_ws(' ', u.first_name, u.last_name)), ''), u.email),
      u.email,
      ${NOW},
      CASE WHEN o.status = 'paid' THEN ${NOW} END
    FROM ${NEW_ORDERS.rows}
    JOIN users u ON u.id = o.user_id
  )
  INSERT INTO order_items (
      ${NEW_ITEMS.columns}
  )
  SELECT
      ${NEW_ITEMS.values}
  FROM ${NEW_ITEMS.rows}`,
});

/** Inserts the orders of the bookings that were just written. */
export async function writeOrders(trx: Trx, now: number, { insertedOrders }: PresentedChanges): Promise<void> {
  if (insertedOrders.size === 0) return;
  const inserted = [...insertedOrders].map(([booking, draft]) => ({ booking, order: booking.order!, draft }));
  const items = inserted.flatMap(({ booking, order, draft }) =>
    booking.items.map((item, index) => ({ ...item, ...draft.lines[index]!, orderId: order.id, position: index + 1 })),
  );
  await pipeline(trx, INSERT_ORDERS, { now, ...NEW_ORDERS.bind(inserted), ...NEW_ITEMS.bind(items) });
}

const UPDATED = rowSet('orders', 'u').from<OrderState>({
  id: asInt(({ id }) => id),
  status: asText(({ status }) => status),
  payment_id: asInt(({ paymentId }) => paymentId),
});

const UPDATE_ORDERS = statement({
  name: 'inventory-update-orders',
  isPrepared: true,
  columns: {},
  sql: () => `
  UPDATE orders o
  SET
    status = u.status,
    payment_id = u.payment_id,
    paid_at = CASE WHEN u.payment_id IS NOT NULL OR u.status = 'paid' THEN coalesce(o.paid_at, ${NOW}) ELSE o.paid_at END,
    cancelled_at = CASE WHEN u.status = 'cancelled' THEN ${NOW} ELSE o.cancelled_at END,
    expired_at = CASE WHEN u.status = 'expired' THEN ${NOW} ELSE o.expired_at END
  FROM ${UPDATED.rows}
  WHERE o.id = u.id`,
});

export async function writeOrderStatuses(trx: Trx, now: number, { updatedOrders }: PresentedChanges): Promise<void> {
  if (updatedOrders.size > 0) await pipeline(trx, UPDATE_ORDERS, { now, ...UPDATED.bind([...updatedOrders]) });
}

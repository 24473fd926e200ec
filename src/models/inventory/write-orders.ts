import { getPreparedName, send, type Trx } from '../../database';
import { toNumberArray, toTextArray } from '../../lib/pg-array';
import type { PresentedChanges } from './types';
import { fromMs } from '../sql';

const CONFIRM = `
  UPDATE bookings b
  SET status = 'confirmed', confirmed_at = ${fromMs('u.confirmed_at')}, expired_at = coalesce(b.expired_at, ${fromMs('u.expired_at')})
  FROM unnest(:ids::int[], :confirmedTimes::bigint[], :expiredTimes::bigint[]) AS u(id, confirmed_at, expired_at)
  WHERE b.id = u.id`;

/** Confirms paid bookings. Runs after the writes that release tickets. */
export async function writeConfirmations(trx: Trx, { updatedBookings }: PresentedChanges): Promise<void> {
  const bookings = [...updatedBookings].filter(({ status }) => status === 'confirmed');
  if (bookings.length === 0) return;
  await send(
    trx,
    trx
      .raw(CONFIRM, {
        ids: toNumberArray(bookings.map(({ id }) => id)),
        confirmedTimes: toNumberArray(bookings.map(({ confirmedAt }) => confirmedAt)),
        expiredTimes: toNumberArray(bookings.map(({ expiredAt }) => expiredAt)),
      })
      .options(getPreparedName('inventory-confirm')),
  );
}

// Copies the customer's name and email: an order keeps them as they are now.
const INSERT_ORDERS = `
  WITH inserted AS (
    INSERT INTO orders (id, order_number, user_id, event_id, booking_id, status, customer_name, customer_email, subtotal, discount, tax, total,
                        tax_rate, is_tax_inclusive, currency, created_at, paid_at)
    SELECT o.id, o.order_number, o.user_id, o.event_id, o.booking_id, o.status,
           coalesce(nullif(trim(concat_ws(' ', u.first_name, u.last_name)), ''), u.email), u.email, o.subtotal, o.discount, o.tax, o.total,
           o.tax_rate, o.is_tax_inclusive, o.currency, ${fromMs(':now::bigint')},
           CASE WHEN o.status = 'paid' THEN ${fromMs(':now::bigint')} END
    FROM unnest(:ids::int[], :numbers::text[], :users::int[], :events::int[], :bookings::int[], :statuses::text[], :subtotals::numeric[],
                :discounts::numeric[], :taxes::numeric[], :totals::numeric[], :taxRates::numeric[], :inclusives::boolean[], :currencies::text[])
      AS o(id, order_number, user_id, event_id, booking_id, status, subtotal, discount, tax, total, tax_rate, is_tax_inclusive, currency)
    JOIN users u ON u.id = o.user_id
  )
  INSERT INTO order_items (order_id, position, ticket_type_id, name, quantity, unit_price, discount, tax)
  SELECT * FROM unnest(:itemOrders::int[], :itemPositions::smallint[], :itemTypes::int[], :itemNames::text[], :itemQuantities::int[],
                       :itemPrices::numeric[], :itemDiscounts::numeric[], :itemTaxes::numeric[])`;

/** Inserts the orders of the bookings that were just written. */
export async function writeOrders(trx: Trx, now: number, { insertedOrders }: PresentedChanges): Promise<void> {
  if (insertedOrders.size === 0) return;
  const inserted = [...insertedOrders].map(([booking, draft]) => ({ booking, order: booking.order!, draft }));
  const items = inserted.flatMap(({ booking, order, draft }) =>
    booking.items.map((item, index) => ({ ...item, ...draft.lines[index]!, orderId: order.id, position: index + 1 })),
  );
  await send(
    trx,
    trx
      .raw(INSERT_ORDERS, {
        now,
        ids: toNumberArray(inserted.map(({ order }) => order.id)),
        numbers: toTextArray(inserted.map(({ order }) => order.orderNumber)),
        users: toNumberArray(inserted.map(({ booking }) => booking.userId)),
        events: toNumberArray(inserted.map(({ booking }) => booking.eventId)),
        bookings: toNumberArray(inserted.map(({ booking }) => booking.id)),
        statuses: toTextArray(inserted.map(({ order }) => order.status)),
        subtotals: toTextArray(inserted.map(({ draft }) => draft.subtotal)),
        discounts: toTextArray(inserted.map(({ draft }) => draft.discount)),
        taxes: toTextArray(inserted.map(({ draft }) => draft.tax)),
        totals: toTextArray(inserted.map(({ order }) => order.total)),
        taxRates: toTextArray(inserted.map(({ draft }) => draft.taxRate)),
        inclusives: toTextArray(inserted.map(({ draft }) => String(draft.isTaxInclusive))),
        currencies: toTextArray(inserted.map(({ order }) => order.currency)),
        itemOrders: toNumberArray(items.map(({ orderId }) => orderId)),
        itemPositions: toNumberArray(items.map(({ position }) => position)),
        itemTypes: toNumberArray(items.map(({ ticketTypeId }) => ticketTypeId)),
        itemNames: toTextArray(items.map(({ name }) => name)),
        itemQuantities: toNumberArray(items.map(({ quantity }) => quantity)),
        itemPrices: toTextArray(items.map(({ unitPrice }) => unitPrice)),
        itemDiscounts: toTextArray(items.map(({ discount }) => discount)),
        itemTaxes: toTextArray(items.map(({ tax }) => tax)),
      })
      .options(getPreparedName('inventory-insert-orders')),
  );
}

const UPDATE_ORDERS = `
  UPDATE orders o
  SET status = u.status, payment_id = u.payment_id,
      paid_at = CASE WHEN u.payment_id IS NOT NULL THEN coalesce(o.paid_at, ${fromMs(':now::bigint')}) ELSE o.paid_at END,
      cancelled_at = CASE WHEN u.status = 'cancelled' THEN ${fromMs(':now::bigint')} ELSE o.cancelled_at END,
      expired_at = CASE WHEN u.status = 'expired' THEN ${fromMs(':now::bigint')} ELSE o.expired_at END
  FROM unnest(:ids::int[], :statuses::text[], :payments::int[]) AS u(id, status, payment_id)
  WHERE o.id = u.id`;

export async function writeOrderStatuses(trx: Trx, now: number, { updatedOrders }: PresentedChanges): Promise<void> {
  if (updatedOrders.size === 0) return;
  const orders = [...updatedOrders];
  await send(
    trx,
    trx
      .raw(UPDATE_ORDERS, {
        now,
        ids: toNumberArray(orders.map(({ id }) => id)),
        statuses: toTextArray(orders.map(({ status }) => status)),
        payments: toNumberArray(orders.map(({ paymentId }) => paymentId)),
      })
      .options(getPreparedName('inventory-update-orders')),
  );
}

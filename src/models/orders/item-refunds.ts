import type { Db, Trx } from '../../database';
import { asBoolean, asInt, asNumeric, asSmallint, rowSet } from '../row-set';
import { decimal, execute, int4, neverNull, orNull, query, statement, text } from '../statement';
import type { OrderItemRow } from './orders';

// Items of an order that a booking made name neither their booking nor their total.
const LIST = statement({
  name: 'orders-refundable-items',
  columns: {
    id: int4('i.position::int4'),
    kind: text<OrderItemRow['kind']>('i.kind'),
    productType: orNull(text<NonNullable<OrderItemRow['productType']>>('i.product_type')),
    name: text('i.name'),
    ticketTypeId: orNull(int4('i.ticket_type_id')),
    productId: orNull(int4('i.product_id')),
    bookingId: orNull(int4('coalesce(i.booking_id, o.booking_id)')),
    eventId: orNull(int4('b.event_id')),
    /** Null for shipping. */
    sellerId: orNull(int4('coalesce(i.seller_id, e.organizer_id)')),
    quantity: int4('i.quantity'),
    total: neverNull(
      decimal(
        'coalesce(i.total, i.quantity * i.unit_price - i.discount + CASE WHEN o.is_tax_inclusive THEN 0 ELSE i.tax END)',
      ),
    ),
    refundedQuantity: int4('r.quantity'),
    refundedAmount: neverNull(decimal('r.amount')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN order_items i ON i.order_id = o.id
  LEFT JOIN bookings b ON b.id = coalesce(i.booking_id, o.booking_id)
  LEFT JOIN events e ON e.id = o.event_id
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.quantity), 0)::int AS quantity, coalesce(sum(x.amount), 0) AS amount
    FROM order_item_refunds x
    WHERE x.order_id = i.order_id AND x.position = i.position
  ) r
  WHERE o.id = :orderId
  ORDER BY i.position`,
});

/** Lists the items of an order with what was refunded of them. */
export async function listRefundableItems(db: Db, orderId: number) {
  return query(db, LIST, { orderId });
}

export type RefundableItem = Awaited<ReturnType<typeof listRefundableItems>>[number];

export interface NewItemRefund {
  orderId: number;
  /** The id of the item within its order. */
  itemId: number;
  /** 0 if only money goes back. */
  quantity: number;
  amount: string;
  isRestocked: boolean;
  requestedBy: number | null;
}

const ROWS = rowSet('order_item_refunds', 'r').from<NewItemRefund>({
  order_id: asInt(({ orderId }) => orderId),
  position: asSmallint(({ itemId }) => itemId),
  quantity: asInt(({ quantity }) => quantity),
  amount: asNumeric(({ amount }) => amount),
  is_restocked: asBoolean(({ isRestocked }) => isRestocked),
  requested_by: asInt(({ requestedBy }) => requestedBy),
});

const INSERT = statement({
  name: 'orders-insert-item-refunds',
  columns: {},
  sql: () => `
  INSERT INTO order_item_refunds (
      ${ROWS.columns}
  )
  SELECT
      ${ROWS.values}
  FROM ${ROWS.rows}`,
});

/** Records what is refunded of items. A trigger refuses more than was bought. */
export async function insertItemRefunds(trx: Trx, refunds: NewItemRefund[]): Promise<void> {
  if (refunds.length > 0) await execute(trx, INSERT, ROWS.bind(refunds));
}

/** Puts units of an order's goods back into stock; a trigger moves the counters. The inventory of the product must be locked. */
export async function updateRestocked(
  trx: Trx,
  { orderId, itemId, quantity }: { orderId: number; itemId: number; quantity: number },
): Promise<void> {
  await trx('product_claims')
    .where({ order_id: orderId, position: itemId, status: 'sold' })
    .update({ restocked: trx.raw('restocked + ?', [quantity]) });
}

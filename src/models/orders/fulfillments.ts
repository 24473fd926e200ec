import type { Db, Trx } from '../../database';
import {
  int4,
  int8,
  json,
  ms,
  neverNull,
  orNull,
  query,
  queryOne,
  statement,
  statementFamily,
  text,
  type ResultOf,
} from '../statement';
import { toNumberArray } from '../../lib/pg-array';
import { toMs } from '../sql';

export type FulfillmentStatus = 'none' | 'unfulfilled' | 'partial' | 'fulfilled';

interface SentItem {
  /** The position of the order item. */
  itemId: number;
  quantity: number;
}

/** What was sent together. */
export interface FulfillmentRow {
  id: number;
  items: SentItem[];
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  createdAt: number;
}

/** What was sent of an order `o`. */
export const FULFILLMENTS = json<FulfillmentRow[]>(`coalesce((
    SELECT json_agg(json_build_object(
      'id', f.id,
      'items', (
        SELECT json_agg(json_build_object('itemId', x.position, 'quantity', x.quantity) ORDER BY x.position)
        FROM fulfillment_items x
        WHERE x.fulfillment_id = f.id
      ),
      'carrier', f.carrier,
      'trackingNumber', f.tracking_number,
      'trackingUrl', f.tracking_url,
      'createdAt', ${toMs('f.created_at')}
    ) ORDER BY f.id)
    FROM fulfillments f
    WHERE f.order_id = o.id
  ), '[]')`);

export interface NewFulfillment {
  orderId: number;
  items: SentItem[];
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  createdBy: number;
}

const INSERT_ITEMS = statement({
  name: 'fulfillments-insert-items',
  columns: {},
  sql: () => `
  INSERT INTO fulfillment_items (fulfillment_id, order_id, position, quantity)
  SELECT :id, :orderId, i.position, i.quantity
  FROM unnest(:positions::int[], :quantities::int[]) AS i(position, quantity)`,
});

/** Records what was sent; triggers move the status of the order, which must be locked. Returns the id. */
export async function insertFulfillment(trx: Trx, { items, ...fulfillment }: NewFulfillment): Promise<number> {
  const { orderId, carrier, trackingNumber, trackingUrl, createdBy } = fulfillment;
  const [row] = await trx('fulfillments')
    .insert({
      order_id: orderId,
      carrier,
      tracking_number: trackingNumber,
      tracking_url: trackingUrl,
      created_by: createdBy,
    })
    .returning('id');
  const values = {
    id: row!.id,
    orderId,
    positions: toNumberArray(items.map(({ itemId }) => itemId)),
    quantities: toNumberArray(items.map(({ quantity }) => quantity)),
  };
  await query(trx, INSERT_ITEMS, values);
  return row!.id;
}

const SHIPPABLE = statement({
  name: 'fulfillments-shippable-items',
  columns: {
    id: int4('i.position::int'),
    sellerId: neverNull(int4('i.seller_id')),
    quantity: int4('i.quantity'),
    sent: int4('f.sent'),
    refunded: int4('r.refunded'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM order_items i
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.quantity), 0)::int AS sent
    FROM fulfillment_items x
    WHERE x.order_id = i.order_id AND x.position = i.position
  ) f
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(x.quantity), 0)::int AS refunded
    FROM order_item_refunds x
    WHERE x.order_id = i.order_id AND x.position = i.position
  ) r
  WHERE i.order_id = :orderId AND i.product_type = 'physical'`,
});

export type ShippableItem = ResultOf<typeof SHIPPABLE>;

/** Lists the items of an order that are sent, with what has been sent and refunded of each. */
export async function listShippableItems(db: Db, orderId: number): Promise<ShippableItem[]> {
  return query(db, SHIPPABLE, { orderId });
}

const FIND = statement({
  name: 'fulfillments-find',
  columns: {
    id: int4('f.id'),
    orderId: int4('f.order_id'),
    items: json<SentItem[]>(`(
      SELECT json_agg(json_build_object('itemId', x.position, 'quantity', x.quantity) ORDER BY x.position)
      FROM fulfillment_items x
      WHERE x.fulfillment_id = f.id
    )`),
    carrier: orNull(text('f.carrier')),
    trackingNumber: orNull(text('f.tracking_number')),
    trackingUrl: orNull(text('f.tracking_url')),
    fulfillmentStatus: text<FulfillmentStatus>('o.fulfillment_status'),
    createdAt: ms('f.created_at'),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM fulfillments f
  JOIN orders o ON o.id = f.order_id
  WHERE f.id = :id`,
});

export type FulfillmentDetailRow = ResultOf<typeof FIND>;

export async function findFulfillment(db: Db, id: number): Promise<FulfillmentDetailRow | undefined> {
  return (await query(db, FIND, { id }))[0];
}

/** The highest number of orders that is counted. */
const MAX_COUNTED = 10_000;

const COUNT = statementFamily({
  name: 'orders-count-unfulfilled',
  columns: { count: int8('count(*)') },
  examples: [{ isOfSeller: true }, { isOfSeller: false }],
  sql: (list, { isOfSeller }: { isOfSeller: boolean }) => `
  SELECT ${list}
  FROM (
    SELECT
    FROM orders o
    WHERE o.fulfillment_status IN ('unfulfilled', 'partial') AND o.status IN ('paid', 'partially_refunded')
      ${
        isOfSeller
          ? `AND EXISTS (
        SELECT FROM order_items i WHERE i.order_id = o.id AND i.seller_id = :sellerId AND i.product_type = 'physical')`
          : ''
      }
    LIMIT ${MAX_COUNTED}
  ) n`,
});

/** Counts paid orders with goods that are still to be sent, of one seller or of all. */
export async function countUnfulfilled(db: Db, sellerId?: number): Promise<number> {
  const { count } = await queryOne(db, COUNT({ isOfSeller: sellerId !== undefined }), { sellerId: sellerId ?? 0 });
  return count;
}

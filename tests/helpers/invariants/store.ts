// Invariants of carts, of what a checkout asks for, and of what follows it.
export const storeInvariants: Record<string, string> = {
  'nobody has more than 20 addresses, or two defaults': `
    SELECT a.user_id::text AS broken FROM addresses a GROUP BY a.user_id
    HAVING count(*) > 20 OR count(*) FILTER (WHERE a.is_default) > 1`,
  'a cart has at most 100 items, and no item twice': `
    SELECT c.cart_id::text AS broken FROM cart_items c GROUP BY c.cart_id
    HAVING count(*) > 100 OR count(*) <> count(DISTINCT (c.product_id, c.ticket_type_id))`,
  'a cart item has as many chosen seats as tickets': `
    SELECT c.id::text AS broken FROM cart_items c
    WHERE cardinality(c.seat_ids) <> (SELECT count(DISTINCT id) FROM unnest(c.seat_ids) id) OR cardinality(c.seat_ids) <> c.quantity`,
  'no more of an item is sent than was bought, and only goods are': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i JOIN fulfillment_items f USING (order_id, position)
    GROUP BY i.order_id, i.position HAVING sum(f.quantity) > i.quantity OR i.product_type IS DISTINCT FROM 'physical'`,
  'how much of an order is sent is what its fulfillments and refunds say': `
    SELECT o.id::text AS broken FROM orders o JOIN order_items i ON i.order_id = o.id AND i.product_type = 'physical'
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0) AS sent FROM fulfillment_items x
                        WHERE x.order_id = i.order_id AND x.position = i.position) f
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0) AS refunded FROM order_item_refunds x
                        WHERE x.order_id = i.order_id AND x.position = i.position) r
    GROUP BY o.id HAVING o.fulfillment_status <>
      CASE WHEN sum(greatest(0, i.quantity - sent - refunded)) = 0 THEN CASE WHEN sum(sent) = 0 THEN 'none' ELSE 'fulfilled' END
           WHEN sum(sent) = 0 THEN 'unfulfilled' ELSE 'partial' END`,
  'one mail tells of each fulfillment': `
    SELECT f.id::text AS broken FROM fulfillments f
    LEFT JOIN outbox_messages m ON m.topic = 'order.fulfilled' AND (m.payload->>'fulfillmentId')::int = f.id
    WHERE f.created_at > now() - interval '1 day' GROUP BY f.id HAVING count(m.id) <> 1`,
  'what is withdrawn is returned': `
    SELECT w.order_id || ' ' || w.position AS broken FROM withdrawal_items w
    CROSS JOIN LATERAL (SELECT coalesce(sum(x.quantity), 0) AS quantity, coalesce(sum(x.amount), 0) AS amount FROM order_item_refunds x
                        WHERE x.order_id = w.order_id AND x.position = w.position) r
    GROUP BY w.order_id, w.position, r.quantity, r.amount HAVING sum(w.quantity) > r.quantity OR sum(w.amount) > r.amount`,
  'a withdrawal refunds what its items cost, and one mail confirms it': `
    SELECT w.id::text AS broken FROM withdrawals w
    WHERE w.refund_amount IS DISTINCT FROM (SELECT sum(x.amount) FROM withdrawal_items x WHERE x.withdrawal_id = w.id)
      OR w.received_at > now() - interval '1 day' AND 1 <> (SELECT count(*) FROM outbox_messages m
        WHERE m.topic = 'order.withdrawn' AND (m.payload->>'withdrawalId')::int = w.id)`,
  'each seller of what is withdrawn has one mail about it': `
    SELECT w.id::text AS broken FROM withdrawals w
    WHERE w.received_at > now() - interval '1 day'
      AND ARRAY(SELECT DISTINCT i.seller_id FROM withdrawal_items x JOIN order_items i USING (order_id, position)
                WHERE x.withdrawal_id = w.id AND i.seller_id IS NOT NULL ORDER BY 1) <>
          ARRAY(SELECT (m.payload->>'sellerId')::int FROM outbox_messages m
                WHERE m.topic = 'order.withdrawal_received' AND (m.payload->>'withdrawalId')::int = w.id ORDER BY 1)`,
  'nothing is downloaded more than five times, and only downloads are': `
    SELECT d.order_id || ' ' || d.position AS broken FROM order_downloads d JOIN order_items i USING (order_id, position)
    WHERE d.count > 5 OR i.product_type IS DISTINCT FROM 'digital'`,
};

/** Invariants of orders that checkouts made, and of what is in them. Each is a query for violations. */

const HOLD = `CASE WHEN o.status IN ('pending', 'processing') THEN 'pending' WHEN o.cancelled_at IS NOT NULL THEN 'cancelled'
  WHEN o.paid_at IS NOT NULL THEN 'confirmed' ELSE 'expired' END`;

export const checkoutInvariants: Record<string, string> = {
  'a product’s held counter equals the claims of unpaid orders': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE i.held <>
      (SELECT coalesce(sum(c.quantity), 0) FROM product_claims c WHERE c.product_id = i.product_id AND c.status = 'held')`,
  'a product’s sold counter equals the claims of paid orders, less what was returned': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE i.sold <>
      (SELECT coalesce(sum(c.quantity - c.restocked), 0) FROM product_claims c WHERE c.product_id = i.product_id AND c.status = 'sold')`,
  'no product is oversold, counted by claims': `
    SELECT i.product_id::text AS broken FROM product_inventory i WHERE i.stock <
      (SELECT coalesce(sum(c.quantity - c.restocked), 0) FROM product_claims c WHERE c.product_id = i.product_id AND c.status <> 'released')`,
  'every order item for a product has one claim, and no other item has one': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i
    FULL JOIN product_claims c ON c.order_id = i.order_id AND c.position = i.position
    WHERE (i.kind = 'product') IS DISTINCT FROM (c.order_id IS NOT NULL) OR i.product_id <> c.product_id OR i.quantity <> c.quantity`,
  'the product claims of an order match its status': `
    SELECT o.id::text AS broken FROM orders o JOIN product_claims c ON c.order_id = o.id
    WHERE c.status <> CASE ${HOLD} WHEN 'pending' THEN 'held' WHEN 'confirmed' THEN 'sold' ELSE 'released' END`,
  'the bookings of an order have a status that matches the order’s': `
    SELECT o.id::text AS broken FROM orders o JOIN bookings b ON b.order_id = o.id
    WHERE CASE ${HOLD} WHEN 'confirmed' THEN b.status NOT IN ('confirmed', 'cancelled') ELSE b.status <> ${HOLD} END
      OR (b.status = 'pending' AND b.expires_at <> o.expires_at) OR (b.user_id, b.currency) <> (o.user_id, o.currency)`,
  'a booking of a checkout order has no order of its own': `
    SELECT b.id::text AS broken FROM bookings b LEFT JOIN orders o ON o.id = b.order_id
    WHERE b.order_id IS NOT NULL AND (o.request_id IS NULL OR EXISTS (SELECT FROM orders x WHERE x.booking_id = b.id))`,
  'the items of a checkout order add up to its total, to the cent': `
    SELECT o.id::text AS broken FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.request_id IS NOT NULL
    GROUP BY o.id HAVING sum(i.total) <> o.total OR sum(i.tax) <> o.tax OR sum(i.discount) <> o.discount
      OR coalesce(sum(i.total) FILTER (WHERE i.kind = 'shipping'), 0) <> o.shipping_total
      OR coalesce(sum(i.quantity * i.unit_price) FILTER (WHERE i.kind <> 'shipping'), 0) <> o.subtotal`,
  'a checkout order has items': `
    SELECT o.id::text AS broken FROM orders o WHERE o.request_id IS NOT NULL
      AND NOT EXISTS (SELECT FROM order_items i WHERE i.order_id = o.id AND i.kind <> 'shipping')`,
  'a booking of a checkout order costs the sum of its items': `
    SELECT b.id::text AS broken FROM bookings b LEFT JOIN order_items i ON i.order_id = b.order_id AND i.booking_id = b.id
    WHERE b.order_id IS NOT NULL
    GROUP BY b.id HAVING (b.total_amount, b.discount_amount) IS DISTINCT FROM (sum(i.total), sum(i.discount))`,
  'a ticket item belongs to a booking of its order': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i LEFT JOIN bookings b ON b.id = i.booking_id
    WHERE i.booking_id IS NOT NULL AND b.order_id IS DISTINCT FROM i.order_id`,
  'a discount use of a checkout order is active while the order is': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN order_discounts d ON d.order_id = o.id
    WHERE o.discount_id IS DISTINCT FROM d.discount_id OR d.user_id <> o.user_id OR d.is_active <> (${HOLD} IN ('pending', 'confirmed'))`,
  'a paid checkout order has a payment that covers it': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN payments p ON p.id = o.payment_id
    WHERE o.request_id IS NOT NULL AND o.paid_at IS NOT NULL AND o.total > o.credits_applied
      AND (p.order_id = o.id AND p.captured >= o.total - o.credits_applied AND p.currency = o.currency) IS NOT TRUE`,
  'a checkout order has one confirmation message if it is paid, and none otherwise': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN outbox_messages m ON m.topic = 'order.paid' AND (m.payload->>'orderId')::int = o.id
    WHERE o.created_at > now() - interval '1 day'
    GROUP BY o.id HAVING count(m.id) <> CASE WHEN o.request_id IS NOT NULL AND o.paid_at IS NOT NULL THEN 1 ELSE 0 END`,
  'a checkout order without bookings has one expiry message if it expired, and none otherwise': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN outbox_messages m ON m.topic = 'order.expired' AND (m.payload->>'orderId')::int = o.id
    WHERE o.created_at > now() - interval '1 day'
    GROUP BY o.id HAVING count(m.id) <> CASE WHEN o.request_id IS NOT NULL AND o.expired_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM bookings b WHERE b.order_id = o.id) THEN 1 ELSE 0 END`,
  'no more of an order item is refunded than was bought': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i JOIN order_item_refunds r USING (order_id, position)
    GROUP BY i.order_id, i.position HAVING sum(r.quantity) > i.quantity OR sum(r.amount) > i.total`,
  'a stored response to a checkout is about an order of its user': `
    SELECT k.key AS broken FROM idempotency_keys k WHERE k.answer->>'orderNumber' IS NOT NULL AND k.answer->>'fulfillmentStatus' IS NOT NULL
      AND NOT EXISTS (SELECT FROM orders o WHERE o.id = (k.answer->>'id')::int AND o.user_id = k.user_id)`,
};

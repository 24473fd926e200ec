/** Invariants of credits and licenses. Each is a query for violations. */
export const creditInvariants: Record<string, string> = {
  'a credit balance equals the sum of its entries': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.balance <>
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.user_id = b.user_id AND e.currency = b.currency)`,
  'a credit balance equals the sum of its lots': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.balance <>
      (SELECT coalesce(sum(l.remaining), 0) FROM credit_lots l WHERE l.user_id = b.user_id AND l.currency = b.currency)`,
  'the held part of a credit balance equals the holds of its orders': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.held <>
      (SELECT coalesce(sum(h.amount), 0) FROM credit_holds h WHERE h.user_id = b.user_id AND h.currency = b.currency AND h.status = 'held')`,
  'a credit hold equals the sum of its parts from lots': `
    SELECT h.id::text AS broken FROM credit_holds h LEFT JOIN credit_hold_lots p ON p.hold_id = h.id
    GROUP BY h.id HAVING h.amount IS DISTINCT FROM sum(p.amount)`,
  'a credit lot’s remaining, used and removed amounts add up to its amount': `
    SELECT l.id::text AS broken FROM credit_lots l WHERE l.amount <> l.remaining + l.removed +
      (SELECT coalesce(sum(p.amount), 0) FROM credit_hold_lots p JOIN credit_holds h ON h.id = p.hold_id
       WHERE p.lot_id = l.id AND h.status <> 'released')`,
  'a credit entry that adds credits has lots of that amount': `
    SELECT e.id::text AS broken FROM credit_entries e LEFT JOIN credit_lots l ON l.entry_id = e.id
    GROUP BY e.id HAVING CASE WHEN e.kind IN ('purchase', 'grant', 'refund', 'adjust') AND e.amount > 0 THEN e.amount ELSE 0 END <> coalesce(sum(l.amount), 0)`,
  'held and spent credits have matching entries': `
    SELECT h.order_id::text AS broken FROM credit_holds h GROUP BY h.order_id HAVING
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.order_id = h.order_id AND e.kind IN ('spend', 'release'))
      <> -coalesce(sum(h.amount) FILTER (WHERE h.status <> 'released'), 0)`,
  'credits granted, expired or removed without a payment are in the ledger': `
    SELECT e.id::text AS broken FROM credit_entries e WHERE e.kind IN ('purchase', 'grant', 'expire', 'adjust') AND e.amount <>
      (SELECT coalesce(-sum(l.amount), 0) FROM ledger_entries l WHERE l.credit_entry_id = e.id AND l.account = 'provider:credits')`,
  'the ledger’s liability for credits equals the balances': `
    SELECT c.currency AS broken FROM (SELECT DISTINCT currency FROM credit_balances) c WHERE
      (SELECT sum(b.balance + b.held) FROM credit_balances b WHERE b.currency = c.currency)
      <> (SELECT coalesce(-sum(l.amount), 0) FROM ledger_entries l WHERE l.account = 'provider:credits' AND l.currency = c.currency)`,
  'the credits of a checkout are held, spent or released with it': `
    SELECT o.id::text AS broken FROM orders o WHERE (o.request_id IS NOT NULL OR o.credits_applied > 0) AND
      CASE WHEN o.status IN ('pending', 'processing') THEN 'held' WHEN o.paid_at IS NOT NULL THEN 'captured' END IS DISTINCT FROM
      CASE WHEN o.credits_applied = 0 AND o.status IN ('pending', 'processing') THEN 'held'
        WHEN o.credits_applied = 0 AND o.paid_at IS NOT NULL THEN 'captured'
        ELSE (SELECT h.status FROM credit_holds h WHERE h.order_id = o.id AND h.status <> 'released' AND h.amount = o.credits_applied) END`,
  'the status of an order paid with credits alone matches how much of them was refunded': `
    SELECT o.id::text AS broken FROM orders o JOIN credit_holds h ON h.order_id = o.id AND h.status = 'captured'
    CROSS JOIN LATERAL (SELECT sum(p.refunded) AS refunded FROM credit_hold_lots p WHERE p.hold_id = h.id) r
    WHERE o.credits_applied = o.total AND CASE o.status WHEN 'refunded' THEN r.refunded <> h.amount
      WHEN 'partially_refunded' THEN NOT (r.refunded > 0 AND r.refunded < h.amount) WHEN 'paid' THEN r.refunded <> 0 ELSE false END`,
  'a license’s activation counter equals its activations': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.activations_count <>
      (SELECT count(*) FROM license_activations a WHERE a.license_id = l.id)`,
  'no license has more activations than it allows': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.max_activations <
      (SELECT count(*) FROM license_activations a WHERE a.license_id = l.id)`,
  'every paid unit of a license product has one license, and no unpaid unit has any': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE i.product_type = 'license' AND CASE WHEN o.paid_at IS NULL THEN 0 ELSE i.quantity END <>
      (SELECT count(*) FROM licenses l WHERE l.order_id = i.order_id AND l.order_item_position = i.position)`,
  'credits bought with an order are added when it is paid, and not before': `
    SELECT o.id::text AS broken FROM orders o
    LEFT JOIN order_items i ON i.order_id = o.id AND i.product_type = 'credit' AND o.paid_at IS NOT NULL
    LEFT JOIN products p ON p.id = i.product_id LEFT JOIN credit_products k ON k.product_id = p.id
    GROUP BY o.id HAVING coalesce(sum(i.quantity * CASE WHEN k.product_id IS NULL THEN p.credit_amount ELSE i.unit_price END), 0) <>
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.order_id = o.id AND e.kind = 'purchase')`,
  'a license with activations has the time of its first activation': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.activations_count > 0 AND l.activated_at IS NULL`,
  'a bought license belongs to a unit of its order and to the customer of that order': `
    SELECT l.id::text AS broken FROM licenses l JOIN orders o ON o.id = l.order_id
    LEFT JOIN order_items i ON i.order_id = l.order_id AND i.position = l.order_item_position
    WHERE o.user_id <> l.user_id OR o.paid_at IS NULL OR (l.unit <= i.quantity) IS NOT TRUE`,
  'no unit of an order item has two licenses': `
    SELECT l.order_id || '.' || l.order_item_position AS broken FROM licenses l WHERE l.order_id IS NOT NULL
    GROUP BY l.order_id, l.order_item_position, l.unit HAVING count(*) > 1`,
  'a license has one message to its owner': `
    SELECT l.id::text AS broken FROM licenses l
    LEFT JOIN outbox_messages m ON m.topic = 'license.issued' AND m.payload->'licenseIds' @> to_jsonb(l.id)
    WHERE l.created_at > now() - interval '1 day' GROUP BY l.id HAVING count(m.id) <> 1`,
};

/** Invariants of credits and licenses. Each is a query for violations. */
export const creditInvariants: Record<string, string> = {
  'a balance of credits is the sum of its entries': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.balance <>
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.user_id = b.user_id AND e.currency = b.currency)`,
  'a balance of credits is the sum of its lots': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.balance <>
      (SELECT coalesce(sum(l.remaining), 0) FROM credit_lots l WHERE l.user_id = b.user_id AND l.currency = b.currency)`,
  'what is held of a balance is what its orders hold': `
    SELECT b.user_id || ' ' || b.currency AS broken FROM credit_balances b WHERE b.held <>
      (SELECT coalesce(sum(h.amount), 0) FROM credit_holds h WHERE h.user_id = b.user_id AND h.currency = b.currency AND h.status = 'held')`,
  'a hold is the sum of what it took from lots': `
    SELECT h.id::text AS broken FROM credit_holds h LEFT JOIN credit_hold_lots p ON p.hold_id = h.id
    GROUP BY h.id HAVING h.amount IS DISTINCT FROM sum(p.amount)`,
  'a lot is what is left of it, what was taken from it, and what was removed': `
    SELECT l.id::text AS broken FROM credit_lots l WHERE l.amount <> l.remaining + l.removed +
      (SELECT coalesce(sum(p.amount), 0) FROM credit_hold_lots p JOIN credit_holds h ON h.id = p.hold_id
       WHERE p.lot_id = l.id AND h.status <> 'released')`,
  'what comes in with an entry is in its lots': `
    SELECT e.id::text AS broken FROM credit_entries e LEFT JOIN credit_lots l ON l.entry_id = e.id
    GROUP BY e.id HAVING CASE WHEN e.kind IN ('purchase', 'grant', 'refund', 'adjust') AND e.amount > 0 THEN e.amount ELSE 0 END <> coalesce(sum(l.amount), 0)`,
  'what is held or spent has its entries': `
    SELECT h.order_id::text AS broken FROM credit_holds h GROUP BY h.order_id HAVING
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.order_id = h.order_id AND e.kind IN ('spend', 'release'))
      <> -coalesce(sum(h.amount) FILTER (WHERE h.status <> 'released'), 0)`,
  'credits that come or go without a payment are in the ledger': `
    SELECT e.id::text AS broken FROM credit_entries e WHERE e.kind IN ('purchase', 'grant', 'expire', 'adjust') AND e.amount <>
      (SELECT coalesce(-sum(l.amount), 0) FROM ledger_entries l WHERE l.credit_entry_id = e.id AND l.account = 'provider:credits')`,
  'the credits that are owed are in the ledger': `
    SELECT c.currency AS broken FROM (SELECT DISTINCT currency FROM credit_balances) c WHERE
      (SELECT sum(b.balance + b.held) FROM credit_balances b WHERE b.currency = c.currency)
      <> (SELECT coalesce(-sum(l.amount), 0) FROM ledger_entries l WHERE l.account = 'provider:credits' AND l.currency = c.currency)`,
  'the activations of a license are counted': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.activations_count <>
      (SELECT count(*) FROM license_activations a WHERE a.license_id = l.id)`,
  'no license is in use on more devices than it allows': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.max_activations <
      (SELECT count(*) FROM license_activations a WHERE a.license_id = l.id)`,
  'a unit of a license that is paid for has its license, and no other unit has one': `
    SELECT i.order_id || ' ' || i.position AS broken FROM order_items i JOIN orders o ON o.id = i.order_id
    WHERE i.product_type = 'license' AND CASE WHEN o.paid_at IS NULL THEN 0 ELSE i.quantity END <>
      (SELECT count(*) FROM licenses l WHERE l.order_id = i.order_id AND l.order_item_position = i.position)`,
  'the credits that a paid order bought have come in, and no others': `
    SELECT o.id::text AS broken FROM orders o
    LEFT JOIN order_items i ON i.order_id = o.id AND i.product_type = 'credit' AND o.paid_at IS NOT NULL
    LEFT JOIN products p ON p.id = i.product_id
    GROUP BY o.id HAVING coalesce(sum(i.quantity * p.credit_amount), 0) <>
      (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.order_id = o.id AND e.kind = 'purchase')`,
  'a license in use says since when': `
    SELECT l.id::text AS broken FROM licenses l WHERE l.activations_count > 0 AND l.activated_at IS NULL`,
  'a license that was bought is of a unit of its order, and of whoever bought it': `
    SELECT l.id::text AS broken FROM licenses l JOIN orders o ON o.id = l.order_id
    LEFT JOIN order_items i ON i.order_id = l.order_id AND i.position = l.order_item_position
    WHERE o.user_id <> l.user_id OR o.paid_at IS NULL OR (l.unit <= i.quantity) IS NOT TRUE`,
  'a unit has one license': `
    SELECT l.order_id || '.' || l.order_item_position AS broken FROM licenses l WHERE l.order_id IS NOT NULL
    GROUP BY l.order_id, l.order_item_position, l.unit HAVING count(*) > 1`,
  'the owner of a license is told of it once': `
    SELECT l.id::text AS broken FROM licenses l
    LEFT JOIN outbox_messages m ON m.topic = 'license.issued' AND m.payload->'licenseIds' @> to_jsonb(l.id)
    WHERE l.created_at > now() - interval '1 day' GROUP BY l.id HAVING count(m.id) <> 1`,
};

/** Invariants of orders, payments, refunds and the ledger. Each is a query for violations. */
export const moneyInvariants: Record<string, string> = {
  'every booking with a price has an order with the same amounts, and no other booking has one': `
    SELECT b.id::text AS broken FROM bookings b LEFT JOIN orders o ON o.booking_id = b.id
    WHERE b.order_id IS NULL AND ((o.id IS NULL) = EXISTS (SELECT FROM booking_items i WHERE i.booking_id = b.id AND i.unit_price > 0)
       OR (b.total_amount, b.discount_amount, b.currency, b.user_id, b.event_id) <> (o.total, o.discount, o.currency, o.user_id, o.event_id))`,
  'an order’s amounts equal the sums of its items': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN order_items i ON i.order_id = o.id
    WHERE o.request_id IS NULL
    GROUP BY o.id HAVING (sum(i.quantity * i.unit_price), sum(i.discount), sum(i.tax)) IS DISTINCT FROM (o.subtotal, o.discount, o.tax)`,
  'an order’s status matches its booking’s': `
    SELECT o.id::text AS broken FROM orders o JOIN bookings b ON b.id = o.booking_id WHERE NOT (CASE b.status
      WHEN 'pending' THEN o.status IN ('pending', 'processing')
      WHEN 'confirmed' THEN o.status IN ('paid', 'partially_refunded', 'refunded', 'disputed')
      WHEN 'expired' THEN o.status IN ('expired', 'refunded', 'partially_refunded')
      ELSE o.status IN ('cancelled', 'refunded', 'partially_refunded', 'disputed') END)`,
  'a confirmed booking with a price is paid in full': `
    SELECT o.id::text AS broken FROM orders o JOIN bookings b ON b.id = o.booking_id LEFT JOIN payments p ON p.id = o.payment_id
    WHERE b.status = 'confirmed' AND o.total > o.credits_applied AND (p.order_id = o.id AND p.captured >= o.total AND p.currency = o.currency) IS NOT TRUE`,
  'the ledger of a payment equals the captured amount less refunds': `
    SELECT p.id::text AS broken FROM payments p WHERE p.captured - p.refunded <>
      (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND (l.account LIKE 'provider:%' OR l.account IN ('refunds_due', 'disputes')))`,
  'a payment’s refunded amount equals the sum of its refunds': `
    SELECT p.id::text AS broken FROM payments p WHERE (p.refunded, p.refunded_to_credits) <>
      (SELECT coalesce(sum(r.amount), 0), coalesce(sum(r.amount) FILTER (WHERE r.is_to_credits), 0)
       FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  'a refund to credits is in the ledger under credits, and its amount was added to them': `
    SELECT p.id::text AS broken FROM payments p WHERE p.refunded_to_credits <> -(SELECT coalesce(sum(l.amount), 0)
      FROM ledger_entries l WHERE l.payment_id = p.id AND l.kind = 'refund_paid' AND l.account = 'provider:credits')
    UNION ALL
    SELECT o.id::text FROM orders o WHERE (SELECT coalesce(sum(e.amount), 0) FROM credit_entries e WHERE e.order_id = o.id AND e.kind = 'refund') <>
      (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.is_to_credits
        AND (r.order_id = o.id OR r.payment_id IN (SELECT x.id FROM payments x WHERE x.order_id = o.id)))`,
  'no more is refunded than was captured': `
    SELECT p.id::text AS broken FROM payments p WHERE p.captured <
      (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status <> 'failed')`,
  'every ledger transaction adds up to zero': `
    SELECT l.transaction_id::text AS broken FROM ledger_entries l GROUP BY l.transaction_id, l.currency HAVING sum(l.amount) <> 0`,
  'a refund’s entries in refunds_due match its status': `
    SELECT r.id::text AS broken FROM refunds r WHERE
      (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.refund_id = r.id AND l.account = 'refunds_due')
      <> CASE WHEN r.status = 'pending' THEN -r.amount ELSE 0 END`,
  'no order is paid by two payments': `
    SELECT p.order_id::text AS broken FROM payments p JOIN orders o ON o.id = p.order_id
    WHERE p.captured > p.refunded AND NOT p.is_disputed AND p.id IS DISTINCT FROM o.payment_id
      AND NOT EXISTS (SELECT FROM outbox_messages m WHERE m.topic = 'payment.captured' AND m.status <> 'done' AND (m.payload->>'paymentId')::int = p.id)`,
  'captured amounts are in the ledger under the payment’s provider': `
    SELECT p.id::text AS broken FROM payments p WHERE p.captured <> (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l
      WHERE l.payment_id = p.id AND l.kind = 'capture' AND l.account = 'provider:' || p.provider)`,
  'succeeded refunds are in the ledger under the payment’s provider': `
    SELECT p.id::text AS broken FROM payments p
    WHERE (SELECT coalesce(sum(r.amount), 0) FROM refunds r WHERE r.payment_id = p.id AND r.status = 'succeeded' AND NOT r.is_to_credits) <>
      -(SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND l.kind = 'refund_paid' AND l.account = 'provider:' || p.provider)`,
  'disputed amounts, and only those, are in the ledger’s disputes account': `
    SELECT p.id::text AS broken FROM payments p WHERE CASE WHEN p.is_disputed THEN p.captured - p.refunded + p.refunded_to_credits ELSE 0 END <>
      (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND l.account = 'disputes')`,
  'a ledger entry’s order, payment, refund and currency match': `
    SELECT l.id::text AS broken FROM ledger_entries l JOIN payments p ON p.id = l.payment_id LEFT JOIN refunds r ON r.id = l.refund_id
    WHERE p.order_id <> l.order_id OR p.currency <> l.currency OR r.payment_id <> l.payment_id
      OR (r.id IS NULL) = (l.kind LIKE 'refund%')`,
  'the ledger’s tax equals the order’s tax, and zero after a full refund': `
    SELECT o.id::text AS broken FROM orders o JOIN payments p ON p.id = o.payment_id
    WHERE p.captured = o.total AND p.refunded IN (0, p.captured) AND
      (SELECT coalesce(sum(l.amount), 0) FROM ledger_entries l WHERE l.payment_id = p.id AND l.account = 'tax') <>
      CASE WHEN p.refunded = 0 THEN -o.tax ELSE 0 END`,
  'an order is disputed if and only if its payment is': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN payments p ON p.id = o.payment_id
    WHERE (o.status = 'disputed') <> coalesce(p.is_disputed, false)`,
  'no ticket of a disputed order is valid': `
    SELECT o.id::text AS broken FROM orders o JOIN tickets t ON t.booking_id = o.booking_id AND t.status = 'valid'
    WHERE o.status = 'disputed' AND NOT EXISTS (SELECT FROM outbox_messages m
      WHERE m.topic = 'payment.disputed' AND m.status <> 'done' AND (m.payload->>'paymentId')::int = o.payment_id)`,
  'an order’s status matches how much of its payment was refunded': `
    SELECT o.id::text AS broken FROM orders o LEFT JOIN payments p ON p.order_id = o.id AND p.captured > 0
    WHERE o.credits_applied < o.total OR o.total = 0
    GROUP BY o.id HAVING o.status = 'refunded' AND NOT coalesce(bool_or(p.refunded = p.captured), false)
      OR o.status = 'partially_refunded' AND NOT coalesce(bool_or(p.refunded > 0 AND p.refunded < p.captured), false)
      OR o.status = 'paid' AND coalesce(bool_or(p.id = o.payment_id AND p.refunded > 0), false)`,
  'an order’s payment belongs to that order': `
    SELECT o.id::text AS broken FROM orders o JOIN payments p ON p.id = o.payment_id WHERE p.order_id <> o.id`,
  'an order has at most one payment that can still be paid': `
    SELECT p.order_id::text AS broken FROM payments p WHERE p.status IN ('pending', 'processing', 'failed')
    GROUP BY p.order_id HAVING count(*) > 1`,
  'a payment’s amount equals its order’s total': `
    SELECT p.id::text AS broken FROM payments p JOIN orders o ON o.id = p.order_id WHERE p.amount <> o.total - o.credits_applied
      AND NOT (o.credits_applied = o.total AND o.payment_id IS NULL AND p.status <> 'pending')`,
  'a provider’s intent belongs to one payment': `
    SELECT p.provider || ' ' || p.intent_id AS broken FROM payments p WHERE p.intent_id IS NOT NULL
    GROUP BY p.provider, p.intent_id HAVING count(*) > 1`,
  'a captured amount or currency that differs is recorded as a discrepancy': `
    SELECT p.id::text AS broken FROM payments p JOIN orders o ON o.id = p.order_id
    WHERE p.captured > 0 AND (p.captured <> p.amount OR p.currency <> o.currency) AND p.discrepancy IS NULL`,
  'a payment’s timestamps match its status': `
    SELECT p.id::text AS broken FROM payments p WHERE (p.captured > 0) <> (p.succeeded_at IS NOT NULL)
      OR p.status = 'succeeded' AND (p.captured = 0 OR p.check_at IS NOT NULL)
      OR p.status = 'failed' AND p.failed_at IS NULL OR p.status = 'cancelled' AND p.cancelled_at IS NULL`,
  'a captured payment has a message that follows it': `
    SELECT p.id::text AS broken FROM payments p WHERE p.captured > 0 AND p.created_at > now() - interval '1 day'
      AND NOT EXISTS (SELECT FROM outbox_messages m WHERE m.topic = 'payment.captured' AND (m.payload->>'paymentId')::int = p.id)`,
  'a refund has one message that sends it, unless it was made at the provider': `
    SELECT r.id::text AS broken FROM refunds r LEFT JOIN outbox_messages m ON m.topic = 'refund.requested' AND (m.payload->>'refundId')::int = r.id
    GROUP BY r.id HAVING count(m.id) <> CASE WHEN r.cause = 'provider' OR r.is_to_credits THEN 0 ELSE 1 END`,
  'a refund has one message to the customer, once it is sent or can be claimed': `
    SELECT r.id::text AS broken FROM refunds r LEFT JOIN outbox_messages m ON m.topic = 'refund.sent' AND (m.payload->>'refundId')::int = r.id
    GROUP BY r.id HAVING count(m.id) <> CASE WHEN r.status = 'succeeded' OR r.claim_url IS NOT NULL THEN 1 ELSE 0 END`,
  'a refund is in its payment’s currency': `
    SELECT r.id::text AS broken FROM refunds r JOIN payments p ON p.id = r.payment_id WHERE r.currency <> p.currency`,
  'an order with a total of zero is paid at once and has no payments': `
    SELECT o.id::text AS broken FROM orders o WHERE o.total = 0
      AND (o.paid_at IS DISTINCT FROM o.created_at OR EXISTS (SELECT FROM payments p WHERE p.order_id = o.id))`,
  'an order whose closing was handled has no payment that can still be paid': `
    SELECT o.id::text AS broken FROM orders o JOIN payments p ON p.order_id = o.id AND p.status IN ('pending', 'failed')
    JOIN outbox_messages m ON m.topic = 'order.closed' AND (m.payload->>'orderId')::int = o.id AND m.status = 'done'`,
  'an order’s number is its booking’s reference': `
    SELECT o.id::text AS broken FROM orders o JOIN bookings b ON b.id = o.booking_id WHERE replace(o.order_number, '-', '') <> b.reference`,
  'a stored webhook is about one payment and is stored once': `
    SELECT w.webhook_id AS broken FROM payment_webhooks w LEFT JOIN payments p ON p.provider = w.provider AND p.intent_id = w.intent_id
    GROUP BY w.provider, w.webhook_id HAVING count(p.id) <> 1`,
  'a sandbox intent has a payment with the same captured amount': `
    SELECT i.id AS broken FROM sandbox_intents i LEFT JOIN payments p ON p.provider = 'sandbox' AND p.intent_id = i.id
    WHERE p.id IS NULL OR p.captured <> i.captured
      OR p.refunded < (SELECT coalesce(sum(r.amount), 0) FROM sandbox_refunds r WHERE r.intent_id = i.id)`,
};

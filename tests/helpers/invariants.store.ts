// Invariants of carts and of what a checkout asks for.
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
};

// What is held about a user who buys goods: carts, addresses, what was sent, downloaded and withdrawn.

export const storeSections = {
  addresses: { sql: 'SELECT * FROM addresses WHERE user_id = :userId' },
  carts: {
    sql: `
    SELECT
      c.id,
      c.discount_code,
      c.created_at,
      c.updated_at,
      (
        SELECT json_agg(
          json_build_object(
            'productId', i.product_id,
            'ticketTypeId', i.ticket_type_id,
            'quantity', i.quantity,
            'seatIds', i.seat_ids
          )
          ORDER BY i.id
        )
        FROM cart_items i
        WHERE i.cart_id = c.id
      ) AS items
    FROM carts c
    WHERE c.user_id = :userId`,
  },
  fulfillments: {
    sql: `
    SELECT
      f.id,
      f.order_id,
      f.carrier,
      f.tracking_number,
      f.tracking_url,
      f.created_at
    FROM fulfillments f
    JOIN orders o ON o.id = f.order_id
    WHERE o.user_id = :userId OR f.created_by = :userId`,
  },
  downloads: {
    sql: `
    SELECT
      row_number() OVER (ORDER BY d.order_id, d.position) AS id,
      d.order_id,
      d.position AS item_id,
      d.count,
      d.first_at,
      d.last_at
    FROM order_downloads d
    JOIN orders o ON o.id = d.order_id
    WHERE o.user_id = :userId`,
  },
  withdrawals: {
    sql: `
    SELECT
      w.id,
      w.order_id,
      w.received_at,
      w.refund_amount,
      (
        SELECT json_agg(
          json_build_object('itemId', x.position, 'quantity', x.quantity, 'amount', x.amount::text)
          ORDER BY x.position
        )
        FROM withdrawal_items x
        WHERE x.withdrawal_id = w.id
      ) AS items
    FROM withdrawals w
    JOIN orders o ON o.id = w.order_id
    WHERE o.user_id = :userId`,
  },
};

/** What was sent, downloaded and withdrawn stays with its order. */
export const storeErasures = {
  carts: 'DELETE FROM carts WHERE user_id = :userId',
  addresses: 'DELETE FROM addresses WHERE user_id = :userId',
};

import type { Db } from '../../database';
import { toNumberArray } from '../../lib/pg-array';
import type { CheckoutLine } from '../inventory/types';
import { int4, json, orNull, query, statement } from '../statement';

const LIST = statement({
  name: 'orders-checkout-carts',
  isPrepared: true,
  columns: {
    userId: int4('u.id'),
    customer: json<{ name: string; email: string }>(`json_build_object(
      'name', coalesce(nullif(trim(concat_ws(' ', u.first_name, u.last_name)), ''), u.email),
      'email', u.email
    )`),
    cart: orNull(
      json<{
        id: number;
        version: string;
        discountCode: string | null;
      }>(`CASE WHEN c.id IS NOT NULL THEN json_build_object(
      'id', c.id,
      'version', c.version::text,
      'discountCode', c.discount_code
    ) END`),
    ),
    lines: json<(CheckoutLine & { isShipped: boolean })[]>(`coalesce((
      SELECT json_agg(json_build_object(
        'id', i.id,
        'productId', i.product_id,
        'ticketTypeId', i.ticket_type_id,
        'eventId', t.event_id,
        'quantity', i.quantity,
        'seatIds', i.seat_ids,
        'isShipped', coalesce(p.product_type = 'physical', false)
      ) ORDER BY i.id)
      FROM cart_items i
      LEFT JOIN ticket_types t ON t.id = i.ticket_type_id
      LEFT JOIN products p ON p.id = i.product_id
      WHERE i.cart_id = c.id
    ), '[]')`),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM users u
  LEFT JOIN carts c ON c.user_id = u.id
  WHERE u.id = ANY(:userIds::int[])`,
});

/** Reads the carts of users who check out; what is sold, and for how much, is read under the locks. */
export async function listCheckoutCarts(db: Db, userIds: number[]) {
  return query(db, LIST, { userIds: toNumberArray(userIds) });
}

export type CheckoutCartRow = Awaited<ReturnType<typeof listCheckoutCarts>>[number];

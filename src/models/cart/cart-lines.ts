import type { Db } from '../../database';
import type { CartLine } from '../../lib/cart/cart-lines';
import { SEAT } from '../inventory/columns';
import { bool, decimal, int4, int4Array, int8, json, orNull, query, statement, text } from '../statement';

const IS_EVENT_KNOWN = "e.status <> 'draft' AND e.deleted_at IS NULL AND t.deleted_at IS NULL";

// `p` is the product of a line, `t` its ticket type, `e` the event of that; `u` sells either.
const LINES = statement({
  name: 'cart-lines',
  isPrepared: true,
  columns: {
    id: int4('c.id'),
    productId: orNull(int4('c.product_id')),
    ticketTypeId: orNull(int4('c.ticket_type_id')),
    eventId: orNull(int4('coalesce(e.id, p.event_id)')),
    organizerId: int4('u.id'),
    name: text("coalesce(p.name, e.title || ': ' || t.name)"),
    imageKey: orNull(text('coalesce(m.file_key, e.cover_key)')),
    productType: orNull(text<NonNullable<CartLine['productType']>>('p.product_type')),
    weightGrams: orNull(int4('p.weight_grams')),
    quantity: int4('c.quantity'),
    seatIds: orNull(int4Array('c.seat_ids')),
    seats: json<CartLine['seats']>("coalesce(seat.places, '[]')"),
    seenPrice: decimal('c.unit_price'),
    unitPrice: decimal('coalesce(p.price, t.price)'),
    currency: text('coalesce(p.currency, e.currency)'),
    taxRate: orNull(decimal('coalesce(p.tax_rate, e.tax_rate)')),
    isTaxInclusive: bool('coalesce(p.is_tax_inclusive, e.is_tax_inclusive)'),
    isVisible: bool(`coalesce(p.status = 'active' AND p.deleted_at IS NULL, ${IS_EVENT_KNOWN})`),
    isOffered: bool(`u.status <> 'suspended' AND coalesce(
      p.status = 'active' AND p.deleted_at IS NULL,
      ${IS_EVENT_KNOWN} AND e.status = 'published' AND e.ends_at > now()
    )`),
    isWithinSales: bool(`
      p.id IS NOT NULL
      OR coalesce(t.sales_start_at <= now(), true) AND coalesce(t.sales_end_at, e.starts_at) > now()`),
    available: orNull(int4('coalesce(pi.stock - pi.held - pi.sold, ti.capacity - ti.held - ti.sold)')),
    availableOfEvent: orNull(int4('ei.capacity - ei.held - ei.sold')),
    seatsTaken: int8('seat.taken'),
    seatsUnknown: int8('seat.unknown'),
    minQuantity: int4('coalesce(t.min_per_booking, 1)'),
    maxQuantity: orNull(int4('coalesce(p.max_per_order, t.max_per_booking)')),
    maxPerUser: orNull(int4('e.max_per_user')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM cart_items c
  LEFT JOIN products p ON p.id = c.product_id
  LEFT JOIN product_inventory pi ON pi.product_id = p.id
  LEFT JOIN ticket_types t ON t.id = c.ticket_type_id
  LEFT JOIN ticket_type_inventory ti ON ti.ticket_type_id = t.id
  LEFT JOIN events e ON e.id = t.event_id
  LEFT JOIN event_inventory ei ON ei.event_id = e.id
  JOIN users u ON u.id = coalesce(p.organizer_id, e.organizer_id)
  LEFT JOIN LATERAL (
    SELECT i.file_key
    FROM product_images i
    WHERE i.product_id = p.id
    ORDER BY i.position, i.id
    LIMIT 1
  ) m ON true
  CROSS JOIN LATERAL (
    SELECT
      count(*) FILTER (WHERE s.is_blocked OR EXISTS (SELECT FROM booking_seats b WHERE b.seat_id = s.id)) AS taken,
      count(*) FILTER (WHERE s.id IS NULL) AS unknown,
      json_agg(${SEAT} ORDER BY chosen.place) FILTER (WHERE s.id IS NOT NULL) AS places
    FROM unnest(c.seat_ids) WITH ORDINALITY chosen (id, place)
    LEFT JOIN seats s ON s.id = chosen.id AND s.ticket_type_id = c.ticket_type_id AND s.removed_at IS NULL
  ) seat
  WHERE c.cart_id = :cartId
  ORDER BY c.id`,
});

/** Lists the lines of a cart in the order in which they were added, with what they sell as of now. */
export async function listCartLines(db: Db, cartId: number): Promise<CartLine[]> {
  return query(db, LINES, { cartId });
}

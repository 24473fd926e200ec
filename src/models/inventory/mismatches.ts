import type { Db } from '../../database';
import { isActiveBooking } from '../sql';
import { int4, orNull, query, statement, text } from '../statement';

export interface Mismatch {
  /** Null for a product. */
  eventId: number | null;
  /** Null for the event as a whole. */
  ticketTypeId: number | null;
  /** Set for mismatches with the ledger. */
  paymentId: number | null;
  /** Null for an event. */
  productId: number | null;
  what: string;
  /** The value according to the rows. */
  expected: string;
  /** The value according to the counter or the ledger. */
  found: string;
}

export async function listEventIdsAfter(db: Db, after: number, limit: number): Promise<number[]> {
  return db('event_inventory').where('event_id', '>', after).orderBy('event_id').limit(limit).pluck('event_id');
}

/** Joins payment `p`, `l.expected` and `l.found` where a payment of an order disagrees with the ledger. */
export const joinLedgerMismatches = (orderId: string): string => `
    JOIN payments p ON p.order_id = ${orderId}
    JOIN LATERAL (
      SELECT p.captured - p.refunded AS expected, coalesce(sum(e.amount), 0) AS found
      FROM ledger_entries e
      WHERE e.payment_id = p.id AND (e.account LIKE 'provider:%' OR e.account = 'refunds_due')
    ) l ON l.expected <> l.found`;

// One statement sees one snapshot, so concurrent bookings cause no mismatches.
const MISMATCHES = statement({
  name: 'inventory-mismatches',
  columns: {
    eventId: int4('m.event_id'),
    ticketTypeId: orNull(int4('m.ticket_type_id')),
    paymentId: orNull(int4('m.payment_id')),
    what: text('m.what'),
    expected: text('m.expected'),
    found: text('m.found'),
  },
  sql: (list) => `
  WITH active AS MATERIALIZED (
    SELECT b.id, b.event_id, b.tickets_count, b.status
    FROM bookings b
    WHERE b.event_id = ANY (:ids) AND ${isActiveBooking('b.status')}
  ),
  waiting AS MATERIALIZED (
    SELECT w.event_id, w.offered_ticket_type_id, w.offered_count, w.status
    FROM waitlist_entries w
    WHERE w.event_id = ANY (:ids) AND w.status IN ('waiting', 'offered')
  ),
  booked AS (
    SELECT
      event_id,
      sum(tickets_count) FILTER (WHERE status = 'confirmed') AS sold,
      sum(tickets_count) FILTER (WHERE status = 'pending') AS held
    FROM active
    GROUP BY event_id
  ),
  waitlists AS (
    SELECT
      event_id,
      sum(offered_count) FILTER (WHERE status = 'offered') AS held,
      count(*) FILTER (WHERE status = 'waiting') AS waiting
    FROM waiting
    GROUP BY event_id
  ),
  items AS (
    SELECT
      t.ticket_type_id,
      sum(t.quantity) FILTER (WHERE a.status = 'confirmed') AS sold,
      sum(t.quantity) FILTER (WHERE a.status = 'pending') AS held
    FROM active a
    CROSS JOIN LATERAL (SELECT ticket_type_id, quantity FROM booking_items WHERE booking_id = a.id OFFSET 0) t
    GROUP BY t.ticket_type_id
  ),
  offers AS (
    SELECT offered_ticket_type_id AS ticket_type_id, sum(offered_count) AS held
    FROM waiting
    WHERE status = 'offered'
    GROUP BY 1
  ),
  counters AS (
    SELECT i.event_id, NULL::int AS ticket_type_id, f.what, f.expected, f.found
    FROM event_inventory i
    LEFT JOIN booked b USING (event_id)
    LEFT JOIN waitlists l USING (event_id)
    CROSS JOIN LATERAL (VALUES
      ('sold', coalesce(b.sold, 0), i.sold::bigint),
      ('held', coalesce(b.held, 0) + coalesce(l.held, 0), i.held::bigint),
      ('waiting', coalesce(l.waiting, 0), i.waiting::bigint)
    ) f (what, expected, found)
    WHERE i.event_id = ANY (:ids)
    UNION ALL
    SELECT t.event_id, t.id, f.what, f.expected, f.found
    FROM ticket_types t
    JOIN ticket_type_inventory i ON i.ticket_type_id = t.id
    LEFT JOIN items b ON b.ticket_type_id = t.id
    LEFT JOIN offers o ON o.ticket_type_id = t.id
    CROSS JOIN LATERAL (VALUES
      ('sold', coalesce(b.sold, 0), i.sold::bigint),
      ('held', coalesce(b.held, 0) + coalesce(o.held, 0), i.held::bigint)
    ) f (what, expected, found)
    WHERE t.event_id = ANY (:ids) AND t.deleted_at IS NULL
  ),
  mismatches AS (
    SELECT event_id, ticket_type_id, NULL::int AS payment_id, what, expected::text, found::text
    FROM counters
    WHERE expected <> found
    UNION ALL
    SELECT i.event_id, NULL, NULL, 'capacity', i.capacity::text, (i.sold + i.held)::text
    FROM event_inventory i
    WHERE i.event_id = ANY (:ids) AND i.sold + i.held > i.capacity
    UNION ALL
    SELECT o.event_id, NULL, p.id, 'ledger', l.expected::text, l.found::text
    FROM (
      SELECT event_id, id FROM orders WHERE event_id = ANY (:ids)
      UNION ALL
      SELECT DISTINCT event_id, order_id FROM bookings WHERE event_id = ANY (:ids) AND order_id IS NOT NULL
    ) o
    ${joinLedgerMismatches('o.id')}
  )
  SELECT
    ${list}
  FROM mismatches m
  ORDER BY 1, 2 NULLS FIRST`,
});

/** Lists where counters, rows and ledger of these events disagree. */
export async function listMismatches(db: Db, ids: number[]): Promise<Mismatch[]> {
  const rows = await query(db, MISMATCHES, { ids });
  return rows.map((row) => ({ ...row, productId: null }));
}

import type { Db } from '../../database';
import type { RevenueShare, RevenueSums } from '../../lib/money/revenue';
import { decimal, int4, neverNull, query, statement, text } from '../statement';
import { REVENUE } from './ledger';

// An order that a booking made is about one event; the entries of one that a checkout made say which event each is about.
const OF_EVENT_ENTRIES = `
    SELECT l.*
    FROM orders o
    JOIN ledger_entries l ON l.order_id = o.id
    WHERE o.event_id = :eventId
    UNION ALL
    SELECT l.*
    FROM ledger_entries l
    WHERE l.event_id = :eventId`;

const OF_EVENT = statement({
  name: 'revenue-of-event',
  columns: {
    currency: text('l.currency'),
    gross: decimal(REVENUE.gross),
    refunded: decimal(REVENUE.refunded),
    tax: decimal(REVENUE.tax),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM (
    ${OF_EVENT_ENTRIES}
  ) l
  GROUP BY l.currency`,
});

/** Returns the revenue of an event by currency. */
export async function listEventRevenues(db: Db, eventId: number): Promise<RevenueSums[]> {
  return query(db, OF_EVENT, { eventId });
}

// With eight decimals, sums of exact amounts stay exact, and the remainder of a division is far below the smallest coin.
const getShare = (amount: string): string => `round(sum(${amount} * i.total / i.order_total), 8)`;

const BY_TYPE = statement({
  name: 'revenue-by-type',
  columns: {
    key: neverNull(int4('i.ticket_type_id')),
    currency: text('m.currency'),
    gross: decimal(getShare('m.gross')),
    refunded: decimal(getShare('m.refunded')),
  },
  sql: (list) => `
  WITH money AS (
    SELECT
      l.order_id AS id,
      l.currency,
      ${REVENUE.gross} AS gross,
      ${REVENUE.refunded} AS refunded
    FROM (
      ${OF_EVENT_ENTRIES}
    ) l
    GROUP BY l.order_id, l.currency
  ), items AS (
    SELECT
      i.order_id,
      i.ticket_type_id,
      o.total AS order_total,
      i.quantity * i.unit_price - i.discount + CASE WHEN o.is_tax_inclusive THEN 0 ELSE i.tax END AS total
    FROM orders o
    JOIN order_items i ON i.order_id = o.id
    WHERE o.event_id = :eventId AND o.total > 0
    UNION ALL
    SELECT i.order_id, i.ticket_type_id, b.total_amount, i.total
    FROM bookings b
    JOIN order_items i ON i.order_id = b.order_id AND i.booking_id = b.id
    WHERE b.event_id = :eventId AND b.order_id IS NOT NULL AND b.total_amount > 0
  )
  SELECT
    ${list}
  FROM money m
  JOIN items i ON i.order_id = m.id
  WHERE i.ticket_type_id IS NOT NULL
  GROUP BY i.ticket_type_id, m.currency
  ORDER BY i.ticket_type_id`,
});

/** Returns the revenue by ticket type. Each order's amount is divided among its items by their price. */
export async function listTypeRevenues(db: Db, eventId: number): Promise<RevenueShare[]> {
  return query(db, BY_TYPE, { eventId });
}

import type { Db } from '../../database';
import type { RevenueShare, RevenueSums } from '../../lib/money/revenue';
import { REVENUE } from './ledger';

/** Returns the revenue of an event by currency. */
export async function listEventRevenues(db: Db, eventId: number): Promise<RevenueSums[]> {
  const { rows } = await db.raw<{ rows: RevenueSums[] }>(
    `SELECT l.currency, ${REVENUE.gross}::text AS gross, ${REVENUE.refunded}::text AS refunded, ${REVENUE.tax}::text AS tax
     FROM orders o JOIN ledger_entries l ON l.order_id = o.id WHERE o.event_id = ? GROUP BY l.currency`,
    [eventId],
  );
  return rows;
}

// With eight decimals, sums of exact amounts stay exact, and the remainder of a division is far below the smallest coin.
const selectShare = (field: string): string => `round(sum(m.${field} * i.total / i.order_total), 8)::text AS ${field}`;

/** Returns the revenue by ticket type. Each order's amount is divided among its items by their price. */
export async function listTypeRevenues(db: Db, eventId: number): Promise<RevenueShare[]> {
  const { rows } = await db.raw<{ rows: RevenueShare[] }>(
    `WITH money AS (
       SELECT o.id, l.currency, ${REVENUE.gross} AS gross, ${REVENUE.refunded} AS refunded
       FROM orders o JOIN ledger_entries l ON l.order_id = o.id WHERE o.event_id = ? GROUP BY o.id, l.currency
     ), items AS (
       SELECT i.order_id, i.ticket_type_id, o.total AS order_total,
              i.quantity * i.unit_price - i.discount + CASE WHEN o.is_tax_inclusive THEN 0 ELSE i.tax END AS total
       FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.event_id = ? AND o.total > 0
     )
     SELECT i.ticket_type_id AS key, m.currency, ${selectShare('gross')}, ${selectShare('refunded')}
     FROM money m JOIN items i ON i.order_id = m.id WHERE i.ticket_type_id IS NOT NULL GROUP BY i.ticket_type_id, m.currency
     ORDER BY i.ticket_type_id`,
    [eventId, eventId],
  );
  return rows;
}

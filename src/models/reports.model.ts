import type { Db } from '../database';
import { REVENUE } from './payments/ledger';

export interface ReportRange {
  from?: Date;
  to?: Date;
}

interface Report {
  table: string;
  /** `t` is the table. */
  select: string;
  joins?: string;
  where?: string;
}

const REPORTS = {
  bookings: {
    table: 'bookings',
    select: `t.reference, t.status, t.tickets_count AS "ticketsCount", t.total_amount::text AS "totalAmount", t.discount_amount::text AS "discountAmount",
      t.currency, u.email, e.id AS "eventId", e.title AS "eventTitle", t.created_at AS "createdAt", t.confirmed_at AS "confirmedAt",
      t.cancelled_at AS "cancelledAt"`,
    joins: 'JOIN users u ON u.id = t.user_id JOIN events e ON e.id = t.event_id',
  },
  orders: {
    table: 'orders',
    select: `t.order_number AS "orderNumber", t.status, t.customer_name AS "customerName", t.customer_email AS "customerEmail",
      t.event_id AS "eventId", t.subtotal::text AS subtotal, t.discount::text AS discount, t.tax::text AS tax, t.total::text AS total, t.currency,
      m.gross::text AS gross, m.refunded::text AS refunded, (m.gross - m.refunded)::text AS net, t.created_at AS "createdAt", t.paid_at AS "paidAt"`,
    // Only in the order's currency; payments in another currency are refunded.
    joins: `CROSS JOIN LATERAL (SELECT ${REVENUE.gross} AS gross, ${REVENUE.refunded} AS refunded
      FROM ledger_entries l WHERE l.order_id = t.id AND l.currency = t.currency) m`,
  },
  users: {
    table: 'users',
    select: `t.id, t.email, t.first_name AS "firstName", t.last_name AS "lastName", t.role, t.status,
      t.email_verified_at AS "emailVerifiedAt", t.last_login_at AS "lastLoginAt", t.created_at AS "createdAt"`,
  },
  events: {
    table: 'events',
    select: `t.id, t.title, t.status, t.category, u.email AS organizer, t.starts_at AS "startDate", t.ends_at AS "endDate", t.venue_name AS "venueName",
      i.capacity, i.sold, i.held, i.waiting, t.min_price::text AS "minPrice", t.max_price::text AS "maxPrice", t.currency, t.created_at AS "createdAt"`,
    joins: 'JOIN users u ON u.id = t.organizer_id JOIN event_inventory i ON i.event_id = t.id',
    where: 'AND t.deleted_at IS NULL',
  },
} satisfies Record<string, Report>;

export type ReportName = keyof typeof REPORTS;

const inRange = ({ from, to }: ReportRange, time = 't.created_at'): string =>
  `${from ? `AND ${time} >= :from` : ''} ${to ? `AND ${time} < :to` : ''}`;

// Reads by id alone; an index on the time would be read from its start for each chunk.
const UNINDEXED = "t.created_at + interval '0'";

/** Returns the first and last id of a range, once for the whole report, so that no chunk has to search for its start. */
export async function findBounds(
  db: Db,
  name: ReportName,
  range: ReportRange,
): Promise<{ first: number; last: number } | undefined> {
  const { rows } = await db.raw<{ rows: { first: number | null; last: number }[] }>(
    `SELECT min(id) AS first, max(id) AS last FROM ${REPORTS[name].table} t WHERE true ${inRange(range)}`,
    { ...range },
  );
  const { first, last } = rows[0]!;
  return first === null ? undefined : { first, last };
}

export type ReportRow = Record<string, unknown>;

/** Lists at most `limit` rows of the range with ids from `first` to `last`; `key` is the id. */
export async function listReportRows(
  db: Db,
  name: ReportName,
  { first, last, limit, ...range }: ReportRange & { first: number; last: number; limit: number },
): Promise<(ReportRow & { key: number })[]> {
  const { table, select, joins = '', where = '' }: Report = REPORTS[name];
  const { rows } = await db.raw<{ rows: (ReportRow & { key: number })[] }>(
    `SELECT t.id AS key, ${select}
     FROM (SELECT * FROM ${table} t WHERE t.id BETWEEN :first AND :last ${inRange(range, UNINDEXED)} ${where} ORDER BY t.id LIMIT :limit) t ${joins}
     ORDER BY t.id`,
    { ...range, first, last, limit },
  );
  return rows;
}

import type { Db } from '../database';
import { REVENUE } from './payments/ledger';
import {
  decimal,
  int4,
  orNull,
  query,
  queryOne,
  statementFamily,
  text,
  timestamptz,
  type ResultColumns,
  type Statement,
} from './statement';

export interface ReportRange {
  from?: Date;
  to?: Date;
  /** Only orders of this event; for the report of orders. */
  eventId?: number;
}

interface Report {
  table: string;
  /** `t` is the table. */
  columns: ResultColumns;
  joins?: string;
  where?: string;
}

export type ReportName = 'bookings' | 'orders' | 'users' | 'events';

const REPORTS: Record<ReportName, Report> = {
  bookings: {
    table: 'bookings',
    columns: {
      reference: text('t.reference'),
      status: text('t.status'),
      ticketsCount: int4('t.tickets_count'),
      totalAmount: decimal('t.total_amount'),
      discountAmount: decimal('t.discount_amount'),
      currency: text('t.currency'),
      email: text('u.email'),
      eventId: int4('e.id'),
      eventTitle: text('e.title'),
      createdAt: timestamptz('t.created_at'),
      confirmedAt: orNull(timestamptz('t.confirmed_at')),
      cancelledAt: orNull(timestamptz('t.cancelled_at')),
    },
    joins: `
  JOIN users u ON u.id = t.user_id
  JOIN events e ON e.id = t.event_id`,
  },
  orders: {
    table: 'orders',
    columns: {
      orderNumber: text('t.order_number'),
      status: text('t.status'),
      customerName: text('t.customer_name'),
      customerEmail: text('t.customer_email'),
      eventId: orNull(int4('t.event_id')),
      subtotal: decimal('t.subtotal'),
      discount: decimal('t.discount'),
      tax: decimal('t.tax'),
      total: decimal('t.total'),
      currency: text('t.currency'),
      gross: decimal('m.gross'),
      refunded: decimal('m.refunded'),
      net: decimal('(m.gross - m.refunded)'),
      createdAt: timestamptz('t.created_at'),
      paidAt: orNull(timestamptz('t.paid_at')),
    },
    // Only in the order's currency; payments in another currency are refunded.
    joins: `
  CROSS JOIN LATERAL (
    SELECT
      ${REVENUE.gross} AS gross,
      ${REVENUE.refunded} AS refunded
    FROM ledger_entries l
    WHERE l.order_id = t.id AND l.currency = t.currency
  ) m`,
  },
  users: {
    table: 'users',
    columns: {
      id: int4('t.id'),
      email: text('t.email'),
      firstName: orNull(text('t.first_name')),
      lastName: orNull(text('t.last_name')),
      role: text('t.role'),
      status: text('t.status'),
      emailVerifiedAt: orNull(timestamptz('t.email_verified_at')),
      lastLoginAt: orNull(timestamptz('t.last_login_at')),
      createdAt: timestamptz('t.created_at'),
    },
  },
  events: {
    table: 'events',
    columns: {
      id: int4('t.id'),
      title: text('t.title'),
      status: text('t.status'),
      category: orNull(text('t.category')),
      organizer: text('u.email'),
      startDate: timestamptz('t.starts_at'),
      endDate: timestamptz('t.ends_at'),
      venueName: orNull(text('t.venue_name')),
      capacity: orNull(int4('i.capacity')),
      sold: int4('i.sold'),
      held: int4('i.held'),
      waiting: int4('i.waiting'),
      minPrice: orNull(decimal('t.min_price')),
      maxPrice: orNull(decimal('t.max_price')),
      currency: text('t.currency'),
      createdAt: timestamptz('t.created_at'),
    },
    joins: `
  JOIN users u ON u.id = t.organizer_id
  JOIN event_inventory i ON i.event_id = t.id`,
    where: 'AND t.deleted_at IS NULL',
  },
};

const OF_EVENT = `AND (t.event_id = :eventId OR t.id = ANY(ARRAY(
      SELECT x.order_id FROM bookings x WHERE x.event_id = :eventId AND x.order_id IS NOT NULL)))`;

const inRange = ({ from, to, eventId }: ReportRange, time = 't.created_at'): string =>
  `${from ? `AND ${time} >= :from` : ''} ${to ? `AND ${time} < :to` : ''} ${eventId === undefined ? '' : OF_EVENT}`;

// Reads by id alone; an index on the time would be read from its start for each chunk.
const UNINDEXED = "t.created_at + interval '0'";

const EXAMPLES: ReportRange[] = [{}, { from: new Date(0), to: new Date(0) }];

const getExamples = (name: ReportName): ReportRange[] => (name === 'orders' ? [...EXAMPLES, { eventId: 1 }] : EXAMPLES);

const toBoundsFamily = (name: ReportName) =>
  statementFamily({
    name: `reports-${name}-bounds`,
    columns: {
      first: orNull(int4('min(t.id)')),
      last: orNull(int4('max(t.id)')),
    },
    examples: getExamples(name),
    sql: (list, range: ReportRange) => `
  SELECT
    ${list}
  FROM ${REPORTS[name].table} t
  WHERE true ${inRange(range)}`,
  });

export type ReportRow = Record<string, unknown>;

function toRowsFamily(name: ReportName): (range: ReportRange) => Statement<ReportRow & { key: number }> {
  const { table, columns, joins = '', where = '' } = REPORTS[name];
  return statementFamily({
    name: `reports-${name}`,
    columns: { key: int4('t.id'), ...columns },
    examples: getExamples(name),
    sql: (list, range: ReportRange) => `
  SELECT
    ${list}
  FROM (
    SELECT *
    FROM ${table} t
    WHERE t.id BETWEEN :first AND :last ${inRange(range, UNINDEXED)} ${where}
    ORDER BY t.id
    LIMIT :limit
  ) t${joins}
  ORDER BY t.id`,
  });
}

const STATEMENTS = {
  bookings: { bounds: toBoundsFamily('bookings'), rows: toRowsFamily('bookings') },
  orders: { bounds: toBoundsFamily('orders'), rows: toRowsFamily('orders') },
  users: { bounds: toBoundsFamily('users'), rows: toRowsFamily('users') },
  events: { bounds: toBoundsFamily('events'), rows: toRowsFamily('events') },
} satisfies Record<ReportName, object>;

/** Returns the first and last id of a range, once for the whole report, so that no chunk has to search for its start. */
export async function findBounds(
  db: Db,
  name: ReportName,
  range: ReportRange,
): Promise<{ first: number; last: number } | undefined> {
  const { first, last } = await queryOne(db, STATEMENTS[name].bounds(range), { ...range });
  return first === null || last === null ? undefined : { first, last };
}

/** Lists at most `limit` rows of the range with ids from `first` to `last`; `key` is the id. */
export async function listReportRows(
  db: Db,
  name: ReportName,
  { first, last, limit, ...range }: ReportRange & { first: number; last: number; limit: number },
): Promise<(ReportRow & { key: number })[]> {
  return query(db, STATEMENTS[name].rows(range), { ...range, first, last, limit });
}

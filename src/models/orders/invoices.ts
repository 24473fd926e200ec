import type { Db, Trx } from '../../database';
import type { Shaped } from '../../database/query';
import type { BillingAddress } from '../../lib/address';
import type { InvoiceDocument } from '../../lib/money/invoice';
import type { BillingProfile } from '../billing.model';
import { ORDER_ITEMS } from './orders';
import { selectSeats } from '../inventory/columns';
import type { SeatPlace } from '../inventory/types';
import { toMs } from '../sql';
import {
  bool,
  decimal,
  execute,
  int4,
  json,
  jsonb,
  ms,
  neverNull,
  orNull,
  query,
  queryOne,
  statement,
  text,
  type RowOf,
} from '../statement';

const SOURCE = {
  id: int4('o.id'),
  orderNumber: text('o.order_number'),
  customerName: text('o.customer_name'),
  customerEmail: text('o.customer_email'),
  billingAddress: orNull(jsonb<BillingAddress>('o.billing_address')),
  subtotal: decimal('o.subtotal'),
  discount: decimal('o.discount'),
  tax: decimal('o.tax'),
  total: decimal('o.total'),
  /** Null if its items have rates of their own. */
  taxRate: orNull(decimal('o.tax_rate')),
  isCheckout: bool('o.request_id IS NOT NULL'),
  isTaxInclusive: bool('o.is_tax_inclusive'),
  currency: text('o.currency'),
  createdAt: ms('o.created_at'),
  paidAt: orNull(ms('o.paid_at')),
  /** The customer's current locale. */
  locale: text('u.locale'),
  /** All of its items, of every seller. */
  items: ORDER_ITEMS,
  seats: json<SeatPlace[]>(selectSeats('o.booking_id')),
  /** Null for an order that a checkout made. */
  event: orNull(
    json<{ title: string; startsAt: number; timezone: string }>(
      `CASE WHEN e.id IS NOT NULL THEN json_build_object('title', e.title, 'startsAt', ${toMs('e.starts_at')}, 'timezone', e.timezone) END`,
    ),
  ),
  seller: json<Seller>(`json_build_object(
      'userId', s.id,
      'name', p.name,
      'address', p.address,
      'vatId', p.vat_id,
      'email', p.email,
      'accountName', nullif(trim(concat_ws(' ', s.first_name, s.last_name)), ''),
      'accountEmail', s.email,
      'timezone', s.timezone
    )`),
};

interface Seller extends BillingProfile {
  userId: number;
  accountName: string | null;
  accountEmail: string;
  timezone: string;
}

/** The data needed to issue the invoice of an order. */
export type InvoiceSourceRow = RowOf<typeof SOURCE>;

// Each seller of a checkout has a row. Shipping is sold by whoever sells the first of the goods that are sent.
const FROM = `FROM orders o
  JOIN users u ON u.id = o.user_id
  LEFT JOIN events e ON e.id = o.event_id
  JOIN LATERAL (
    SELECT e.organizer_id AS id WHERE e.id IS NOT NULL
    UNION
    SELECT i.seller_id FROM order_items i WHERE i.order_id = o.id AND i.seller_id IS NOT NULL
  ) seller ON true
  JOIN users s ON s.id = seller.id
  LEFT JOIN billing_profiles p ON p.user_id = s.id`;

const FIND_SOURCE = statement({
  name: 'invoices-find-source',
  columns: SOURCE,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE o.id = :orderId
  ORDER BY s.id`,
});

/** Returns a row for each seller of an order, in the order of their ids. */
export async function listInvoiceSources(db: Db, orderId: number): Promise<InvoiceSourceRow[]> {
  return query(db, FIND_SOURCE, { orderId });
}

/** Locks paid orders without an invoice, in order of creation, until the commit. */
export async function lockDueInvoices(trx: Trx, limit: number): Promise<InvoiceSourceRow[]> {
  const ids = await trx('invoices_due').orderBy('order_id').limit(limit).forUpdate().skipLocked().pluck('order_id');
  return listSources(trx, ids);
}

/** Locks a paid order without an invoice, waiting for a transaction that issues it; empty if there is none. */
export async function lockDueInvoice(trx: Trx, orderId: number): Promise<InvoiceSourceRow[]> {
  const ids = await trx('invoices_due').where({ order_id: orderId }).forUpdate().pluck('order_id');
  return listSources(trx, ids);
}

const LIST_SOURCES = statement({
  name: 'invoices-list-sources',
  columns: SOURCE,
  sql: (list) => `
  SELECT
    ${list}
  ${FROM}
  WHERE o.id = ANY(:ids::int[])
  ORDER BY o.paid_at, o.id, s.id`,
});

async function listSources(trx: Trx, ids: number[]): Promise<InvoiceSourceRow[]> {
  return ids.length === 0 ? [] : query(trx, LIST_SOURCES, { ids });
}

const RESERVE = statement({
  name: 'invoices-reserve-numbers',
  columns: { before: int4('last_number - :count') },
  sql: (list) => `
  INSERT INTO invoice_counters AS c (seller_id, year, last_number)
  VALUES (:sellerId, :year, :count)
  ON CONFLICT (seller_id, year) DO UPDATE
  SET last_number = c.last_number + :count
  RETURNING ${list}`,
});

/** Reserves numbers of a seller's year and returns the last number before them. The year stays locked until the commit. */
export async function reserveNumbers(
  trx: Trx,
  range: { sellerId: number; year: number; count: number },
): Promise<number> {
  const { before } = await queryOne(trx, RESERVE, range);
  return before;
}

export interface NewInvoice {
  orderId: number;
  sellerId: number;
  year: number;
  number: number;
  document: InvoiceDocument;
}

const ISSUE = statement({
  name: 'invoices-issue',
  columns: {},
  sql: () => `
  WITH issued AS (
    INSERT INTO invoices (order_id, seller_id, year, number, document)
    SELECT i."orderId", i."sellerId", i.year, i.number, i.document
    FROM jsonb_to_recordset(:invoices::jsonb)
      AS i ("orderId" int, "sellerId" int, year smallint, number int, document jsonb)
    RETURNING order_id
  )
  DELETE FROM invoices_due d
  USING issued i
  WHERE d.order_id = i.order_id`,
});

/** Inserts invoices, after which their orders are no longer due. */
export async function insertInvoices(trx: Trx, invoices: NewInvoice[]): Promise<void> {
  await execute(trx, ISSUE, { invoices: JSON.stringify(invoices) });
}

export interface InvoiceRow {
  sellerId: number;
  year: number;
  number: number;
  document: InvoiceDocument;
}

/** Finds the invoice of a seller, by default the first one of the order. */
export async function findInvoice(db: Db, orderId: number, sellerId?: number): Promise<InvoiceRow | undefined> {
  const invoices = db('invoices').where({ order_id: orderId });
  return (sellerId === undefined ? invoices : invoices.where({ seller_id: sellerId })).orderBy('id').first({
    sellerId: 'seller_id',
    year: 'year',
    number: 'number',
    document: 'document' as Shaped<'document', InvoiceDocument>,
  });
}

// A refund of several sellers is one transaction of the ledger, with a line for each of them. Those of what did not pay for the order,
// and those that failed, are not on an invoice.
const REFUNDS = statement({
  name: 'invoices-refunds-of-seller',
  columns: {
    amount: neverNull(decimal('(-sum(l.amount))')),
    at: neverNull(ms('min(l.created_at)')),
    isToCredits: neverNull(bool('bool_or(l.payment_id IS NULL OR r.is_to_credits)')),
  },
  sql: (list) => `
  SELECT
    ${list}
  FROM orders o
  JOIN ledger_entries l ON l.order_id = o.id AND l.kind = 'refund' AND l.account = 'refunds_due'
  LEFT JOIN refunds r ON r.id = l.refund_id
  WHERE o.id = :orderId AND l.seller_id = :sellerId
    AND (l.payment_id IS NULL OR l.payment_id = o.payment_id AND r.status <> 'failed' AND r.cause <> 'unusable')
  GROUP BY l.transaction_id
  ORDER BY min(l.id)`,
});

/** Lists what was refunded of the items of one seller of an order. */
export async function listRefundsOfSeller(db: Db, share: { orderId: number; sellerId: number }) {
  return query(db, REFUNDS, { ...share });
}

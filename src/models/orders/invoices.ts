import type { Db, Trx } from '../../database';
import type { Shaped } from '../../database.query';
import type { InvoiceDocument } from '../../lib/money/invoice';
import type { BillingProfile } from '../billing.model';
import type { OrderDetailRow } from './orders';
import { selectSeats } from '../inventory/columns';
import { toMs } from '../sql';

/** The data needed to issue the invoice of an order. */
export interface InvoiceSourceRow extends Pick<
  OrderDetailRow,
  | 'id'
  | 'orderNumber'
  | 'customerName'
  | 'customerEmail'
  | 'billingAddress'
  | 'subtotal'
  | 'discount'
  | 'tax'
  | 'total'
  | 'taxRate'
  | 'isTaxInclusive'
  | 'currency'
  | 'items'
  | 'seats'
  | 'createdAt'
  | 'paidAt'
> {
  /** The customer's current locale. */
  locale: string;
  event: { title: string; startsAt: number; timezone: string };
  seller: BillingProfile & { userId: number; accountName: string | null; accountEmail: string; timezone: string };
}

const SOURCE = `
  SELECT o.id, o.order_number AS "orderNumber", o.customer_name AS "customerName", o.customer_email AS "customerEmail",
    o.billing_address AS "billingAddress",
    o.subtotal::text, o.discount::text, o.tax::text, o.total::text, o.tax_rate::text AS "taxRate",
    o.is_tax_inclusive AS "isTaxInclusive", o.currency, ${toMs('o.created_at')} AS "createdAt", ${toMs('o.paid_at')} AS "paidAt", u.locale,
    (SELECT json_agg(json_build_object('ticketTypeId', i.ticket_type_id, 'name', i.name, 'quantity', i.quantity,
       'unitPrice', i.unit_price::text, 'discount', i.discount::text, 'tax', i.tax::text) ORDER BY i.position)
     FROM order_items i WHERE i.order_id = o.id) AS items,
    ${selectSeats('o.booking_id')} AS seats,
    json_build_object('title', e.title, 'startsAt', ${toMs('e.starts_at')}, 'timezone', e.timezone) AS event,
    json_build_object('userId', s.id, 'name', p.name, 'address', p.address, 'vatId', p.vat_id, 'email', p.email,
      'accountName', nullif(trim(concat_ws(' ', s.first_name, s.last_name)), ''), 'accountEmail', s.email, 'timezone', s.timezone) AS seller
  FROM orders o JOIN users u ON u.id = o.user_id JOIN events e ON e.id = o.event_id JOIN users s ON s.id = e.organizer_id
    LEFT JOIN billing_profiles p ON p.user_id = s.id`;

export async function findInvoiceSource(db: Db, orderId: number): Promise<InvoiceSourceRow | undefined> {
  const { rows } = await db.raw<{ rows: InvoiceSourceRow[] }>(`${SOURCE} WHERE o.id = ?`, [orderId]);
  return rows[0];
}

/** Locks paid orders without an invoice, in order of creation, until the commit. */
export async function lockDueInvoices(trx: Trx, limit: number): Promise<InvoiceSourceRow[]> {
  const due = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT order_id AS id FROM invoices_due ORDER BY order_id LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  return listSources(
    trx,
    due.rows.map(({ id }) => id),
  );
}

/** Locks a paid order without an invoice, waiting for a transaction that issues it; empty if there is none. */
export async function lockDueInvoice(trx: Trx, orderId: number): Promise<InvoiceSourceRow[]> {
  const due = await trx.raw<{ rows: { id: number }[] }>(
    'SELECT order_id AS id FROM invoices_due WHERE order_id = ? FOR UPDATE',
    [orderId],
  );
  return listSources(
    trx,
    due.rows.map(({ id }) => id),
  );
}

async function listSources(trx: Trx, ids: number[]): Promise<InvoiceSourceRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await trx.raw<{ rows: InvoiceSourceRow[] }>(
    `${SOURCE} WHERE o.id = ANY(?::int[]) ORDER BY o.paid_at, o.id`,
    [ids],
  );
  return rows;
}

/** Reserves numbers of a seller's year and returns the last number before them. The year stays locked until the commit. */
export async function reserveNumbers(
  trx: Trx,
  { sellerId, year, count }: { sellerId: number; year: number; count: number },
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { before: number }[] }>(
    `INSERT INTO invoice_counters AS c (seller_id, year, last_number) VALUES (:sellerId, :year, :count)
     ON CONFLICT (seller_id, year) DO UPDATE SET last_number = c.last_number + :count RETURNING last_number - :count AS before`,
    { sellerId, year, count },
  );
  return rows[0]!.before;
}

export interface NewInvoice {
  orderId: number;
  sellerId: number;
  year: number;
  number: number;
  document: InvoiceDocument;
}

/** Inserts invoices, after which their orders are no longer due. */
export async function insertInvoices(trx: Trx, invoices: NewInvoice[]): Promise<void> {
  await trx.raw(
    `WITH issued AS (
       INSERT INTO invoices (order_id, seller_id, year, number, document)
       SELECT i."orderId", i."sellerId", i.year, i.number, i.document
       FROM jsonb_to_recordset(?::jsonb) AS i ("orderId" int, "sellerId" int, year smallint, number int, document jsonb)
       RETURNING order_id
     )
     DELETE FROM invoices_due d USING issued i WHERE d.order_id = i.order_id`,
    [JSON.stringify(invoices)],
  );
}

export interface InvoiceRow {
  year: number;
  number: number;
  document: InvoiceDocument;
}

export async function findInvoice(db: Db, orderId: number): Promise<InvoiceRow | undefined> {
  return db('invoices')
    .where({ order_id: orderId })
    .first({ year: 'year', number: 'number', document: 'document' as Shaped<'document', InvoiceDocument> });
}

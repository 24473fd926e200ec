import type { Readable } from 'node:stream';
import { database } from '../database';
import type { Actor } from '../lib/actor';
import { renderCsv, type CsvColumn } from '../lib/csv';
import { findBounds, listReportRows, type ReportName, type ReportRange, type ReportRow } from '../models/reports.model';
import { getManagedEvent } from './events/event-access';

export type { ReportRange };

const COLUMNS: Record<ReportName, string[]> = {
  bookings: [
    'reference',
    'status',
    'ticketsCount',
    'totalAmount',
    'discountAmount',
    'currency',
    'email',
    'eventId',
    'eventTitle',
    'createdAt',
    'confirmedAt',
    'cancelledAt',
  ],
  orders: [
    'orderNumber',
    'status',
    'customerName',
    'customerEmail',
    'eventId',
    'subtotal',
    'discount',
    'tax',
    'total',
    'currency',
    'gross',
    'refunded',
    'net',
    'createdAt',
    'paidAt',
  ],
  users: ['id', 'email', 'firstName', 'lastName', 'role', 'status', 'emailVerifiedAt', 'lastLoginAt', 'createdAt'],
  events: [
    'id',
    'title',
    'status',
    'category',
    'organizer',
    'startDate',
    'endDate',
    'venueName',
    'capacity',
    'sold',
    'held',
    'waiting',
    'minPrice',
    'maxPrice',
    'currency',
    'createdAt',
  ],
};

/** Columns with amounts in the row's currency. */
const MONEY: ReadonlySet<string> = new Set([
  'totalAmount',
  'discountAmount',
  'subtotal',
  'discount',
  'tax',
  'total',
  'gross',
  'refunded',
  'net',
  'minPrice',
  'maxPrice',
]);

/** `totalAmount` → `Total amount`. */
function toHeader(key: string): string {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const REPORT_CHUNK_SIZE = 1000;

/** Iterates over rows in chunks, without holding a connection in between. */
async function* iterateRows(name: ReportName, range: ReportRange): AsyncGenerator<ReportRow> {
  const bounds = await findBounds(database, name, range);
  if (!bounds) return;
  for (let first = bounds.first; ;) {
    const rows = await listReportRows(database, name, { ...range, first, last: bounds.last, limit: REPORT_CHUNK_SIZE });
    yield* rows;
    if (rows.length < REPORT_CHUNK_SIZE) return;
    first = rows.at(-1)!.key + 1;
  }
}

/** Streams the orders of an event as CSV. @throws AppError NOT_FOUND, FORBIDDEN */
export async function exportEventOrders(actor: Actor, range: ReportRange & { eventId: number }): Promise<Readable> {
  await getManagedEvent(database, actor, range.eventId);
  return exportReport('orders', range);
}

/** Streams a report as CSV, in order of creation. */
export function exportReport(name: ReportName, range: ReportRange): Readable {
  const columns = COLUMNS[name].map((key): CsvColumn<ReportRow> => ({
    key,
    header: toHeader(key),
    ...(MONEY.has(key) ? { currency: 'currency' } : {}),
  }));
  return renderCsv(columns, iterateRows(name, range));
}

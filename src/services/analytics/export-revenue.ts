import { Readable } from 'node:stream';
import type { Actor } from '../../lib/actor';
import { renderCsv, type CsvColumn } from '../../lib/csv';
import { analyze, type Analyze } from './analyze';

interface ReportRow {
  period: string;
  bookings: number;
  tickets: number;
  cancellations: number;
  currency: string | null;
  gross: string | null;
  refunded: string | null;
  net: string | null;
  tax: string | null;
}

const COLUMNS: CsvColumn<ReportRow>[] = [
  { key: 'period', header: 'Period' },
  { key: 'bookings', header: 'Bookings' },
  { key: 'tickets', header: 'Tickets' },
  { key: 'cancellations', header: 'Cancellations' },
  { key: 'currency', header: 'Currency' },
  { key: 'gross', header: 'Gross', currency: 'currency' },
  { key: 'refunded', header: 'Refunded', currency: 'currency' },
  { key: 'net', header: 'Net', currency: 'currency' },
  { key: 'tax', header: 'Tax', currency: 'currency' },
];

const NO_MONEY = { currency: null, gross: null, refunded: null, net: null, tax: null };

/** Returns the analytics as CSV, with a row for each period and currency. @throws AppError VALIDATION_ERROR */
export async function exportRevenue(actor: Actor, query: Analyze): Promise<Readable> {
  const { periods } = await analyze(actor, 'everybody', query);
  const rows = periods.flatMap(({ period, bookings, tickets, cancellations, revenue }): ReportRow[] =>
    (revenue.length > 0 ? revenue : [NO_MONEY]).map((money) => ({
      period,
      bookings,
      tickets,
      cancellations,
      ...money,
    })),
  );
  return renderCsv(COLUMNS, Readable.from(rows) as AsyncIterable<ReportRow>);
}

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
  /** The net amount of what was sold of each kind. */
  netTickets: string | null;
  netGoods: string | null;
  netShipping: string | null;
  netCredits: string | null;
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
  { key: 'netTickets', header: 'Net of tickets', currency: 'currency' },
  { key: 'netGoods', header: 'Net of goods', currency: 'currency' },
  { key: 'netShipping', header: 'Net of shipping', currency: 'currency' },
  { key: 'netCredits', header: 'Net of credits', currency: 'currency' },
];

const NO_MONEY = {
  currency: null,
  gross: null,
  refunded: null,
  net: null,
  tax: null,
  netTickets: null,
  netGoods: null,
  netShipping: null,
  netCredits: null,
};

type Period = Awaited<ReturnType<typeof analyze>>['periods'][number];

/** Returns the money of a period in each currency. */
const listMoney = ({ revenue, revenueByKind }: Period) =>
  revenue.map((money) => {
    const netOf = (kind: string): string =>
      revenueByKind.find((each) => each.kind === kind && each.currency === money.currency)?.net ?? '0';
    return {
      ...money,
      netTickets: netOf('tickets'),
      netGoods: netOf('goods'),
      netShipping: netOf('shipping'),
      netCredits: netOf('credits'),
    };
  });

/** Returns the analytics as CSV, with a row for each period and currency. @throws AppError VALIDATION_ERROR */
export async function exportRevenue(actor: Actor, query: Analyze): Promise<Readable> {
  const { periods } = await analyze(actor, 'everybody', query);
  const rows = periods.flatMap((figures): ReportRow[] => {
    const { period, bookings, tickets, cancellations, revenue } = figures;
    const money = revenue.length > 0 ? listMoney(figures) : [NO_MONEY];
    return money.map((amounts) => ({ period, bookings, tickets, cancellations, ...amounts }));
  });
  return renderCsv(COLUMNS, Readable.from(rows) as AsyncIterable<ReportRow>);
}

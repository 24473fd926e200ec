import path from 'node:path';
import { Piscina } from 'piscina';
import { AppError } from '../../errors';

/** What stands on a ticket's page; plain data, since it crosses into a thread. */
export interface TicketPage {
  title: string;
  facts: [name: string, value: string][];
  /** In the QR code. */
  code: string;
  footer: string;
}

// A document takes tens of milliseconds: two threads are plenty, and leave processors to those who book.
const THREADS = 2;
const MOST_WAITING = 200;
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

/** What stands on an invoice, as it is to be read. */
export interface Invoice {
  title: string;
  facts: [name: string, value: string][];
  columns: string[];
  lines: string[][];
  sums: [name: string, value: string, isBold?: boolean][];
  footer: string;
}

/** Away from the event loop. @throws AppError UNAVAILABLE when too many are waiting */
async function render(name: 'tickets' | 'invoice', content: TicketPage[] | Invoice): Promise<Buffer> {
  pool ??= new Piscina({
    filename: path.join(__dirname, 'worker.js'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  if (pool.queueSize >= MOST_WAITING)
    throw new AppError('UNAVAILABLE', 'Too many documents are being made: try again in a moment.', { retryAfter: 5 });
  return Buffer.from((await pool.run(content, { name })) as Uint8Array);
}

/** Draws tickets, a page each. @throws AppError UNAVAILABLE when too many are waiting */
export async function renderTickets(pages: TicketPage[]): Promise<Buffer> {
  return render('tickets', pages);
}

/** @throws AppError UNAVAILABLE when too many are waiting */
export async function renderInvoice(invoice: Invoice): Promise<Buffer> {
  return render('invoice', invoice);
}

/** Ends the threads; a later document starts new ones. */
export async function closePdf(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

import path from 'node:path';
import { Piscina } from 'piscina';
import { AppError } from '../../errors';

// All of these cross into a thread: plain data.

/** What stands on a ticket's page. */
export interface TicketPage {
  title: string;
  facts: [name: string, value: string][];
  /** In the QR code. */
  code: string;
  footer: string;
}

export interface Tickets {
  language: string;
  pages: TicketPage[];
  /** JPEG. */
  logo?: Uint8Array;
}

export interface InvoiceColumn {
  title: string;
  /** Of the width, in any unit. */
  share: number;
}

/** What stands on an invoice, as it is to be read. */
export interface Invoice {
  language: string;
  title: string;
  note?: string;
  /** Lines; the first is the name. */
  seller: string[];
  buyer: string[];
  facts: [name: string, value: string][];
  columns: InvoiceColumn[];
  lines: string[][];
  sums: [name: string, value: string, isBold?: boolean][];
  /** What happened after it was issued. */
  later: [name: string, value: string][];
  footer: string[];
  /** JPEG. */
  logo?: Uint8Array;
}

// A document takes tens of milliseconds: two threads are plenty, and leave processors to those who book.
const THREADS = 2;
const MAX_WAITING = 200;
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

/** Away from the event loop. @throws AppError UNAVAILABLE when too many are waiting */
async function render(name: 'tickets' | 'invoice', content: Tickets | Invoice): Promise<Buffer> {
  pool ??= new Piscina({
    filename: path.join(__dirname, 'worker.js'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  if (pool.queueSize >= MAX_WAITING)
    throw new AppError('UNAVAILABLE', 'Too many documents are being made: try again in a moment.', { retryAfter: 5 });
  return Buffer.from((await pool.run(content, { name })) as Uint8Array);
}

/** Draws tickets, a page each. @throws AppError UNAVAILABLE when too many are waiting */
export async function renderTickets(tickets: Tickets): Promise<Buffer> {
  return render('tickets', tickets);
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

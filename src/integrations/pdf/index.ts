import path from 'node:path';
import { Piscina } from 'piscina';
import { AppError } from '../../errors';

// These types are plain data, because they are sent to a thread.

/** The content of a ticket page. */
export interface TicketPage {
  title: string;
  facts: [name: string, value: string][];
  /** The content of the QR code. */
  code: string;
  footer: string;
}

export interface Tickets {
  language: string;
  pages: TicketPage[];
  /** The logo as JPEG. */
  logo?: Uint8Array;
}

export interface InvoiceColumn {
  title: string;
  /** The relative width. */
  share: number;
}

/** The content of an invoice, formatted for reading. */
export interface Invoice {
  language: string;
  title: string;
  note?: string;
  /** The lines of the seller; the first is the name. */
  seller: string[];
  buyer: string[];
  facts: [name: string, value: string][];
  columns: InvoiceColumn[];
  lines: string[][];
  sums: [name: string, value: string, isBold?: boolean][];
  /** Entries made after the invoice was issued. */
  later: [name: string, value: string][];
  footer: string[];
  /** The logo as JPEG. */
  logo?: Uint8Array;
}

// A document takes tens of milliseconds. Two threads are enough and leave CPU time for bookings.
const THREADS = 2;
const MAX_WAITING = 200;
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

/** Renders a document in a thread. @throws AppError UNAVAILABLE if too many are waiting */
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

/** Renders tickets, one page each. @throws AppError UNAVAILABLE if too many are waiting */
export async function renderTickets(tickets: Tickets): Promise<Buffer> {
  return render('tickets', tickets);
}

/** Renders an invoice. @throws AppError UNAVAILABLE if too many are waiting */
export async function renderInvoice(invoice: Invoice): Promise<Buffer> {
  return render('invoice', invoice);
}

/** Ends the threads. A later document starts new ones. */
export async function closePdf(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

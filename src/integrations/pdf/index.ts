import path from 'node:path';
import { Piscina } from 'piscina';
import { AppError } from '../../errors';
import { splitIntoChunks } from '../../lib/chunks';
import { createLoader } from '../../lib/loader';

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

// A document takes milliseconds, with pages of many scripts tens of them. Two threads are enough and leave CPU time for bookings.
const THREADS = 2;
// Waking a thread takes the event loop about as long as a page takes the thread.
const DOCUMENTS_PER_TASK = 10;
const MAX_WAITING = 200;
const IDLE_MS = 30_000;

let pool: Piscina | undefined;

type Drawn = { content: Uint8Array } | { failure: string };

/** Renders documents in a thread. */
async function run(name: 'tickets' | 'invoices', contents: object[]): Promise<(Buffer | Error)[]> {
  pool ??= new Piscina({
    filename: path.join(__dirname, 'worker.js'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  if (pool.queueSize >= MAX_WAITING)
    throw new AppError('UNAVAILABLE', 'Too many documents are being made: try again in a moment.', { retryAfter: 5 });
  const drawn = (await pool.run(contents, { name })) as Drawn[];
  return drawn.map((one) => ('failure' in one ? new Error(one.failure) : Buffer.from(one.content)));
}

const renderTogether = createLoader(async (all: readonly Tickets[]) => {
  const tasks = splitIntoChunks(DOCUMENTS_PER_TASK, [...all]).map((contents) => run('tickets', contents));
  return (await Promise.all(tasks)).flat();
});

/** Renders tickets, one page each. @throws AppError UNAVAILABLE if too many are waiting */
export async function renderTickets(tickets: Tickets): Promise<Buffer> {
  const made = await renderTogether(tickets);
  if (made instanceof Error) throw made;
  return made;
}

/** Renders an invoice. @throws AppError UNAVAILABLE if too many are waiting */
export async function renderInvoice(invoice: Invoice): Promise<Buffer> {
  const [made] = await run('invoices', [invoice]);
  if (made instanceof Error) throw made;
  return made!;
}

/** Ends the threads. A later document starts new ones. */
export async function closePdf(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

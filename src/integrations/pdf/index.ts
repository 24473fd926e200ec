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

/** Draws tickets, a page each, away from the event loop. @throws AppError UNAVAILABLE when too many are waiting */
export async function renderTickets(pages: TicketPage[]): Promise<Buffer> {
  pool ??= new Piscina({
    filename: path.join(__dirname, 'worker.js'),
    minThreads: 0,
    maxThreads: THREADS,
    idleTimeout: IDLE_MS,
  });
  if (pool.queueSize >= MOST_WAITING)
    throw new AppError('UNAVAILABLE', 'Too many documents are being made: try again in a moment.', { retryAfter: 5 });
  return Buffer.from((await pool.run(pages, { name: 'tickets' })) as Uint8Array);
}

/** Ends the threads; a later document starts new ones. */
export async function closePdf(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

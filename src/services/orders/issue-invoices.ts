import { runInTransaction, type Trx } from '../../database';
import { repeatInChunks } from '../../lib/chunks';
import { logger } from '../../logger';
import {
  insertInvoices,
  lockDueInvoice,
  lockDueInvoices,
  reserveNumbers,
  type InvoiceSourceRow,
  type NewInvoice,
} from '../../models/orders/invoices';
import { draftInvoice } from './draft-invoice';

const ISSUE_CHUNK_SIZE = 200;

/** Step: issues the invoices of locked orders, numbered consecutively per seller and year. */
async function issueInvoices(trx: Trx, sources: InvoiceSourceRow[]): Promise<void> {
  const drafts = sources.map((source) => {
    const document = draftInvoice(source);
    return { orderId: source.id, sellerId: source.seller.userId, year: Number(document.date.slice(0, 4)), document };
  });
  // Sorted, so that two transactions that issue invoices for several sellers cannot deadlock.
  const years = [...new Map(drafts.map(({ sellerId, year }) => [`${sellerId} ${year}`, { sellerId, year }])).values()];
  const invoices: NewInvoice[] = [];
  for (const { sellerId, year } of years.sort((a, b) => a.sellerId - b.sellerId || a.year - b.year)) {
    const draftsOfSeller = drafts.filter((draft) => draft.sellerId === sellerId && draft.year === year);
    const lastNumber = await reserveNumbers(trx, { sellerId, year, count: draftsOfSeller.length });
    draftsOfSeller.forEach((draft, index) => invoices.push({ ...draft, number: lastNumber + index + 1 }));
  }
  await insertInvoices(trx, invoices);
}

/** Issues the invoice of a paid order, unless it already has one. */
export async function issueInvoice(orderId: number): Promise<void> {
  await runInTransaction(async (trx) => {
    const due = await lockDueInvoice(trx, orderId);
    if (due.length > 0) await issueInvoices(trx, due);
  });
}

/** Issues the invoice after a sale without failing the sale. A schedule issues the invoices that fail here. */
export async function tryToIssueInvoice(orderId: number): Promise<void> {
  await issueInvoice(orderId).catch((error: Error) =>
    logger.warn({ err: error, orderId }, 'An invoice could not be issued; a schedule will retry'),
  );
}

/** Issues the invoices of paid orders that have none, in order of payment. Returns how many. */
export async function issueDueInvoices(): Promise<number> {
  return repeatInChunks(ISSUE_CHUNK_SIZE, (limit) =>
    runInTransaction(async (trx) => {
      const due = await lockDueInvoices(trx, limit);
      if (due.length > 0) await issueInvoices(trx, due);
      return due.length;
    }),
  );
}

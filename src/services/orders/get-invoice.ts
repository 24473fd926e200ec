import { database } from '../../database';
import { renderInvoice } from '../../integrations/pdf';
import type { Actor } from '../../lib/actor';
import { findInvoice, listInvoiceSources, listRefundsOfSeller } from '../../models/orders/invoices';
import type { OrderDetailRow } from '../../models/orders/orders';
import { findPrintedLogo } from '../users/printed-logo';
import { draftInvoice } from './draft-invoice';
import { issueInvoice } from './issue-invoices';
import { layOutInvoice, type Refunded } from './lay-out-invoice';
import { getOrderRow } from './get-orders';
import { createOrderNotFoundError } from './order-status';

/**
 * Returns the refunds of what paid for the order, money or credits; of several sellers, the part of the one whose invoice it is. Refunds
 * of overpayments and duplicate payments are not on the invoice.
 */
async function getRefunds(
  { id: orderId, refunds, paymentId, sellerIds }: OrderDetailRow,
  sellerId: number | undefined,
): Promise<Refunded[]> {
  if (sellerIds.length > 1) return sellerId === undefined ? [] : listRefundsOfSeller(database, { orderId, sellerId });
  return refunds
    .filter(
      (refund) =>
        [paymentId, null].includes(refund.paymentId) && refund.status !== 'failed' && refund.cause !== 'unusable',
    )
    .map(({ amount, createdAt, isToCredits }) => ({ amount, at: createdAt, isToCredits }));
}

/** Returns the invoice of a seller as it was issued; for an unpaid order, a draft without a number. @throws AppError NOT_FOUND */
async function getIssuedInvoice({ id, paidAt }: OrderDetailRow, sellerId: number | undefined) {
  const issued = await findInvoice(database, id, sellerId);
  if (issued) return { document: issued.document, number: issued };
  if (paidAt !== null) {
    await issueInvoice(id);
    const invoice = await findInvoice(database, id, sellerId);
    if (invoice) return { document: invoice.document, number: invoice };
  }
  const sources = await listInvoiceSources(database, id);
  const source = sources.find(({ seller }) => sellerId === undefined || seller.userId === sellerId);
  if (!source) throw createOrderNotFoundError();
  return { document: draftInvoice(source), number: undefined };
}

/** Returns the seller whose invoice an actor gets: a seller its own, everybody else the one that was asked for. */
function chooseSeller(
  actor: Actor,
  { sellerIds, userId }: OrderDetailRow,
  asked: number | undefined,
): number | undefined {
  return actor.role !== 'admin' && actor.userId !== userId && sellerIds.length > 0 ? actor.userId : asked;
}

interface GetInvoice {
  orderId: number;
  /** Whose invoice, if the order has several sellers; the first one by default. */
  sellerId?: number;
}

/** Returns an invoice as a PDF for anyone who may see the order. @throws AppError NOT_FOUND, UNAVAILABLE */
export async function getInvoice(
  actor: Actor,
  { orderId, sellerId }: GetInvoice,
): Promise<{ content: Buffer; orderNumber: string }> {
  const order = await getOrderRow(actor, orderId);
  const { document, number } = await getIssuedInvoice(order, chooseSeller(actor, order, sellerId));
  const logo = order.eventId === null ? undefined : await findPrintedLogo(order.eventId);
  const refunds = await getRefunds(order, number?.sellerId);
  const content = layOutInvoice({ document, number, refunds });
  return { content: await renderInvoice({ ...content, logo }), orderNumber: order.orderNumber };
}

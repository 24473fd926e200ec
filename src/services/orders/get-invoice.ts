import { database } from '../../database';
import { renderInvoice } from '../../integrations/pdf';
import type { Actor } from '../../lib/actor';
import { findInvoice, findInvoiceSource } from '../../models/orders/invoices';
import type { OrderDetailRow } from '../../models/orders/orders';
import { findPrintedLogo } from '../users/printed-logo';
import { draftInvoice } from './draft-invoice';
import { issueInvoice } from './issue-invoices';
import { layOutInvoice, type Refunded } from './lay-out-invoice';
import { getOrderRow } from './get-orders';
import { createOrderNotFoundError } from './order-status';

/** Returns the refunds of the payment that paid for the order. Refunds of overpayments and duplicate payments are not on the invoice. */
function getRefunds({ refunds, paymentId }: OrderDetailRow): Refunded[] {
  return refunds
    .filter((refund) => refund.paymentId === paymentId && refund.status !== 'failed' && refund.cause !== 'unusable')
    .map(({ amount, createdAt }) => ({ amount, at: createdAt }));
}

/** Returns the invoice as it was issued; for an unpaid order, a draft without a number. */
async function getIssuedInvoice({ id, paidAt }: OrderDetailRow) {
  const issued = await findInvoice(database, id);
  if (issued) return { document: issued.document, number: issued };
  if (paidAt !== null) {
    await issueInvoice(id);
    const invoice = await findInvoice(database, id);
    if (invoice) return { document: invoice.document, number: invoice };
  }
  const source = await findInvoiceSource(database, id);
  if (!source) throw createOrderNotFoundError();
  return { document: draftInvoice(source), number: undefined };
}

/** Returns the invoice as a PDF for anyone who may see the order. @throws AppError NOT_FOUND, UNAVAILABLE */
export async function getInvoice(actor: Actor, orderId: number): Promise<{ content: Buffer; orderNumber: string }> {
  const order = await getOrderRow(actor, orderId);
  const { document, number } = await getIssuedInvoice(order);
  const logo = order.eventId === null ? undefined : await findPrintedLogo(order.eventId);
  const content = layOutInvoice({ document, number, refunds: getRefunds(order) });
  return { content: await renderInvoice({ ...content, logo }), orderNumber: order.orderNumber };
}

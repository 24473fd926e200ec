import Big from 'big.js';
import type { InvoiceDocument } from '../../lib/money/invoice';
import { formatMoney } from '../../lib/money/money';
import { isTimeZone, localDate } from '../../lib/time-zone';
import type { InvoiceSourceRow } from '../../models/orders/invoices';
import { formatItemTotal } from './present-order';

/** Returns the invoice document of an order as it would be issued now. */
export function draftInvoice(source: InvoiceSourceRow): InvoiceDocument {
  const { currency, isTaxInclusive, taxRate, seller, paidAt, createdAt } = source;
  const money = (amount: string | Big): string => formatMoney(amount.toString(), currency);
  const toLocalDate = localDate(isTimeZone(seller.timezone) ? seller.timezone : 'UTC');
  return {
    orderNumber: source.orderNumber,
    date: toLocalDate(new Date(paidAt ?? createdAt)),
    locale: source.locale,
    seller: {
      name: seller.name ?? seller.accountName ?? seller.accountEmail,
      address: seller.address,
      vatId: seller.vatId,
      email: seller.email,
    },
    buyer: { name: source.customerName, email: source.customerEmail, address: source.billingAddress },
    event: source.event,
    seats: source.seats.map(({ section, row, number }) => ({ section, row, number })),
    currency,
    isTaxInclusive,
    items: source.items.map((item) => ({
      name: item.name,
      quantity: item.quantity,
      unitPrice: money(item.unitPrice),
      discount: money(item.discount),
      tax: money(item.tax),
      total: formatItemTotal(item, source),
    })),
    taxes: [{ rate: Number(taxRate), net: money(new Big(source.total).minus(source.tax)), tax: money(source.tax) }],
    subtotal: money(source.subtotal),
    discount: money(source.discount),
    total: money(source.total),
  };
}

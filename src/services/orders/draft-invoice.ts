import Big from 'big.js';
import type { InvoiceDocument } from '../../lib/money/invoice';
import { formatMoney } from '../../lib/money/money';
import { isTimeZone, localDate } from '../../lib/time-zone';
import type { InvoiceSourceRow } from '../../models/orders/invoices';
import { formatItemTotal } from './present-order';

type Sums = Pick<InvoiceDocument, 'isTaxInclusive' | 'items' | 'taxes' | 'subtotal' | 'discount' | 'total'>;

const toMoney =
  (currency: string) =>
  (amount: string | Big): string =>
    formatMoney(amount.toString(), currency);

/** Returns the sums of an order that a booking made: all its items have the same rate. */
function sumBooking(source: InvoiceSourceRow): Sums {
  const { currency, isTaxInclusive, taxRate } = source;
  const money = toMoney(currency);
  return {
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

/** Returns the items that the seller of an invoice sells; shipping belongs to the seller of the first goods that are sent. */
function listItemsOfSeller({ items, seller }: InvoiceSourceRow) {
  const sender = items.find(({ productType }) => productType === 'physical')?.sellerId;
  return items.filter((item) => (item.kind === 'shipping' ? sender : item.sellerId) === seller.userId);
}

/** Returns the sums of what one seller sells in a checkout. Items with tax rules of their own are shown with the tax in them. */
function sumCheckout(source: InvoiceSourceRow): Sums {
  const money = toMoney(source.currency);
  const items = listItemsOfSeller(source);
  const isTaxInclusive = items.some((item) => item.isTaxInclusive);
  const sum = (amounts: string[]): Big => amounts.reduce((all, amount) => all.plus(amount), new Big(0));
  const total = sum(items.map((item) => item.total!));
  const discount = sum(items.map((item) => item.discount));
  const tax = sum(items.map((item) => item.tax));
  const rates = [...new Set(items.map((item) => Number(item.taxRate)))].sort((a, b) => b - a);
  return {
    isTaxInclusive,
    items: items.map((item) => ({
      name: item.name,
      quantity: item.quantity,
      unitPrice: money(item.unitPrice),
      discount: money(item.discount),
      tax: money(item.tax),
      ...(rates.length > 1 ? { taxRate: Number(item.taxRate) } : {}),
      total: money(item.total!),
    })),
    taxes: rates.map((rate) => {
      const ofRate = items.filter((item) => Number(item.taxRate) === rate);
      const taxOfRate = sum(ofRate.map((item) => item.tax));
      return { rate, net: money(sum(ofRate.map((item) => item.total!)).minus(taxOfRate)), tax: money(taxOfRate) };
    }),
    subtotal: money(isTaxInclusive ? total.plus(discount) : total.plus(discount).minus(tax)),
    discount: money(discount),
    total: money(total),
  };
}

/** Returns the invoice document of an order as it would be issued now. */
export function draftInvoice(source: InvoiceSourceRow): InvoiceDocument {
  const { currency, seller, paidAt, createdAt } = source;
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
    ...(source.isCheckout ? sumCheckout(source) : sumBooking(source)),
  };
}

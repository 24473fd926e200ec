import Big from 'big.js';
import type { Invoice } from '../../integrations/pdf';
import { formatAddressLines } from '../../lib/address';
import { getDocumentTexts } from '../notifications/mail/texts/documents';
import { formatInvoiceNumber, type InvoiceDocument } from '../../lib/money/invoice';
import { formatDate, formatLocalizedMoney, formatPercent } from '../../lib/text/localized';
import { getTexts } from '../notifications/mail/texts';
import { formatSeatLabels } from '../../lib/seats/seat-label';

export interface Refunded {
  amount: string;
  /** Milliseconds since the epoch. */
  at: number;
  isToCredits: boolean;
}

interface InvoiceSource {
  document: InvoiceDocument;
  /** Undefined while the order is unpaid; the document is then a draft, not an invoice. */
  number: { year: number; number: number } | undefined;
  /** Refunds after the invoice was issued. */
  refunds: Refunded[];
}

/** Returns formatters for amounts, rates and dates in the customer's language. */
function createFormatter({ currency, locale }: InvoiceDocument) {
  const isZero = (amount: string): boolean => new Big(amount).eq(0);
  return {
    money: (amount: string): string => formatLocalizedMoney(amount, currency, locale),
    negative: (amount: string): string =>
      formatLocalizedMoney(isZero(amount) ? amount : `-${amount}`, currency, locale),
    date: (time: number, timeZone = 'UTC'): string => formatDate(time, { timeZone, locale, style: 'long' }),
    rate: (percent: number): string => formatPercent(percent, locale),
    isZero,
  };
}

function getSums(document: InvoiceDocument, isPaid: boolean): Invoice['sums'] {
  const { taxes, isTaxInclusive, subtotal, discount, total } = document;
  const { invoice: texts } = getDocumentTexts(document.locale);
  const { money, negative, rate, isZero } = createFormatter(document);
  const sums: Invoice['sums'] = [[texts.subtotal, money(subtotal)]];
  if (!isZero(discount)) sums.push([texts.discount, negative(discount)]);
  const taxRows = taxes
    .filter((tax) => tax.rate > 0)
    .flatMap((tax): Invoice['sums'] => [
      [texts.net(rate(tax.rate)), money(tax.net)],
      [texts.taxSum(rate(tax.rate)), money(tax.tax)],
    ]);
  const totalRow: Invoice['sums'] = [[texts.total, money(total), true]];
  sums.push(...(isTaxInclusive ? [...totalRow, ...taxRows] : [...taxRows, ...totalRow]));
  if (isPaid) sums.push([texts.paid, money(total)]);
  return sums;
}

type Column = Invoice['columns'][number] & { cell: (item: InvoiceDocument['items'][number]) => string };

/** Returns the columns in the order of the sum: quantity × price − discount + tax = amount. Included tax comes last. */
function getColumns(document: InvoiceDocument): Column[] {
  const { items, taxes, isTaxInclusive } = document;
  const { invoice: texts } = getDocumentTexts(document.locale);
  const { money, negative, rate, isZero } = createFormatter(document);
  const percent = Math.max(...taxes.map((tax) => tax.rate));
  const title = taxes.length > 1 ? '' : rate(percent);
  const tax: Column = {
    title: (isTaxInclusive ? texts.includedTax(title) : texts.tax(title)).trim(),
    share: 16,
    // Items that differ in their rate name it.
    cell: (item) => (item.taxRate === undefined ? money(item.tax) : `${money(item.tax)} (${rate(item.taxRate)})`),
  };
  const hasDiscount = items.some((item) => !isZero(item.discount));
  return [
    { title: texts.item, share: 32, cell: (item) => item.name },
    { title: texts.quantity, share: 13, cell: (item) => String(item.quantity) },
    { title: texts.unitPrice, share: 18, cell: (item) => money(item.unitPrice) },
    ...(hasDiscount
      ? [{ title: texts.discount, share: 18, cell: (item) => negative(item.discount) } satisfies Column]
      : []),
    ...(percent > 0 && !isTaxInclusive ? [tax] : []),
    { title: texts.amount, share: 18, cell: (item) => money(item.total) },
    ...(percent > 0 && isTaxInclusive ? [tax] : []),
  ];
}

function getBuyerLines({ buyer: { name, email, address }, locale }: InvoiceDocument): string[] {
  if (!address) return name === email ? [email] : [name, email];
  const { invoice: texts } = getDocumentTexts(locale);
  return [...formatAddressLines(address, locale), ...(address.vatId ? [texts.vatId(address.vatId)] : []), email];
}

/** Returns the content of an invoice PDF, from the stored document and in the customer's language. */
export function layOutInvoice({ document, number, refunds }: InvoiceSource): Invoice {
  const { seller, event, seats, orderNumber, currency, locale } = document;
  const { invoice: texts, language } = getDocumentTexts(locale);
  const { negative, date } = createFormatter(document);
  const facts: Invoice['facts'] = [
    ...(number ? ([[texts.number, formatInvoiceNumber(number)]] satisfies Invoice['facts']) : []),
    [texts.date, date(Date.parse(document.date))],
    [texts.order, orderNumber],
    ...(event
      ? ([
          [texts.event, event.title],
          [texts.eventDate, date(event.startsAt, event.timezone)],
        ] satisfies Invoice['facts'])
      : []),
    [texts.seats, formatSeatLabels(seats, getTexts(locale).seatWords)],
  ];
  const columns = getColumns(document);
  const sellerLines = [seller.name, ...(seller.address?.split('\n') ?? []), seller.vatId && texts.vatId(seller.vatId)];
  return {
    language,
    title: number ? texts.title(formatInvoiceNumber(number)) : texts.unpaidTitle(orderNumber),
    note: number ? undefined : texts.unpaidNote,
    seller: [...sellerLines, seller.email].filter((line) => line !== null),
    buyer: getBuyerLines(document),
    facts: facts.filter(([, value]) => value !== ''),
    columns: columns.map(({ title, share }) => ({ title, share })),
    lines: document.items.map((item) => columns.map(({ cell }) => cell(item))),
    sums: getSums(document, number !== undefined),
    later: refunds.map(({ amount, at, isToCredits }) => [
      isToCredits ? texts.refundedToCredits(date(at)) : texts.refunded(date(at)),
      negative(amount),
    ]),
    footer: [texts.footer(currency)],
  };
}

import type { BillingAddress } from '../address';
import type { SeatName } from '../seats/seat-label';

export interface InvoiceItem {
  name: string;
  quantity: number;
  unitPrice: string;
  discount: string;
  tax: string;
  /** Its tax rate in percent, if items differ in it. */
  taxRate?: number;
  /** The amount paid for it, including tax. */
  total: string;
}

/** The content of an invoice when it was issued. Amounts have the decimals of the currency. */
export interface InvoiceDocument {
  orderNumber: string;
  /** The date in the seller's time zone, such as `2030-01-31`. */
  date: string;
  /** The locale of the customer, for the language and the format of amounts and dates. */
  locale: string;
  seller: { name: string; address: string | null; vatId: string | null; email: string | null };
  /** Invoices issued before billing addresses existed have no address. */
  buyer: { name: string; email: string; address?: BillingAddress | null };
  /** Null if the order was not for one event. */
  event: { title: string; startsAt: number; timezone: string } | null;
  seats: SeatName[];
  currency: string;
  isTaxInclusive: boolean;
  items: InvoiceItem[];
  /** The part of the total for each tax rate in percent. */
  taxes: { rate: number; net: string; tax: string }[];
  subtotal: string;
  discount: string;
  total: string;
}

const DIGITS = 5;

/** Returns the printed number, which is unique among the invoices of one seller. */
export function formatInvoiceNumber({ year, number }: { year: number; number: number }): string {
  return `${year}-${String(number).padStart(DIGITS, '0')}`;
}

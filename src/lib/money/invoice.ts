import type { BillingAddress } from '../billing-address';
import type { SeatName } from '../seats/seat-label';

export interface InvoiceItem {
  name: string;
  quantity: number;
  unitPrice: string;
  discount: string;
  tax: string;
  /** What is paid for it, with tax. */
  total: string;
}

/** All that is on an invoice, as it was when it was issued. Amounts have the decimals of the currency. */
export interface InvoiceDocument {
  orderNumber: string;
  /** `2030-01-31`, where the seller is. */
  date: string;
  /** Of the customer: in whose language it is written, and how amounts and dates look. */
  locale: string;
  seller: { name: string; address: string | null; vatId: string | null; email: string | null };
  /** The address is missing on invoices that were issued before there were any. */
  buyer: { name: string; email: string; address?: BillingAddress | null };
  event: { title: string; startsAt: number; timezone: string };
  seats: SeatName[];
  currency: string;
  isTaxInclusive: boolean;
  items: InvoiceItem[];
  /** What each tax rate, in per cent, makes up of the total. */
  taxes: { rate: number; net: string; tax: string }[];
  subtotal: string;
  discount: string;
  total: string;
}

const DIGITS = 5;

/** As it is printed: unique among the invoices of one seller. */
export function formatInvoiceNumber({ year, number }: { year: number; number: number }): string {
  return `${year}-${String(number).padStart(DIGITS, '0')}`;
}

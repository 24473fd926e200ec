import { getLanguage, type Language } from '../../../../lib/text/languages';

const en = {
  ticket: {
    time: 'Time',
    venue: 'Venue',
    ticket: 'Ticket',
    seat: 'Seat',
    attendee: 'Attendee',
    reference: 'Reference',
    numbered: (name: string, number: number, of: number) => `${name} (${number} of ${of})`,
    footer: (id: number) => `Ticket ${id}. Admits one person, once. Keep the code to yourself.`,
  },
  invoice: {
    title: (number: string) => `Invoice ${number}`,
    unpaidTitle: (orderNumber: string) => `Order ${orderNumber}`,
    unpaidNote: 'This is not an invoice. The order has not been paid.',
    number: 'Invoice number',
    date: 'Date',
    order: 'Order',
    event: 'Event',
    eventDate: 'Event date',
    seats: 'Seats',
    vatId: (vatId: string) => `VAT ID: ${vatId}`,
    item: 'Item',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    discount: 'Discount',
    tax: (rate: string) => `Tax ${rate}`,
    amount: 'Amount',
    includedTax: (rate: string) => `Incl. tax ${rate}`,
    subtotal: 'Subtotal',
    net: (rate: string) => `Net amount at ${rate} tax`,
    taxSum: (rate: string) => `Tax at ${rate}`,
    total: 'Total',
    paid: 'Paid',
    refunded: (date: string) => `Refunded on ${date}`,
    refundedToCredits: (date: string) => `Refunded as credits on ${date}`,
    footer: (currency: string) => `All amounts are in ${currency}.`,
  },
};

type DocumentTexts = typeof en;

const de: DocumentTexts = {
  ticket: {
    time: 'Zeit',
    venue: 'Ort',
    ticket: 'Ticket',
    seat: 'Platz',
    attendee: 'Gast',
    reference: 'Buchung',
    numbered: (name, number, of) => `${name} (${number} von ${of})`,
    footer: (id) => `Ticket ${id}. Gilt für eine Person, einmal: Zeigen Sie den Code niemand anderem.`,
  },
  invoice: {
    title: (number) => `Rechnung ${number}`,
    unpaidTitle: (orderNumber) => `Bestellung ${orderNumber}`,
    unpaidNote: 'Dies ist keine Rechnung: Die Bestellung ist nicht bezahlt.',
    number: 'Rechnungsnummer',
    date: 'Datum',
    order: 'Bestellung',
    event: 'Veranstaltung',
    eventDate: 'Termin',
    seats: 'Plätze',
    vatId: (vatId) => `USt-IdNr.: ${vatId}`,
    item: 'Leistung',
    quantity: 'Anzahl',
    unitPrice: 'Einzelpreis',
    discount: 'Rabatt',
    tax: (rate) => `USt. ${rate}`,
    amount: 'Betrag',
    includedTax: (rate) => `inkl. USt. ${rate}`,
    subtotal: 'Zwischensumme',
    net: (rate) => `Nettobetrag zu ${rate} USt.`,
    taxSum: (rate) => `Umsatzsteuer ${rate}`,
    total: 'Gesamtbetrag',
    paid: 'Bezahlt',
    refunded: (date) => `Erstattet am ${date}`,
    refundedToCredits: (date) => `Als Guthaben erstattet am ${date}`,
    footer: (currency) => `Alle Beträge in ${currency}.`,
  },
};

const languages: Record<Language, DocumentTexts> = { en, de };

/** Returns the texts of tickets and invoices in the language of a locale. */
export function getDocumentTexts(locale: string): DocumentTexts & { language: Language } {
  const language = getLanguage(locale);
  return { ...languages[language], language };
}

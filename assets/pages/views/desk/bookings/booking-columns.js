import { texts as areas } from '#texts/desk-attendees.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Tag } from '../../../ui/parts.js';

/** @typedef {import('#types').AdminBooking} Booking */

const { bookings: own } = areas;

/** @type {Record<Booking['status'], 'good' | 'warn' | 'calm'>} */
export const BOOKING_TONES = { confirmed: 'good', pending: 'warn', cancelled: 'calm', expired: 'calm' };

/** The columns of lists of bookings. @param {import('../../../ui/data-table.js').Column[]} concerned what each is for, and whose it is */
export function useBookingColumns(concerned) {
  const { count, money, moment } = useFormat();
  return [
    { title: own.reference, cell: (/** @type {Booking} */ { reference }) => html`<code>${reference}</code>` },
    ...concerned,
    { title: own.tickets, isNumber: true, cell: (/** @type {Booking} */ { ticketsCount }) => count(ticketsCount) },
    {
      title: own.total,
      isNumber: true,
      cell: (/** @type {Booking} */ { totalAmount, currency }) => money(totalAmount, currency),
    },
    {
      title: own.status,
      cell: (/** @type {Booking} */ { status }) =>
        html`<${Tag} tone=${BOOKING_TONES[status]}>${own.statuses[status]}<//>`,
    },
    { title: own.created, cell: (/** @type {Booking} */ { createdAt }) => moment(createdAt) },
  ];
}

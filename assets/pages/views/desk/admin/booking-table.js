import { texts } from '#texts/desk-admin.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';

/** @typedef {import('#types').AdminBooking} Booking */

/** @type {Record<Booking['status'], 'good' | 'warn' | 'calm'>} */
export const BOOKING_TONES = { confirmed: 'good', pending: 'warn', cancelled: 'calm', expired: 'calm' };
const STATUSES = /** @type {Booking['status'][]} */ (Object.keys(BOOKING_TONES));

/** The bookings of everybody, or of one user. @param {{ userId?: string }} props */
export function BookingTable({ userId }) {
  const { money, moment, count } = useFormat();
  const columns = [
    { title: texts.reference, cell: (/** @type {Booking} */ { reference }) => html`<code>${reference}</code>` },
    { title: texts.event, cell: (/** @type {Booking} */ { event }) => event.title },
    ...(userId ? [] : [{ title: texts.customer, cell: (/** @type {Booking} */ { user }) => user.email }]),
    { title: texts.tickets, isNumber: true, cell: (/** @type {Booking} */ { ticketsCount }) => count(ticketsCount) },
    {
      title: texts.total,
      isNumber: true,
      cell: (/** @type {Booking} */ { totalAmount, currency }) => money(totalAmount, currency),
    },
    {
      title: texts.status,
      cell: (/** @type {Booking} */ { status }) =>
        html`<${Tag} tone=${BOOKING_TONES[status]}>${texts.statuses[status]}<//>`,
    },
    { title: texts.createdAt, cell: (/** @type {Booking} */ { createdAt }) => moment(createdAt) },
  ];
  return html`<${DataTable}
    caption=${texts.bookings}
    path="/api/admin/bookings"
    query=${{ userId }}
    columns=${columns}
    filters=${[
      { name: 'status', label: texts.status, options: STATUSES.map((status) => [status, texts.statuses[status]]) },
      { name: 'from', label: texts.from, type: 'from' },
      { name: 'to', label: texts.to, type: 'to' },
    ]}
    href=${(/** @type {Booking} */ { id }) => `/admin/bookings/${id}`}
    csv=${userId ? undefined : { path: '/api/admin/reports/bookings.csv', filename: 'bookings.csv' }}
    empty=${texts.noBookings}
  />`;
}

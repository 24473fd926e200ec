import { texts } from '#texts/desk-admin.js';
import { texts as areas } from '#texts/desk-attendees.js';
import { html } from '../../../lib/html.js';
import { DataTable } from '../../../ui/data-table.js';
import { useBookingColumns } from './booking-columns.js';

/** @typedef {import('#types').AdminBooking} Booking */

const { bookings: own } = areas;

/** The bookings of everybody, or of one user. @param {{ userId?: string }} props */
export function BookingTable({ userId }) {
  const event = { title: texts.event, cell: (/** @type {Booking} */ booking) => booking.event.title };
  const customer = { title: texts.customer, cell: (/** @type {Booking} */ { user }) => user.email };
  const columns = useBookingColumns(userId ? [event] : [event, customer]);
  return html`<${DataTable}
    caption=${texts.bookings}
    path="/api/admin/bookings"
    query=${{ userId }}
    columns=${columns}
    filters=${[
      { name: 'status', label: texts.status, options: Object.entries(own.statuses) },
      { name: 'from', label: texts.from, type: 'from' },
      { name: 'to', label: texts.to, type: 'to' },
    ]}
    href=${(/** @type {Booking} */ { id }) => `/admin/bookings/${id}`}
    csv=${userId ? undefined : { path: '/api/admin/reports/bookings.csv', filename: 'bookings.csv' }}
    empty=${texts.noBookings}
  />`;
}

import { texts } from '#texts/desk-admin.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Facts } from '../../../ui/figures.js';
import { Card, Table, Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { LoadedPage } from '../loaded-page.js';
import { BOOKING_TONES } from './booking-columns.js';

/** @typedef {import('#types').Booking} Booking */

/** @param {{ tickets: Booking['tickets'] }} props */
function Tickets({ tickets }) {
  const { moment } = useFormat();
  if (!tickets || tickets.length === 0) return null;
  return html`<${Card} title=${texts.tickets}>
    <${Table} caption=${texts.tickets} head=${[texts.ticket, texts.holder, texts.status, texts.checkedIn]}>
      ${tickets.map(
        ({ id, attendeeName, status, checkedInAt }) =>
          html`<tr key=${id}>
            <th scope="row">${id}</th>
            <td>${attendeeName ?? '–'}</td>
            <td><${Tag} tone=${status === 'valid' ? 'good' : 'calm'}>${texts.statuses[status]}<//></td>
            <td>${checkedInAt ? moment(checkedInAt) : '–'}</td>
          </tr>`,
      )}
    <//>
  <//>`;
}

/** One booking with its tickets, for admins. @param {{ params: Record<string, string> }} props */
export function BookingPage({ params: { id } }) {
  const { money, moment } = useFormat();
  const loaded = useLoad(() => get(`/api/bookings/${id}`), [id]);
  const back = ['/admin/bookings', texts.bookings];
  return html`<${LoadedPage} from=${loaded} title=${texts.booking} back=${back}>
    ${(/** @type {Booking} */ booking) =>
      html`<${DeskHead} title=${booking.reference} back=${back} />
        <${Card} title=${texts.booking}>
          <${Facts}
            facts=${[
              [texts.status, html`<${Tag} tone=${BOOKING_TONES[booking.status]}>${texts.statuses[booking.status]}<//>`],
              [texts.event, html`<a href=${`/admin/events/${booking.event.id}`}>${booking.event.title}</a>`],
              [texts.customer, html`<a href=${`/admin/users/${booking.userId}`}>${texts.account(booking.userId)}</a>`],
              [
                texts.order,
                booking.order && html`<a href=${`/admin/orders/${booking.order.id}`}>${booking.order.orderNumber}</a>`,
              ],
              [texts.total, money(booking.totalAmount, booking.currency)],
              [texts.createdAt, moment(booking.createdAt)],
              [texts.statuses.cancelled, booking.cancelledAt && moment(booking.cancelledAt)],
            ]}
          />
        <//>
        <${Tickets} tickets=${booking.tickets} />`}
  <//>`;
}

import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { Notice } from '../../ui/parts.js';

/** The bookings that the user already has for this event. @param {{ bookings: import('#types').Booking[] }} props */
export function OwnBookings({ bookings }) {
  const { event: texts } = useTexts();
  return bookings.map(({ id, status, order, ticketsCount, reference }) =>
    status === 'pending' && order
      ? html`<${Notice} key=${id} tone="warn">
          <p>${texts.unpaid(ticketsCount)}</p>
          <p><a class="button primary" href=${`/orders/${order.id}`}>${texts.payNow}</a></p>
        <//>`
      : html`<${Notice} key=${id} tone="good">
          <p>${texts.booked(ticketsCount, reference)}</p>
          <p><a class="button" href=${`/bookings/${id}`}>${texts.showBooking}</a></p>
        <//>`,
  );
}

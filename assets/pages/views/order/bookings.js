import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { Tag } from '../../ui/parts.js';
import { EventHead } from '../tickets/event-head.js';

/** @type {Record<string, 'good' | 'warn' | 'calm'>} */
const TONES = { confirmed: 'good', pending: 'warn', cancelled: 'calm', expired: 'calm' };

/** The bookings of an order, one for each event. @param {{ bookings: import('#types').Booking[] }} props */
export function OrderBookings({ bookings }) {
  const { store, order: orderTexts } = useTexts();
  const { order: texts } = store;
  if (bookings.length === 0) return null;
  return html`<section class="part">
    <h2>${texts.bookings}</h2>
    <ul class="rows">
      ${bookings.map(
        ({ id, event, status, ticketsCount, reference }) =>
          html`<li class="card" key=${id}>
            <${EventHead} event=${event} />
            <p>
              <${Tag} tone=${TONES[status]}>${texts.bookingStatus[status]}<//>
              <span class="muted"> ${texts.tickets(ticketsCount)} · <code>${reference}</code></span>
            </p>
            ${
              status === 'confirmed' &&
              html`<p>
                <a class="button primary" href=${`/bookings/${id}`}>
                  ${orderTexts.showTickets}<span class="unseen"> ${event.title}</span>
                </a>
              </p>`
            }
          </li>`,
      )}
    </ul>
  </section>`;
}

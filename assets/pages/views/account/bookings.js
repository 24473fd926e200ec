import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Tag } from '../../ui/parts.js';
import { EventHead } from '../tickets/event-head.js';
import { Paged } from './paged.js';

/** @type {Record<string, 'good' | 'warn' | 'bad' | 'calm'>} */
const TONES = { confirmed: 'good', pending: 'warn', cancelled: 'calm', expired: 'calm' };

/** @param {{ booking: import('#types').Booking }} props */
function Row({ booking: { id, event, status, reference, ticketsCount, totalAmount, currency, order } }) {
  const { account: texts, booking: bookingTexts } = useTexts();
  const { money } = useFormat();
  return html`<li class="card">
    <${EventHead} event=${event} />
    <p>
      <${Tag} tone=${TONES[status]}>${texts.bookingStatus[/** @type {keyof typeof texts.bookingStatus} */ (status)]}<//>
      <span class="muted">
        ${texts.bookingLine(ticketsCount, money(totalAmount, currency))} · <code>${reference}</code></span
      >
    </p>
    <p class="row">
      <a class="button" href=${`/bookings/${id}`}>${texts.show}<span class="unseen"> ${reference}</span></a>
      ${status === 'pending' && order && html`<a class="button primary" href=${`/orders/${order.id}`}>${bookingTexts.pay}</a>`}
    </p>
  </li>`;
}

/** The user's bookings, newest first. */
export function Bookings() {
  const { account: texts } = useTexts();
  return html`<${Paged} path="/api/bookings" empty=${texts.noBookings}>
    ${(/** @type {any[]} */ bookings) =>
      html`<ul class="rows">
        ${bookings.map((booking) => html`<${Row} key=${booking.id} booking=${booking} />`)}
      </ul>`}
  <//>`;
}

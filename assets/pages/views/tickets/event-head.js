import { html } from '../../lib/html.js';
import { useFormat } from '../../lib/locale.js';

/** The event of a booking or ticket, in two lines. @param {{ event: import('#types').EventSummary }} props */
export function EventHead({ event }) {
  const { dayAndTime } = useFormat();
  return html`<p>
    <a href=${`/e/${event.id}`}>${event.title}</a><br />
    <span class="muted">
      <time datetime=${event.startDate}>${dayAndTime(event.startDate, event.timezone)}</time>
      ${event.venueName && ` · ${event.venueName}`}
    </span>
  </p>`;
}

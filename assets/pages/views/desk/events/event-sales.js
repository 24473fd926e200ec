import { useEffect, useRef, useState } from 'preact/hooks';
import { texts } from '#texts/desk-events.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAvailability } from '../../../lib/live-events.js';
import { useFormat } from '../../../lib/locale.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { usePolled } from '../../../lib/use-polled.js';
import { TimeChart } from '../../../ui/chart.js';
import { Facts } from '../../../ui/figures.js';
import { Card, Table } from '../../../ui/parts.js';
import { Polled } from '../../../ui/polled.js';
import { Empty } from '../../../ui/states.js';
import { Changing, LiveSign, TakenTickets } from './live.js';

/** @typedef {import('#types').EventDetail} EventDetail */
/** @typedef {import('#types').EventStats} EventStats */

const AGAIN_MS = 15_000;

/** Availability changes several times a second during a sale, which is too often for screen readers. @param {string} text */
function useSometimes(text) {
  const [said, setSaid] = useState('');
  const saidAt = useRef(0);
  useEffect(() => {
    if (Date.now() - saidAt.current < AGAIN_MS) return;
    saidAt.current = Date.now();
    setSaid(text);
  }, [text]);
  return said;
}

/** @param {{ event: EventDetail }} props */
function FreeCard({ event }) {
  const { count } = useNumbers();
  const { dayAndTime } = useFormat();
  const { availableTickets } = useAvailability(event.id) ?? event;
  const free = availableTickets === null ? texts.unlimited : count(availableTickets);
  const said = useSometimes(texts.freeNow(free));
  return html`<${Card} title=${texts.freeTickets}>
    <p class="big"><${Changing} id="free" value=${free} /></p>
    <${TakenTickets} event=${event} />
    <p class="unseen" role="status">${said}</p>
    <${Facts}
      facts=${[
        [texts.begins, dayAndTime(event.startDate, event.timezone)],
        [texts.ends, event.endDate && dayAndTime(event.endDate, event.timezone)],
        [texts.zone, event.timezone.replaceAll('_', ' ')],
      ]}
    />
  <//>`;
}

/** @param {{ stats: EventStats }} props */
function SalesCard({ stats: { sold, held, waiting, revenue, bookings, cancellationRate, checkIns } }) {
  const { count, money, share } = useNumbers();
  const refunded = revenue.filter((each) => Number(each.refunded) > 0);
  return html`<${Card} title=${texts.sales}>
    <${Facts}
      facts=${[
        [texts.sold, count(sold)],
        [texts.held, count(held)],
        [texts.waiting, count(waiting)],
        [texts.revenue, revenue.map(({ net, currency }) => money(net, currency)).join(', ')],
        [texts.refunded, refunded.map((each) => money(each.refunded, each.currency)).join(', ')],
        [texts.bookings, count(bookings.confirmed)],
        [texts.cancellationRate, share(cancellationRate)],
        [texts.checkIns, count(checkIns)],
      ]}
    />
  <//>`;
}

/** @param {{ stats: EventStats }} props */
function PerDayCard({ stats: { bookingsPerDay } }) {
  const { count, period } = useNumbers();
  if (bookingsPerDay.length === 0) return html`<${Card} title=${texts.perDay}><${Empty} text=${texts.nobodyYet} /><//>`;
  return html`<${Card} title=${texts.perDay}>
    <${TimeChart}
      title=${texts.perDay}
      labels=${bookingsPerDay.map(({ date }) => period(date, 'day'))}
      series=${[
        { label: texts.bookings, values: bookingsPerDay.map(({ bookings }) => bookings), color: '--accent' },
        { label: texts.tickets, values: bookingsPerDay.map(({ tickets }) => tickets), color: '--third', type: 'line' },
      ]}
      format=${count}
      ticks=${(/** @type {number} */ value) => (Number.isInteger(value) ? count(value) : '')}
    />
  <//>`;
}

/** @param {{ stats: EventStats }} props */
function TypesCard({ stats: { eventId, byTicketType, currency } }) {
  const { count, money } = useNumbers();
  const availability = useAvailability(eventId);
  const findFree = (/** @type {EventStats['byTicketType'][number]} */ { ticketTypeId, quantityAvailable }) =>
    availability?.ticketTypes.find(({ id }) => id === ticketTypeId)?.quantityAvailable ?? quantityAvailable;
  const showFree = (/** @type {number | null} */ free) => (free === null ? texts.unlimited : count(free));
  return html`<${Card} title=${texts.byType}>
    <${Table}
      caption=${texts.byType}
      head=${[texts.ticket, texts.price, texts.sold, texts.free, texts.revenue, texts.checkIns]}
    >
      ${byTicketType.map(
        (type) =>
          html`<tr key=${type.ticketTypeId}>
            <th scope="row">${type.name}</th>
            <td>${money(type.price, currency)}</td>
            <td>${count(type.sold)}</td>
            <td><${Changing} value=${showFree(findFree(type))} /></td>
            <td>${type.revenue.map((each) => money(each.net, each.currency)).join(', ')}</td>
            <td>${count(type.checkIns)}</td>
          </tr>`,
      )}
    <//>
  <//>`;
}

/** How many tickets of an event are left, live, and how it sells. @param {{ event: EventDetail }} props */
export function EventSales({ event }) {
  const polled = usePolled(() => get(`/api/events/${event.id}/stats`), [event.id], AGAIN_MS);
  return html`<p><${LiveSign} /></p>
    <${Polled} from=${polled}>
      ${(/** @type {EventStats} */ stats) =>
        html`<div class="grid">
          <${FreeCard} event=${{ ...event, availableTickets: stats.availableTickets }} /><${SalesCard} stats=${stats} />
          <${PerDayCard} stats=${stats} /><${TypesCard} stats=${stats} />
        </div>`}
    <//>`;
}

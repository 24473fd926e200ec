import { texts } from '#texts/desk-overview.js';
import { html } from '../../../lib/html.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { RingChart, TimeChart } from '../../../ui/chart.js';
import { Facts } from '../../../ui/figures.js';
import { Card } from '../../../ui/parts.js';
import { Empty } from '../../../ui/states.js';
import { findRevenue } from './overview-figures.js';

/** @typedef {import('#types').Analytics} Analytics */
/** @typedef {import('#types').Dashboard} Dashboard */

/** @param {Analytics} now */
function usePeriods({ periods, groupBy }) {
  const { period } = useNumbers();
  const per = texts.per[groupBy];
  return { per, labels: periods.map((each) => period(each.period, groupBy)) };
}

/** @param {{ now: Analytics }} props */
export function BookingsCard({ now }) {
  const { count } = useNumbers();
  const { per, labels } = usePeriods(now);
  const title = texts.bookingsPer(per);
  return html`<${Card} title=${title} class="wide">
    <${TimeChart}
      title=${title}
      labels=${labels}
      series=${[
        { label: texts.bookings, values: now.periods.map(({ bookings }) => bookings), color: '--accent' },
        {
          label: texts.cancellations,
          values: now.periods.map(({ cancellations }) => cancellations),
          color: '--second',
        },
      ]}
      format=${count}
      ticks=${(/** @type {number} */ value) => (Number.isInteger(value) ? count(value) : '')}
    />
  <//>`;
}

/** @param {{ now: Analytics, currency?: string }} props */
export function RevenueCard({ now, currency }) {
  const { money } = useNumbers();
  const { per, labels } = usePeriods(now);
  if (!currency) return html`<${Card} title=${texts.revenuePer(per)}><${Empty} text=${texts.nothingPaid} /><//>`;
  const title = texts.revenuePerIn(per, currency);
  const read = (/** @type {'net' | 'refunded'} */ key) =>
    now.periods.map((each) => Number(findRevenue(each, currency)[key]));
  return html`<${Card} title=${title}>
    <${TimeChart}
      title=${title}
      labels=${labels}
      series=${[
        { label: texts.net, values: read('net'), color: '--third' },
        { label: texts.refunded, values: read('refunded'), color: '--second' },
      ]}
      format=${(/** @type {any} */ value) => money(value, currency)}
      ticks=${(/** @type {number} */ value) => money(value, currency, { notation: 'compact', maximumFractionDigits: 1 })}
    />
  <//>`;
}

/** @param {{ now: Analytics }} props */
export function RateCard({ now }) {
  const { share } = useNumbers();
  const { per, labels } = usePeriods(now);
  const title = texts.ratePer(per);
  const values = now.periods.map(({ cancellationRate }) => cancellationRate);
  return html`<${Card} title=${title}>
    <${TimeChart}
      title=${title}
      labels=${labels}
      series=${[{ label: texts.cancelledOfBooked, values, color: '--second', type: 'line' }]}
      format=${share}
    />
  <//>`;
}

/** @param {{ dashboard: Dashboard }} props */
export function CapacityCard({
  dashboard: {
    capacity: { capacity, sold, held },
  },
}) {
  const { count } = useNumbers();
  const title = texts.capacity;
  if (capacity === 0) return html`<${Card} title=${title} class="narrow"><${Empty} text=${texts.noCapacity} /><//>`;
  const slices = [
    { label: texts.sold, value: sold, color: '--accent' },
    { label: texts.held, value: held, color: '--second' },
    { label: texts.free, value: Math.max(0, capacity - sold - held), color: '--line' },
  ];
  return html`<${Card} title=${title} class="narrow">
    <${RingChart} title=${title} slices=${slices} format=${count} />
  <//>`;
}

/** @param {{ now: Analytics }} props */
export function PopularCard({ now: { popularEvents } }) {
  const { count } = useNumbers();
  if (popularEvents.length === 0)
    return html`<${Card} title=${texts.popular} class="narrow"><${Empty} text=${texts.nothingBooked} /><//>`;
  return html`<${Card} title=${texts.popular} class="narrow">
    <ol class="ranking">
      ${popularEvents.slice(0, 6).map(
        ({ eventId, title, bookings, tickets }) =>
          html`<li key=${eventId}>
            <div>
              <a class="name" href=${`/admin/events/${eventId}`} title=${title}>${title}</a>
              <span class="number muted">${texts.tickets(tickets, count(tickets))}</span>
            </div>
            <progress
              max=${popularEvents[0]?.tickets}
              value=${tickets}
              aria-label=${texts.popularLine(title, count(tickets), count(bookings))}
            ></progress>
          </li>`,
      )}
    </ol>
  <//>`;
}

/** @param {{ dashboard: Dashboard }} props */
export function EventsCard({ dashboard: { events, activeUsers, users } }) {
  const { count } = useNumbers();
  return html`<${Card} title=${texts.eventsAndPeople} class="narrow">
    <${Facts}
      facts=${[
        [texts.upcoming, count(events.upcoming)],
        [texts.drafts, count(events.draft)],
        [texts.completed, count(events.completed)],
        [texts.cancelled, count(events.cancelled)],
        [texts.booked24Hours, count(activeUsers.last24Hours)],
        [texts.booked7Days, count(activeUsers.last7Days)],
        ...(users
          ? [
              [texts.organizers, count(users.organizers)],
              [texts.suspended, count(users.suspended)],
            ]
          : []),
      ]}
    />
  <//>`;
}

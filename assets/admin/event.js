import { timeChart } from './charts.js';
import { card, empty, h, table, tag } from './dom.js';
import { liveSign, put, useOf } from './events.js';
import * as words from './format.js';
import { watch } from './live.js';
import { get } from './session.js';
import { pairs } from './system.js';

const AGAIN_MS = 15_000;

function perDay({ bookingsPerDay }) {
  const title = 'Bookings per day';
  if (bookingsPerDay.length === 0) return card(title, empty('Nobody has booked yet.'));
  const chart = timeChart(title, {
    labels: bookingsPerDay.map(({ date }) => words.period(date, 'day')),
    series: [
      { label: 'Bookings', values: bookingsPerDay.map(({ bookings }) => bookings), color: '--accent' },
      { label: 'Tickets', values: bookingsPerDay.map(({ tickets }) => tickets), color: '--third', type: 'line' },
    ],
    format: words.count,
    ticks: (value) => (Number.isInteger(value) ? words.count(value) : ''),
  });
  return card(title, ...chart);
}

/** Formats revenue in each currency. */
const earned = (revenue) => revenue.map(({ net, currency }) => words.money(net, currency)).join(', ');

function byType({ byTicketType, currency }, free) {
  const columns = [['Ticket'], ['Price', true], ['Sold', true], ['Free', true], ['Revenue', true], ['Let in', true]];
  const rows = byTicketType.map((type) => ({
    key: type.ticketTypeId,
    cells: [
      type.name,
      words.money(type.price, currency),
      words.count(type.sold),
      free.get(type.ticketTypeId),
      earned(type.revenue),
      words.count(type.checkIns),
    ],
  }));
  return card('By ticket', table(columns, rows, { caption: 'By ticket', stacked: true }));
}

const refundedOf = (revenue) =>
  revenue
    .filter(({ refunded }) => Number(refunded) > 0)
    .map(({ refunded, currency }) => ['Refunded', words.money(refunded, currency)]);

const freeText = (available) => (available === null ? 'Unlimited' : words.count(available));

/** Shows one event: live availability and sales. */
export async function eventView(content, { id, signal }) {
  const [{ data: event }, { data: first }] = await Promise.all([
    get(`/api/events/${id}`),
    get(`/api/events/${id}/stats`),
  ]);
  if (signal.aborted) return;
  const { sign, onLive } = liveSign();
  const free = h('p', { class: 'big', id: 'free' }, freeText(event.availableTickets));
  const use = useOf(event);
  const freeOf = new Map(
    first.byTicketType.map((type) => [type.ticketTypeId, h('span', {}, freeText(type.quantityAvailable))]),
  );
  const facts = h('div');
  const showFacts = ({ sold, held, waiting, revenue, cancellationRate, bookings, checkIns }) =>
    facts.replaceChildren(
      pairs([
        ['Sold', words.count(sold)],
        ['Held, unpaid or offered', words.count(held)],
        ['Waiting in line', words.count(waiting)],
        ['Revenue', earned(revenue)],
        ...refundedOf(revenue),
        ['Bookings', words.count(bookings.confirmed)],
        ['Cancellation rate', words.share(cancellationRate)],
        ['Let in', words.count(checkIns)],
      ]),
    );
  showFacts(first);
  content.replaceChildren(
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        {},
        h('p', { class: 'fine' }, h('a', { href: '#events' }, 'Events')),
        h('h1', {}, event.title),
        h(
          'p',
          { class: 'muted' },
          [words.time(event.startDate), event.venueName].filter(Boolean).join(' · '),
          ' ',
          tag(event.status, event.status === 'published' ? 'good' : 'calm'),
        ),
      ),
      sign,
    ),
    h(
      'div',
      { class: 'grid' },
      card(
        'Free tickets',
        free,
        use.element,
        h('p', { class: 'unseen', role: 'status', id: 'free-said' }),
        pairs([
          ['Begins', words.time(event.startDate)],
          ['Ends', words.time(event.endDate)],
          ['There', event.timezone.replaceAll('_', ' ')],
        ]),
      ),
      card('How it sells', facts),
      perDay(first),
      byType(first, freeOf),
    ),
  );
  document.title = `${event.title} · Bilten`;

  let saidAt = 0;
  const onAvailability = ({ availableTickets, ticketTypes }) => {
    put(free, freeText(availableTickets));
    use.show(availableTickets);
    for (const type of ticketTypes) {
      const cell = freeOf.get(type.id);
      if (cell) put(cell, freeText(type.quantityAvailable));
    }
    // Changes several times a second during a sale, which is too often for screen readers.
    if (Date.now() - saidAt < AGAIN_MS) return;
    saidAt = Date.now();
    content.querySelector('#free-said').textContent = `${freeText(availableTickets)} tickets are free.`;
  };
  watch([id], { onAvailability, onLive, signal });
  const renew = async () => {
    const { data } = await get(`/api/events/${id}/stats`);
    if (!signal.aborted) showFacts(data);
  };
  const timer = setInterval(() => document.hidden || renew().catch(() => undefined), AGAIN_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

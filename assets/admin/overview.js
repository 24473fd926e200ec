import { dropCharts, ringChart, timeChart } from './charts.js';
import { card, empty, h, problem } from './dom.js';
import * as words from './format.js';
import { get } from './session.js';
import { systemCard } from './system.js';

const RANGES = [
  { name: '7', title: '7 days', unit: 'day', days: 7 },
  { name: '30', title: '30 days', unit: 'day', days: 30 },
  { name: '12w', title: '12 weeks', unit: 'week', days: 84 },
  { name: '12m', title: '12 months', unit: 'month', months: 12 },
];
const AGAIN_MS = 30_000;

// Selections are kept while the page is open.
const chosen = { range: RANGES[1], currency: undefined };

/** Returns the start of the range in the browser's time zone, and of the equally long range before it. */
function startsOf({ unit, days, months }) {
  const start = new Date();
  start.setHours(0, 0, 0, 0);
  if (unit === 'week') start.setDate(start.getDate() - ((start.getDay() + 6) % 7) - days + 7);
  else if (unit === 'month') start.setMonth(start.getMonth() - months + 1, 1);
  else start.setDate(start.getDate() - days + 1);
  return { start, before: new Date(start.getTime() - (Date.now() - start.getTime())) };
}

async function load(base, range) {
  const { start, before } = startsOf(range);
  const { timezone } = words;
  const [dashboard, now, then] = await Promise.all([
    get(`${base}/dashboard`, { timezone }),
    get(`${base}/analytics`, { timezone, groupBy: range.unit, from: start.toISOString() }),
    get(`${base}/analytics`, { timezone, groupBy: 'month', from: before.toISOString(), to: start.toISOString() }),
  ]);
  return { dashboard: dashboard.data, now: now.data, then: then.data.totals };
}

function figure(title, value, note) {
  return h(
    'div',
    { class: 'card figure' },
    h('dt', {}, title),
    h('dd', { class: 'value' }, value),
    h('dd', { class: 'note' }, note),
  );
}

/** Shows how a number compares with the previous period, in words and not only by color. */
function compared(now, then) {
  if (!then) return 'nothing to compare with before';
  const change = now / then - 1;
  const tone = change === 0 ? null : change > 0 ? 'up' : 'down';
  return h('span', {}, h('span', { class: tone }, words.change(change)), ' against the time before');
}

const revenueIn = (figures, currency) =>
  figures.revenue.find((one) => one.currency === currency) ?? { gross: '0', refunded: '0', net: '0', tax: '0' };

function figuresOf({ dashboard, now, then }, currency) {
  const { totals } = now;
  const { users, capacity, today } = dashboard;
  const money = currency && revenueIn(totals, currency);
  return h(
    'dl',
    { class: 'figures' },
    figure('Bookings', words.count(totals.bookings), compared(totals.bookings, then.bookings)),
    figure('Tickets sold', words.count(totals.tickets), `${words.count(today.tickets)} of them today`),
    money &&
      figure(
        `Revenue, ${currency}`,
        words.money(money.net, currency, { maximumFractionDigits: 0 }),
        compared(Number(money.net), Number(revenueIn(then, currency).net)),
      ),
    figure(
      'Cancellation rate',
      words.share(totals.cancellationRate),
      then.cancellationRate === null
        ? 'nothing to compare with before'
        : `${words.share(then.cancellationRate)} in the time before`,
    ),
    figure(
      'Capacity used',
      words.share(capacity.utilization),
      `${words.count(capacity.sold)} of ${words.count(capacity.capacity)} tickets to come`,
    ),
    figure(
      'People who booked',
      words.count(totals.activeUsers),
      users ? `${words.count(totals.newUsers)} new of ${words.count(users.total)} accounts` : 'each counted once',
    ),
  );
}

function bookingsCard({ periods, groupBy }) {
  const title = `Bookings per ${groupBy}`;
  const chart = timeChart(title, {
    labels: periods.map(({ period }) => words.period(period, groupBy)),
    series: [
      { label: 'Bookings', values: periods.map(({ bookings }) => bookings), color: '--accent' },
      { label: 'Cancellations', values: periods.map(({ cancellations }) => cancellations), color: '--second' },
    ],
    format: words.count,
    ticks: (value) => (Number.isInteger(value) ? words.count(value) : ''),
  });
  return card(title, ...chart);
}

function revenueCard({ periods, groupBy }, currency) {
  const title = `Revenue per ${groupBy}`;
  if (!currency) return card(title, empty('Nothing was paid in this time.'));
  const of = (key) => periods.map((one) => Number(revenueIn(one, currency)[key]));
  const short = { notation: 'compact', maximumFractionDigits: 1 };
  const chart = timeChart(`${title} in ${currency}`, {
    labels: periods.map(({ period }) => words.period(period, groupBy)),
    series: [
      { label: 'Net', values: of('net'), color: '--third' },
      { label: 'Refunded', values: of('refunded'), color: '--second' },
    ],
    format: (value) => words.money(value, currency),
    ticks: (value) => words.money(value, currency, short),
  });
  return card(`${title}, ${currency}`, ...chart);
}

function rateCard({ periods, groupBy }) {
  const title = `Cancellation rate per ${groupBy}`;
  const chart = timeChart(title, {
    labels: periods.map(({ period }) => words.period(period, groupBy)),
    series: [
      {
        label: 'Cancelled, of those booked',
        values: periods.map((one) => one.cancellationRate),
        color: '--second',
        type: 'line',
      },
    ],
    format: words.share,
  });
  return card(title, ...chart);
}

function capacityCard({ capacity: { capacity, sold, held } }) {
  const title = 'Capacity of what is on sale';
  if (capacity === 0) return card(title, empty('No event with limited tickets is on sale.'));
  const slices = [
    { label: 'Sold', value: sold, color: '--accent' },
    { label: 'Held', value: held, color: '--second' },
    { label: 'Free', value: Math.max(0, capacity - sold - held), color: '--line' },
  ];
  return card(title, ...ringChart(title, { slices, format: words.count }));
}

function popularCard({ popularEvents }) {
  const title = 'Popular events';
  if (popularEvents.length === 0) return card(title, empty('Nothing was booked in this time.'));
  const most = popularEvents[0].tickets;
  const rows = popularEvents.slice(0, 6).map(({ eventId, title: name, bookings, tickets }) =>
    h(
      'li',
      {},
      h(
        'div',
        {},
        h('a', { class: 'name', href: `#events/${eventId}`, title: name }, name),
        h('span', { class: 'number muted' }, `${words.count(tickets)} tickets`),
      ),
      h('progress', {
        max: most,
        value: tickets,
        'aria-label': `${name}: ${tickets} tickets in ${bookings} bookings`,
      }),
    ),
  );
  return card(title, h('ol', { class: 'ranking' }, rows));
}

function eventsCard({ events, activeUsers, users }) {
  const pair = ([name, value]) => [h('dt', {}, name), h('dd', {}, words.count(value))];
  const pairs = [
    ['On sale or soon', events.upcoming],
    ['Drafts', events.draft],
    ['Completed', events.completed],
    ['Cancelled', events.cancelled],
    ['Booked in the last 24 hours', activeUsers.last24Hours],
    ['… 7 days', activeUsers.last7Days],
    ...(users
      ? [
          ['Organizers', users.organizers],
          ['Suspended accounts', users.suspended],
        ]
      : []),
  ];
  return card('Events and people', h('dl', { class: 'pairs' }, pairs.flatMap(pair)));
}

function chooser(title, options, { value, onChange }) {
  const select = h(
    'select',
    { on: { change: () => onChange(select.value) } },
    options.map(([name, text]) => h('option', { value: name, selected: name === value }, text)),
  );
  return h('label', {}, title, select);
}

/** Returns the parts of the data that are drawn; the rest changes only with the clock. */
function substanceOf({ dashboard, now, then }) {
  const { countedUntil: _counted, standingAt: _standing, system, ...standing } = dashboard;
  const { from: _from, to: _to, countedUntil: _until, ...figures } = now;
  const { oldestSeconds: _oldest, workerSeenAt: _seen, byTopic: _topics, ...queues } = system?.queues ?? {};
  return JSON.stringify([standing, figures, then, { ...system, queues }]);
}

const untilOf = ({ countedUntil }) => {
  const until = countedUntil ? `counted until ${words.hour(countedUntil)}` : 'not counted yet';
  return `Days of ${words.timezone.replaceAll('_', ' ')} · ${until}`;
};

/** Shows the overview: of everything for admins, of their own events for organizers. */
export async function overviewView(content, { isAdmin, signal }) {
  const base = isAdmin ? '/api/admin' : '/api/organizers/me';
  let data;

  function render() {
    const { dashboard, now } = data;
    // Sort currencies by how often money came in, because amounts in different currencies cannot be compared.
    const often = (currency) => now.periods.filter((one) => Number(revenueIn(one, currency).gross) > 0).length;
    const currencies = now.totals.revenue
      .map(({ currency }) => currency)
      .toSorted((a, b) => often(b) - often(a) || a.localeCompare(b));
    const currency = currencies.includes(chosen.currency) ? chosen.currency : currencies[0];
    const open = [...content.querySelectorAll('details[open] caption')].map((caption) => caption.textContent);
    const reachable = () => [...content.querySelectorAll('a, select, summary, [tabindex="0"]')];
    const focused = reachable().indexOf(document.activeElement);
    const ranges = RANGES.map(({ name, title }) => [name, title]);
    const tools = h(
      'div',
      { class: 'tools' },
      chooser('Time', ranges, { value: chosen.range.name, onChange: chooseRange }),
      currencies.length > 1 &&
        chooser(
          'Currency',
          currencies.map((name) => [name, name]),
          { value: currency, onChange: chooseCurrency },
        ),
    );
    const head = h(
      'div',
      { class: 'head' },
      h(
        'div',
        {},
        h('h1', {}, isAdmin ? 'Overview' : 'Your events'),
        h('p', { class: 'muted fine', id: 'until' }, untilOf(now)),
      ),
      tools,
    );
    const size = dashboard.system ? 'narrow' : 'half';
    const wide = (element, how = 'wide') => {
      element.classList.add(how);
      return element;
    };
    dropCharts(content);
    content.replaceChildren(
      head,
      figuresOf(data, currency),
      h(
        'div',
        { class: 'grid' },
        wide(bookingsCard(now)),
        wide(popularCard(now), 'narrow'),
        revenueCard(now, currency),
        rateCard(now),
        wide(capacityCard(dashboard), size),
        wide(eventsCard(dashboard), size),
        dashboard.system && wide(systemCard(dashboard.system), size),
      ),
    );
    for (const caption of content.querySelectorAll('details caption'))
      if (open.includes(caption.textContent)) caption.closest('details').open = true;
    reachable()[focused]?.focus({ preventScroll: true });
  }

  async function renew() {
    const { range } = chosen;
    const fresh = await load(base, range);
    // Ignore the response to an earlier selection.
    if (signal.aborted || range !== chosen.range) return;
    const isSame = data && substanceOf(fresh) === substanceOf(data);
    data = fresh;
    if (isSame) content.querySelector('#until').textContent = untilOf(data.now);
    else render();
  }

  function chooseRange(name) {
    chosen.range = RANGES.find((range) => range.name === name);
    renew().catch((error) => content.replaceChildren(problem(error)));
  }

  function chooseCurrency(name) {
    chosen.currency = name;
    render();
  }

  await renew();
  // Keep what is shown if the server is briefly unavailable.
  const timer = setInterval(() => document.hidden || renew().catch(() => undefined), AGAIN_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
}

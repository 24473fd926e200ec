import { empty, h, pager, table, tag } from './dom.js';
import * as words from './format.js';
import { watch } from './live.js';
import { get } from './session.js';

const LIMIT = 20;
const TONES = { published: 'good', draft: 'calm', completed: 'calm', cancelled: 'bad' };

/** Shows in words whether live updates are connected. */
export function liveSign() {
  const sign = h('span', { class: 'live fine muted' }, 'Not live');
  const onLive = (isLive) => {
    sign.classList.toggle('on', isLive);
    sign.textContent = isLive ? 'Live' : 'Not live';
  };
  return { sign, onLive };
}

/** Creates a number that highlights its changes. */
export function put(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  element.classList.remove('changed');
  // Reading the size restarts the animation.
  void element.offsetWidth;
  element.classList.add('changed');
}

/** Returns the share of an event that is taken: sold and held tickets. */
export function useOf({ title, totalTickets, availableTickets }) {
  const text = h('span', { class: 'fine' });
  const bar = h('progress', { max: Math.max(1, totalTickets ?? 1), 'aria-label': `Taken of ${title}` });
  const show = (free) => {
    const taken = totalTickets - free;
    bar.value = Math.max(0, taken);
    put(text, `${words.count(taken)} of ${words.count(totalTickets)}`);
  };
  if (totalTickets === null) return { element: h('span', { class: 'muted fine' }, 'Unlimited'), show: () => undefined };
  show(availableTickets);
  text.classList.remove('changed');
  return { element: h('div', { class: 'use' }, text, bar), show };
}

/** Lists events with live availability: all events for admins, their own for organizers. */
export async function eventsView(content, { isAdmin, signal }) {
  const list = h('section', { class: 'card', 'aria-label': 'Events' });
  const { sign, onLive } = liveSign();
  let shown;

  const status = h(
    'select',
    { name: 'status', on: { change: () => void show(1) } },
    [
      ['published', 'On sale'],
      ['draft', 'Drafts'],
      ['completed', 'Completed'],
      ['cancelled', 'Cancelled'],
    ].map(([value, text]) => h('option', { value }, text)),
  );

  const load = (page) => {
    const query = { page, limit: LIMIT, status: status.value, sort: 'startDate', order: 'asc' };
    return isAdmin ? get('/api/admin/events', query) : get('/api/events', { ...query, mine: true });
  };

  async function show(page) {
    let answer;
    try {
      answer = await load(page);
    } catch (error) {
      list.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message));
      return;
    }
    if (signal.aborted) return;
    const { data, pagination } = answer;
    shown?.abort();
    shown = new AbortController();
    if (data.length === 0) {
      list.replaceChildren(empty('No event is like that.'));
      return;
    }
    const cells = new Map(
      data.map((event) => [event.id, { free: h('span', {}, words.count(event.availableTickets)), use: useOf(event) }]),
    );
    const columns = [['Event'], ['Begins'], ['Status'], ['Free', true], ['Taken']];
    const rows = data.map(({ id, title, startDate, status: state }) => ({
      key: id,
      cells: [
        h('a', { href: `#events/${id}` }, title),
        words.time(startDate),
        tag(state, TONES[state]),
        cells.get(id).free,
        cells.get(id).use.element,
      ],
    }));
    list.replaceChildren(
      table(columns, rows, { caption: 'Events', stacked: true }),
      pager(pagination, (target) => void show(target), words),
    );
    const onAvailability = ({ eventId, availableTickets }) => {
      const { free, use } = cells.get(eventId);
      put(free, words.count(availableTickets));
      use.show(availableTickets);
    };
    watch([...cells.keys()], { onAvailability, onLive, signal: shown.signal });
  }

  await show(1);
  if (signal.aborted) return;
  signal.addEventListener('abort', () => shown?.abort());
  content.replaceChildren(
    h(
      'div',
      { class: 'head' },
      h('div', {}, h('h1', {}, 'Events'), sign),
      h('div', { class: 'tools' }, h('label', {}, 'Status', status)),
    ),
    list,
  );
}

import { announce, empty, h, pager, table } from './dom.js';
import * as words from './format.js';
import { call, get } from './session.js';

const LIMIT = 20;

/** Lists parked messages, which can be retried. */
export async function messagesView(content, { signal }) {
  const list = h('section', { class: 'card', 'aria-label': 'Parked messages' });

  async function retry(id, button) {
    button.disabled = true;
    try {
      await call('POST', `/api/admin/messages/${id}/retry`);
      announce(`Message ${id} is tried again.`);
    } catch (error) {
      announce(error.message);
    }
    await show(1);
  }

  async function retryAll(button) {
    button.disabled = true;
    try {
      const { data } = await call('POST', '/api/admin/messages/parked/retry', {});
      announce(`${words.count(data.count)} messages are tried again.`);
    } catch (error) {
      announce(error.message);
    }
    button.disabled = false;
    await show(1);
  }

  const again = (id, topic) =>
    h(
      'button',
      {
        type: 'button',
        class: 'small',
        'aria-label': `Try message ${id} (${topic}) again`,
        on: { click: (event) => void retry(id, event.currentTarget) },
      },
      'Try again',
    );

  async function show(page) {
    const { data, pagination } = await get('/api/admin/messages/parked', { page, limit: LIMIT });
    if (signal.aborted) return;
    if (data.length === 0) {
      list.replaceChildren(empty('No message was given up on. What fails is tried ten times before it comes here.'));
      return;
    }
    const columns = [['Message'], ['For'], ['About'], ['Given up'], ['Tries', true], ['Why'], ['']];
    const rows = data.map(({ id, topic, recipient, about, parkedAt, attempts, lastError }) => ({
      key: id,
      cells: [
        topic,
        recipient ?? '–',
        about ?? '–',
        words.time(parkedAt),
        words.count(attempts),
        h('span', { class: 'error-text fine' }, lastError ?? '–'),
        again(id, topic),
      ],
    }));
    list.replaceChildren(
      table(columns, rows, { caption: 'Parked messages', stacked: true }),
      pager(pagination, (target) => void show(target), words),
    );
  }

  await show(1);
  if (signal.aborted) return;
  content.replaceChildren(
    h(
      'div',
      { class: 'head' },
      h(
        'div',
        {},
        h('h1', {}, 'Messages'),
        h('p', { class: 'muted fine' }, 'Mail and notifications that could not be delivered.'),
      ),
      h(
        'button',
        { type: 'button', class: 'small', on: { click: (event) => void retryAll(event.currentTarget) } },
        'Try all again',
      ),
    ),
    list,
  );
}

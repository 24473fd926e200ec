import { announce, empty, h, pager, table, tag } from './dom.js';
import * as words from './format.js';
import { call, get } from './session.js';

const LIMIT = 20;
const TYPING_MS = 250;

function select(name, title, options, onChange) {
  const element = h(
    'select',
    { name, on: { change: onChange } },
    options.map(([value, text]) => h('option', { value }, text)),
  );
  return h('label', {}, title, element);
}

/** Lists accounts, which can be searched, suspended and reinstated. */
export async function usersView(content, { signal }) {
  const list = h('section', { class: 'card', 'aria-label': 'Accounts' });
  let asked = 0;
  let timer;

  async function change(user, status) {
    const isSuspending = status === 'suspended';
    const name = words.nameOf(user);
    if (isSuspending && !confirm(`Suspend ${name}? Their sign-ins end within seconds.`)) return;
    try {
      await call('PUT', `/api/admin/users/${user.id}`, { status });
      announce(isSuspending ? `${name} is suspended.` : `${name} may sign in again.`);
    } catch (error) {
      announce(error.message);
    }
    await show();
    list.querySelector(`[data-key="${user.id}"] button`)?.focus();
  }

  function action(user) {
    const [text, status] = user.status === 'suspended' ? ['Reinstate', 'active'] : ['Suspend', 'suspended'];
    const attributes = {
      type: 'button',
      class: status === 'active' ? 'small' : 'small danger',
      'aria-label': `${text} ${user.email}`,
    };
    return h('button', { ...attributes, on: { click: () => void change(user, status) } }, text);
  }

  const form = h(
    'form',
    { class: 'tools', role: 'search', on: { submit: (event) => event.preventDefault() } },
    h(
      'label',
      {},
      'Name or email begins with',
      h('input', { name: 'search', type: 'search', maxlength: 100, autocomplete: 'off', on: { input: later } }),
    ),
    select(
      'role',
      'Role',
      [
        ['', 'All'],
        ['customer', 'Customers'],
        ['organizer', 'Organizers'],
        ['admin', 'Admins'],
      ],
      () => void show(1),
    ),
    select(
      'status',
      'Status',
      [
        ['', 'All'],
        ['active', 'Active'],
        ['suspended', 'Suspended'],
      ],
      () => void show(1),
    ),
  );
  let page = 1;

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => void show(1), TYPING_MS);
  }

  async function show(target = page) {
    asked += 1;
    const mine = asked;
    page = target;
    const query = {
      page,
      limit: LIMIT,
      search: form.search.value.trim(),
      role: form.role.value,
      status: form.status.value,
    };
    let answer;
    try {
      answer = await get('/api/admin/users', query);
    } catch (error) {
      list.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message));
      return;
    }
    // Ignore the response to an earlier search.
    if (signal.aborted || mine !== asked) return;
    const { data, pagination } = answer;
    if (data.length === 0) {
      list.replaceChildren(empty('No account is like that.'));
      return;
    }
    const columns = [['Name'], ['Email'], ['Role'], ['Status'], ['Last signed in'], ['']];
    const rows = data.map((user) => ({
      key: user.id,
      cells: [
        words.nameOf(user),
        user.email,
        user.role,
        user.status === 'suspended' ? tag('suspended', 'bad') : tag('active', 'good'),
        words.since(user.lastLoginAt),
        action(user),
      ],
    }));
    list.replaceChildren(
      table(columns, rows, { caption: 'Accounts', stacked: true }),
      pager(pagination, (next) => void show(next), words),
    );
  }

  await show();
  if (signal.aborted) return;
  content.replaceChildren(h('div', { class: 'head' }, h('h1', {}, 'Users'), form), list);
  signal.addEventListener('abort', () => clearTimeout(timer));
}

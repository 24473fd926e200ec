import { announce, byId, h, problem } from './dom.js';
import { dropCharts } from './charts.js';
import { eventsView } from './events.js';
import { eventView } from './event.js';
import { nameOf } from './format.js';
import { healthView } from './health.js';
import { closeLive } from './live.js';
import { messagesView } from './messages.js';
import { overviewView } from './overview.js';
import { call, onEnd, resume, signIn, signOut } from './session.js';
import { usersView } from './users.js';

// Name, title, role and view of each section.
const PARTS = [
  { name: 'overview', title: 'Overview', show: overviewView },
  { name: 'events', title: 'Events', show: eventsView },
  { name: 'users', title: 'Users', admin: true, show: usersView },
  { name: 'messages', title: 'Messages', admin: true, show: messagesView },
  { name: 'health', title: 'Health', admin: true, show: healthView },
];

let user;
let leave;

const isAdmin = () => user.role === 'admin';
const partsOf = () => PARTS.filter(({ admin }) => !admin || isAdmin());

/** Opens the queue board. Its pages accept only a separate cookie, which is requested with the current session. */
async function openBoard(event) {
  event.preventDefault();
  try {
    await call('POST', '/admin/queues/session');
    location.assign('/admin/queues/');
  } catch (error) {
    announce(error.message);
  }
}

function showParts(current) {
  const links = partsOf().map(({ name, title }) =>
    h('li', {}, h('a', { href: `#${name}`, 'aria-current': name === current ? 'page' : null }, title)),
  );
  if (isAdmin()) links.push(h('li', {}, h('a', { href: '/admin/queues/', on: { click: openBoard } }, 'Queues')));
  byId('parts').replaceChildren(...links);
}

/** Parses the URL hash: `#events` is a section, `#events/12` an entry of it. */
async function go() {
  if (!user) return;
  const [name, id] = location.hash.slice(1).split('/');
  const part = partsOf().find((one) => one.name === name) ?? partsOf()[0];
  const content = byId('content');
  const isFirst = leave === undefined;
  leave?.();
  const gone = new AbortController();
  leave = () => gone.abort();
  dropCharts(content);
  showParts(part.name);
  document.title = `${part.title} · Bilten`;
  content.replaceChildren(h('p', { class: 'empty' }, 'Loading …'));
  content.setAttribute('aria-busy', 'true');
  // Move the focus, so that keyboard and screen reader users continue in the new section.
  if (!isFirst) content.focus();
  const show = part.name === 'events' && id ? eventView : part.show;
  try {
    await show(content, { isAdmin: isAdmin(), id: Number(id), signal: gone.signal });
  } catch (error) {
    if (!gone.signal.aborted) content.replaceChildren(problem(error));
  }
  if (!gone.signal.aborted) content.removeAttribute('aria-busy');
}

function showSignIn(reason = '') {
  user = undefined;
  leave?.();
  leave = undefined;
  closeLive();
  byId('content').replaceChildren();
  byId('shell').hidden = true;
  byId('sign-in').hidden = false;
  byId('sign-in-problem').textContent = reason;
  document.title = 'Sign in · Bilten';
  byId('email').focus();
}

function enter(found) {
  user = found;
  byId('sign-in').hidden = true;
  byId('shell').hidden = false;
  byId('who').textContent = nameOf(user);
  void go();
}

byId('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector('button');
  byId('sign-in-problem').textContent = '';
  button.disabled = true;
  try {
    const found = await signIn(form.email.value.trim(), form.password.value);
    form.reset();
    enter(found);
  } catch (error) {
    byId('sign-in-problem').textContent = error.message;
    form.password.select();
  } finally {
    button.disabled = false;
  }
});

byId('sign-out').addEventListener('click', () => void signOut());
byId('shell')
  .querySelector('.skip')
  .addEventListener('click', (event) => {
    event.preventDefault();
    byId('content').focus();
  });
onEnd(showSignIn);
addEventListener('hashchange', () => void go());

resume().then(
  (found) => (found && found.role !== 'customer' ? enter(found) : showSignIn()),
  (error) => showSignIn(error.status === 401 ? '' : error.message),
);

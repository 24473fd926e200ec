import { useEffect, useState } from 'preact/hooks';
import { call } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { endSession } from '../../lib/session.js';
import { useAction } from '../../lib/use-load.js';
import { Problem } from '../../ui/states.js';
import { GROUPS, routes } from './routes.js';
import { Waiting } from './waiting.js';

const BOARD = '/admin/queues';

/** Opens the queue board, whose pages accept only a cookie of their own. */
function QueueBoardLink() {
  const { desk } = useTexts();
  const open = useAction(async () => {
    await call('POST', `${BOARD}/session`);
    location.assign(`${BOARD}/`);
  });
  const follow = (/** @type {Event} */ event) => {
    event.preventDefault();
    void open.run();
  };
  return html`<li>
    <a href=${`${BOARD}/`} onClick=${follow}>${desk.sections.queues}</a>
    <${Problem} error=${open.error} />
  </li>`;
}

/** @param {{ session: import('../../lib/use-session.js').Session }} props */
function Leave({ session: { user } }) {
  const { desk } = useTexts();
  const leave = useAction(async () => {
    await fetch(`${BOARD}/session`, { method: 'DELETE' }).catch(() => undefined);
    await endSession();
  });
  return html`<div class="desk-user">
    <p class="muted fine">${user.email}</p>
    <button type="button" class="small" disabled=${leave.isBusy} onClick=${leave.run}>${desk.signOut}</button>
  </div>`;
}

/** The sections of the desk that somebody may see, in groups. On a phone it opens with a button. @param {{ session: import('../../lib/use-session.js').Session, current?: string, path: string }} props */
export function SideNav({ session, current, path }) {
  const { desk } = useTexts();
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  const { role } = session.user;
  const own = routes.filter(({ group, roles }) => group && roles.includes(role));
  const groups = GROUPS.map((group) => ({ group, links: own.filter((route) => route.group === group) }));
  const isNamedLikeOnly = (
    /** @type {import('./routes.js').Group} */ group,
    /** @type {typeof own} */ [first, ...more],
  ) => more.length === 0 && first !== undefined && desk.sections[first.name] === desk.groups[group];
  const hasLinks = (/** @type {typeof groups[number]} */ { group, links }) =>
    links.length > 0 || (group === 'system' && role === 'admin');
  return html`<nav class=${`desk-nav ${isOpen ? 'open' : ''}`} aria-label=${desk.title}>
    <button type="button" class="menu" aria-expanded=${String(isOpen)} onClick=${() => setOpen(!isOpen)}>
      ☰ ${desk.menu}
    </button>
    <div class="desk-groups">
      ${groups.filter(hasLinks).map(
        ({ group, links }) =>
          html`<div key=${group}>
            ${isNamedLikeOnly(group, links) ? null : html`<p class="desk-group">${desk.groups[group]}</p>`}
            <ul aria-label=${desk.groups[group]}>
              ${links.map(
                ({ name, path: href, waiting }) =>
                  html`<li key=${name}>
                    <a href=${href} aria-current=${name === current ? 'page' : undefined}
                      >${desk.sections[name]}${waiting && html` <${Waiting} from=${waiting(role)} place=${path} />`}</a
                    >
                  </li>`,
              )}
              ${group === 'system' && role === 'admin' && html`<${QueueBoardLink} />`}
            </ul>
          </div>`,
      )}
      <${Leave} session=${session} />
    </div>
  </nav>`;
}

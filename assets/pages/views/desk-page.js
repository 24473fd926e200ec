import { useEffect, useRef } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { followLinks, useLocation } from '../lib/location.js';
import { endSession } from '../lib/session.js';
import { Notice } from '../ui/parts.js';
import { DeskHead } from './desk/desk-head.js';
import { Lazy } from './desk/lazy.js';
import { findRoute } from './desk/routes.js';
import { SideNav } from './desk/side-nav.js';
import { SignedIn } from './sign-in/signed-in.js';

/** @typedef {import('../lib/use-session.js').Session} Session */

/** Keyboards and screen readers go on in the new section. @param {string} path */
function useFocus(path) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    document.getElementById('content')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [path]);
}

/** @param {{ session: Session }} props */
function Desk({ session }) {
  const { desk } = useTexts();
  const { path } = useLocation();
  const found = findRoute(path);
  const mayEnter = found?.route.roles.includes(session.user.role);
  useFocus(path);
  const follow = followLinks((target) => findRoute(target) !== undefined);
  return html`<div class="desk" onClick=${follow}>
    <${SideNav} session=${session} current=${found?.route.name} path=${path} />
    <main id="content" tabindex="-1">
      ${
        found && mayEnter
          ? html`<${Lazy}
              key=${JSON.stringify([found.route.path, found.params.id])}
              load=${found.route.load}
              title=${desk.sections[found.route.name]}
              params=${found.params}
              session=${session}
            />`
          : html`<${DeskHead} title=${desk.title} /> <${Notice} tone="warn">${desk.notYours}<//>`
      }
    </main>
  </div>`;
}

/** Customers have no desk. */
function Refused() {
  const { desk } = useTexts();
  return html`<main id="content" tabindex="-1">
    <div class="narrow-page card">
      <h1>${desk.title}</h1>
      <${Notice} tone="warn" role="alert">${desk.onlyStaff}<//>
      <button type="button" onClick=${() => endSession()}>${desk.signOut}</button>
    </div>
  </main>`;
}

/** The desk of organizers and admins. The server sends it empty; its sections are loaded when they are opened. */
export function DeskPage() {
  const { desk } = useTexts();
  return html`<${SignedIn}
    title=${desk.title}
    around=${(/** @type {any} */ content) => html`<main id="content" tabindex="-1">${content}</main>`}
  >
    ${(/** @type {Session} */ session) =>
      session.user.role === 'customer' ? html`<${Refused} />` : html`<${Desk} session=${session} />`}
  <//>`;
}

/** The navigation is beside the main content. */
DeskPage.hasOwnMain = true;

import { useEffect, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { endSession } from '../lib/session.js';
import { useAction } from '../lib/use-load.js';
import { Bookings } from './account/bookings.js';
import { Orders } from './account/orders.js';
import { Privacy } from './account/privacy.js';
import { Profile } from './account/profile.js';
import { Security } from './account/security.js';
import { Tickets } from './account/tickets.js';
import { WaitlistEntries } from './account/waitlist-entries.js';
import { ConfirmAddress } from './sign-in/confirm-address.js';
import { SignedIn } from './sign-in/signed-in.js';

export const PARTS = {
  tickets: Tickets,
  bookings: Bookings,
  waitlist: WaitlistEntries,
  orders: Orders,
  profile: Profile,
  security: Security,
  privacy: Privacy,
};
/** @typedef {keyof typeof PARTS} Part */

const toPath = (/** @type {Part} */ part) => (part === 'tickets' ? '/account' : `/account/${part}`);
const toPart = (/** @type {string} */ path) => /** @type {Part} */ (path.split('/')[2] ?? 'tickets');

/** Changes the part without loading the page again, so that the session need not be renewed. @param {Part} initial */
function usePart(initial) {
  const [part, setPart] = useState(initial);
  useEffect(() => {
    const follow = () => setPart(toPart(location.pathname));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const open = (/** @type {MouseEvent} */ event, /** @type {Part} */ next) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    history.pushState(null, '', toPath(next));
    setPart(next);
    document.getElementById('content')?.focus();
  };
  return { part, open };
}

/** @param {{ session: any, initial: Part }} props */
function Account({ session, initial }) {
  const { account: texts } = useTexts();
  const { part, open } = usePart(initial);
  const leave = useAction(async () => {
    await endSession();
    location.assign('/');
  });
  return html`<div class="head">
      <h1>${texts.title}</h1>
      <p class="muted">${session.user.email}</p>
      <button type="button" disabled=${leave.isBusy} onClick=${leave.run}>${texts.signOut}</button>
    </div>
    ${!session.user.emailVerified && html`<${ConfirmAddress} email=${session.user.email} />`}
    <nav class="tabs" aria-label=${texts.title}>
      <ul>
        ${
          /** @type {Part[]} */ (Object.keys(PARTS)).map(
            (each) =>
              html`<li key=${each}>
                <a
                  href=${toPath(each)}
                  aria-current=${each === part ? 'page' : undefined}
                  onClick=${(/** @type {MouseEvent} */ event) => open(event, each)}
                  >${texts.parts[each]}</a
                >
              </li>`,
          )
        }
      </ul>
    </nav>
    <div class="part">
      <h2>${texts.parts[part]}</h2>
      <${PARTS[part]} key=${part} session=${session} />
    </div>`;
}

/** The account of the signed-in user. @param {{ part: Part }} props */
export function AccountPage({ part }) {
  const { account: texts } = useTexts();
  return html`<${SignedIn} title=${texts.title}
    >${(/** @type {any} */ session) => html`<${Account} session=${session} initial=${part} />`}<//
  >`;
}

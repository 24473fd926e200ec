import { useEffect, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { endSession } from '../lib/session.js';
import { useAction } from '../lib/use-load.js';
import { SideNav } from '../ui/side-nav.js';
import { fromPath, GROUPS, PARTS, toPath } from './account/routes.js';
import { ConfirmAddress } from './sign-in/confirm-address.js';
import { SignedIn } from './sign-in/signed-in.js';

/** @typedef {import('./account/routes.js').Part} Part */
/** @typedef {{ part: Part, entry?: string }} Route */

/** Changes the part without loading the page again, so that the session need not be renewed. @param {Route} initial */
function useRoute(initial) {
  const [route, setRoute] = useState(initial);
  const follow = () => setRoute(fromPath(location.pathname));
  useEffect(() => {
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const go = (/** @type {string} */ path) => {
    history.pushState(null, '', path);
    follow();
    document.getElementById('content')?.focus();
  };
  const open = (/** @type {MouseEvent} */ event, /** @type {string} */ path) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(path);
  };
  return { route, go, open };
}

/** @param {{ session: any, initial: Route }} props */
function Account({ session, initial }) {
  const { account: texts } = useTexts();
  const { route, go, open } = useRoute(initial);
  const { part, entry } = route;
  const leave = useAction(async () => {
    await endSession();
    location.assign('/');
  });
  const groups = GROUPS.map(({ name, parts }) => ({
    title: texts.groups[name],
    links: parts.map((each) => ({ href: toPath(each), text: texts.parts[each], isCurrent: each === part })),
  }));
  return html`<div class="head">
      <h1>${texts.title}</h1>
      <p class="muted">${session.user.email}</p>
      <button type="button" disabled=${leave.isBusy} onClick=${leave.run}>${texts.signOut}</button>
    </div>
    ${!session.user.emailVerified && html`<${ConfirmAddress} email=${session.user.email} />`}
    <div class="with-side">
      <${SideNav} label=${texts.title} groups=${groups} onOpen=${open} />
      <div class="part">
        <h2>${texts.parts[part]}</h2>
        <${PARTS[part]} key=${`${part} ${entry ?? ''}`} session=${session} entry=${entry} go=${go} open=${open} />
      </div>
    </div>`;
}

/** The account of the signed-in user. @param {Route} props */
export function AccountPage({ part, entry }) {
  const { account: texts } = useTexts();
  return html`<${SignedIn} title=${texts.title}
    >${(/** @type {any} */ session) => html`<${Account} session=${session} initial=${{ part, entry }} />`}<//
  >`;
}

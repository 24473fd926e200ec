import { useEffect, useState } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { installWorker } from '../lib/scan/install.js';
import { listRows, loadDoor } from '../lib/scan/storage.js';
import { forgetDoor } from '../lib/session.js';
import { useSession } from '../lib/use-session.js';
import { Notice } from '../ui/parts.js';
import { Languages } from '../ui/shell.js';
import { Failure, Loading } from '../ui/states.js';
import { ChooseEvent } from './scan/choose-event.js';
import { Door } from './scan/door.js';
import { AuthForm } from './sign-in/auth-form.js';

/** @typedef {Awaited<ReturnType<typeof loadDoor>>} Kept */

/** What the phone has kept; undefined until that is known. @param {import('../lib/use-session.js').Session} session */
function useKept({ status, user }) {
  const [kept, setKept] = useState(/** @type {{ door?: Kept } | undefined} */ (undefined));
  useEffect(() => {
    installWorker();
    // A browser that stores nothing, as some do in private windows, scans while there is a connection.
    loadDoor().then(
      (door) => setKept({ door }),
      () => setKept({}),
    );
  }, []);
  const isOthers = status === 'out' || (user && kept?.door && kept.door.door.userId !== user.id);
  const leave = () => {
    forgetDoor();
    setKept({});
  };
  useEffect(() => {
    if (isOthers) leave();
  }, [isOthers]);
  return { kept: isOthers ? {} : kept, choose: (/** @type {Kept} */ door) => setKept({ door }), leave };
}

/** @param {{ children?: any }} props */
function Frame({ children }) {
  const { scan: texts, shell } = useTexts();
  return html`<div class="scan-head">
      <h1>${texts.title}</h1>
    </div>
    ${children}
    <div class="row scan-foot">
      <${Languages} path="/scan" />
      <a href="/">${shell.whatIsOn}</a>
    </div>`;
}

function SignIn() {
  const { scan: texts, signIn } = useTexts();
  const [unsent, setUnsent] = useState(0);
  useEffect(() => void listRows().then((rows) => setUnsent(rows.length)), []);
  return html`<${Frame}>
    <div class="narrow-page card">
      <p class="needs-script">${signIn.needsScript}</p>
      <p class="muted">${signIn.needed}</p>
      ${unsent > 0 && html`<${Notice} tone="warn">${texts.unsentBefore(unsent)}<//>`}
      <${AuthForm} onSignedIn=${() => undefined} />
    </div>
  <//>`;
}

/** The phone of the door: scans tickets, also without a connection. */
export function ScanPage() {
  const { scan: texts } = useTexts();
  const session = useSession();
  const { kept, choose, leave } = useKept(session);
  if (session.status === 'out') return html`<${SignIn} />`;
  if (!kept) return html`<${Frame}><${Loading} /><//>`;
  if (kept.door) return html`<${Door} key=${kept.door.door.event.id} kept=${kept.door} onLeave=${leave} />`;
  if (session.status === 'unknown') return html`<${Frame}><${Loading} /><//>`;
  if (session.status === 'failed')
    return html`<${Frame}><${Failure} error=${{ code: 'OFFLINE' }} retry=${session.retry} /><//>`;
  if (session.user.role === 'customer')
    return html`<${Frame}>
      <${Notice} tone="warn">
        <p>${texts.notOrganizer}</p>
        <p><a href="/account">${texts.account}</a></p>
      <//>
    <//>`;
  return html`<${Frame}><${ChooseEvent} user=${session.user} onChosen=${choose} /><//>`;
}

/** Without the navigation: the screen belongs to the door. */
ScanPage.isPlain = true;

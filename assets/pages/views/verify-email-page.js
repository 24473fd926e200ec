import { post } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useLoad } from '../lib/use-load.js';
import { useSession } from '../lib/use-session.js';
import { Notice } from '../ui/parts.js';
import { Failure, Loading } from '../ui/states.js';
import { ConfirmAddress } from './sign-in/confirm-address.js';

/** @param {{ session: any }} props */
function Refused({ session }) {
  const { verifyEmail: texts } = useTexts();
  const isOpen = session.status === 'in' && !session.user.emailVerified;
  return html`<${Notice} tone="bad" role="alert">${texts.refused}<//>
    ${isOpen && html`<${ConfirmAddress} email=${session.user.email} />`}
    ${session.status === 'out' && html`<p><a class="button" href="/sign-in?next=/account/profile">${texts.signIn}</a></p>`}`;
}

/** Where the link in the mail that confirms an address leads. @param {{ token: string }} props */
export function VerifyEmailPage({ token }) {
  const { verifyEmail: texts } = useTexts();
  const session = useSession();
  const verified = useLoad(async () => {
    await post('/api/auth/verify-email', { token }, { isPublic: true });
    return true;
  }, [token]);
  const isRefused = verified.error?.status === 400 || verified.error?.status === 404;
  return html`<div class="narrow-page card">
    <h1>${texts.title}</h1>
    <p class="needs-script">${texts.needsScript}</p>
    ${
      verified.data &&
      html`<${Notice} tone="good" role="status">${texts.done}<//>
        <p class="row">
          <a class="button primary" href="/">${texts.events}</a> <a class="button" href="/account">${texts.account}</a>
        </p>`
    }
    ${isRefused && html`<${Refused} session=${session} />`}
    ${verified.error && !isRefused && html`<${Failure} error=${verified.error} retry=${verified.reload} />`}
    ${verified.isLoading && !verified.data && html`<${Loading} />`}
  </div>`;
}

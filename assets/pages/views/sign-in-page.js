import { useEffect } from 'preact/hooks';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useSession } from '../lib/use-session.js';
import { AuthForm } from './sign-in/auth-form.js';

/** @param {{ next: string }} props a path on this host */
export function SignInPage({ next }) {
  const { signIn: texts } = useTexts();
  const session = useSession();
  useEffect(() => {
    if (session.status === 'in') location.replace(next);
  }, [session.status]);
  return html`<div class="narrow-page card">
    <h1>${texts.title}</h1>
    <p class="needs-script">${texts.needsScript}</p>
    <${AuthForm} onSignedIn=${() => location.replace(next)} />
  </div>`;
}

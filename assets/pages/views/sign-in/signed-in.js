import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useSession } from '../../lib/use-session.js';
import { Failure, Loading } from '../../ui/states.js';
import { AuthForm } from './auth-form.js';

/** Shows its child to signed-in users, and the form to sign in to all others. @param {{ title: string, around?: (content: any) => any, children: (session: any) => any }} props `around` is around what others see */
export function SignedIn({ title, around = (content) => content, children }) {
  const { signIn: texts } = useTexts();
  const session = useSession();
  if (session.status === 'in') return children(session);
  if (session.status === 'unknown')
    return around(
      html`<h1>${title}</h1>
        <${Loading} />`,
    );
  if (session.status === 'failed')
    return around(
      html`<h1>${title}</h1>
        <${Failure} error=${{ code: 'OFFLINE' }} retry=${session.retry} />`,
    );
  return around(
    html`<div class="narrow-page card">
      <h1>${title}</h1>
      <p class="needs-script">${texts.needsScript}</p>
      <p class="muted">${texts.needed}</p>
      <${AuthForm} onSignedIn=${() => undefined} />
    </div>`,
  );
}

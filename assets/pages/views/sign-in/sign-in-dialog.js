import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { Dialog } from '../../ui/dialog.js';
import { AuthForm } from './auth-form.js';

/** Signs somebody in on the way to something else. @param {{ onClose: () => void, onSignedIn: () => void }} props */
export function SignInDialog({ onClose, onSignedIn }) {
  const { signIn: texts } = useTexts();
  return html`<${Dialog} title=${texts.title} onClose=${onClose}>
    <p class="muted">${texts.onTheWay}</p>
    <${AuthForm} onSignedIn=${onSignedIn} />
  <//>`;
}

import { post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

/** Asks to confirm the mail address, and goes on after that. @param {{ email?: string, onConfirmed?: () => void }} props */
export function ConfirmAddress({ email, onConfirmed }) {
  const { signIn: texts } = useTexts();
  const resend = useAction(async () => {
    await post('/api/auth/resend-verification');
    toast(texts.confirmationSent);
  });
  return html`<${Notice} tone="warn" role="alert">
    <p>${texts.confirmFirst(email ?? '')}</p>
    <p class="row">
      ${onConfirmed && html`<button type="button" class="primary" onClick=${onConfirmed}>${texts.confirmed}</button>`}
      <button type="button" disabled=${resend.isBusy} onClick=${resend.run}>${texts.resend}</button>
    </p>
    <${Problem} error=${resend.error} />
  <//>`;
}

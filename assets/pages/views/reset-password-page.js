import { useState } from 'preact/hooks';
import { post } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useAction } from '../lib/use-load.js';
import { Field, readForm } from '../ui/field.js';
import { Notice } from '../ui/parts.js';
import { Problem } from '../ui/states.js';
import { AuthForm } from './sign-in/auth-form.js';

/** @param {{ token: string, onDone: () => void }} props */
function NewPassword({ token, onDone }) {
  const { signIn: texts, resetPassword } = useTexts();
  const send = useAction(async (/** @type {any} */ { password }) => {
    await post('/api/auth/reset-password', { token, password }, { isPublic: true });
    onDone();
  });
  // The token itself was refused, not the password.
  const isTokenRefused = send.error?.details?.some((/** @type {any} */ { path }) => path === 'token') ?? false;
  return html`<form onSubmit=${(/** @type {Event} */ event) => send.run(readForm(event))}>
    <${Field}
      label=${texts.newPassword}
      name="password"
      type="password"
      autocomplete="new-password"
      minlength="8"
      hint=${texts.passwordHint}
      required
    />
    ${
      isTokenRefused
        ? html`<p class="problem" role="alert">
            ${resetPassword.refused} <a href="/reset-password">${resetPassword.again}</a>
          </p>`
        : html`<${Problem} error=${send.error} />`
    }
    <button class="primary" type="submit" disabled=${send.isBusy}>${resetPassword.save}</button>
  </form>`;
}

/** Where the link in the mail about a new password leads; without a token, it asks for such a mail. @param {{ token: string }} props */
export function ResetPasswordPage({ token }) {
  const { resetPassword: texts } = useTexts();
  const [isDone, setDone] = useState(false);
  return html`<div class="narrow-page card">
    <h1>${texts.title}</h1>
    <p class="needs-script">${texts.needsScript}</p>
    ${isDone && html`<${Notice} tone="good" role="status">${texts.done}<//>`}
    ${
      token && !isDone
        ? html`<${NewPassword} token=${token} onDone=${() => setDone(true)} />`
        : html`<${AuthForm} mode=${isDone ? 'signIn' : 'forgot'} onSignedIn=${() => location.replace('/account')} />`
    }
  </div>`;
}

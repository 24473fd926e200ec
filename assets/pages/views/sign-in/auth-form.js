import { useState } from 'preact/hooks';
import { post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { startSession } from '../../lib/session.js';
import { useAction } from '../../lib/use-load.js';
import { Field, readForm } from '../../ui/field.js';
import { Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';

/** @param {{ onSignedIn: () => void }} props */
function SignIn({ onSignedIn }) {
  const { signIn: texts } = useTexts();
  const send = useAction(async (/** @type {any} */ body) => {
    await startSession(await post('/api/auth/login', body, { isPublic: true }));
    onSignedIn();
  });
  return html`<form onSubmit=${(/** @type {Event} */ event) => send.run(readForm(event))}>
    <${Field} label=${texts.email} name="email" type="email" autocomplete="username" autocapitalize="none" required />
    <${Field} label=${texts.password} name="password" type="password" autocomplete="current-password" required />
    <${Problem} error=${send.error} />
    <button class="primary" type="submit" disabled=${send.isBusy}>${texts.signIn}</button>
  </form>`;
}

/** @param {{ onSignedIn: () => void }} props */
function SignUp({ onSignedIn }) {
  const { signIn: texts, language: locale } = useTexts();
  const send = useAction(async (/** @type {any} */ values) => {
    const { timeZone: timezone } = Intl.DateTimeFormat().resolvedOptions();
    // Mails are in the language of the page, from the first one on.
    const body = { ...values, locale, timezone };
    await startSession(await post('/api/auth/register', body, { isPublic: true }));
    onSignedIn();
  });
  return html`<form onSubmit=${(/** @type {Event} */ event) => send.run(readForm(event))}>
    <${Field} label=${texts.name} name="name" autocomplete="name" maxlength="200" required />
    <${Field} label=${texts.email} name="email" type="email" autocomplete="email" autocapitalize="none" required />
    <${Field}
      label=${texts.newPassword}
      name="password"
      type="password"
      autocomplete="new-password"
      minlength="8"
      hint=${texts.passwordHint}
      required
    />
    <${Problem} error=${send.error} />
    <button class="primary" type="submit" disabled=${send.isBusy}>${texts.signUp}</button>
  </form>`;
}

function Forgot() {
  const { signIn: texts } = useTexts();
  const [isSent, setSent] = useState(false);
  const send = useAction(async (/** @type {any} */ body) => {
    await post('/api/auth/forgot-password', body, { isPublic: true });
    setSent(true);
  });
  if (isSent) return html`<${Notice} tone="good" role="status">${texts.resetSent}<//>`;
  return html`<form onSubmit=${(/** @type {Event} */ event) => send.run(readForm(event))}>
    <p>${texts.forgotText}</p>
    <${Field} label=${texts.email} name="email" type="email" autocomplete="username" autocapitalize="none" required />
    <${Problem} error=${send.error} />
    <button class="primary" type="submit" disabled=${send.isBusy}>${texts.sendReset}</button>
  </form>`;
}

const FORMS = { signIn: SignIn, signUp: SignUp, forgot: Forgot };

/** Signing in, creating an account, or asking for a new password. @param {{ mode?: keyof typeof FORMS, onSignedIn: () => void }} props */
export function AuthForm({ mode: initial = 'signIn', onSignedIn }) {
  const { signIn: texts } = useTexts();
  const [mode, setMode] = useState(/** @type {keyof typeof FORMS} */ (initial));
  const others = /** @type {(keyof typeof FORMS)[]} */ (['signIn', 'signUp', 'forgot']).filter((each) => each !== mode);
  return html`<${FORMS[mode]} key=${mode} onSignedIn=${onSignedIn} />
    <ul class="links">
      ${others.map(
        (each) =>
          html`<li key=${each}>
            <button type="button" class="link" onClick=${() => setMode(each)}>${texts.modes[each]}</button>
          </li>`,
      )}
    </ul>`;
}

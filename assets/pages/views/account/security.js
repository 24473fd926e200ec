import { post, put, remove } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { endSession } from '../../lib/session.js';
import { useAction } from '../../lib/use-load.js';
import { Field, readForm } from '../../ui/field.js';
import { Tag } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';
import { Paged } from './paged.js';

function ChangePassword() {
  const { account: texts, signIn } = useTexts();
  const change = useAction(async (/** @type {HTMLFormElement} */ form, /** @type {any} */ body) => {
    await put('/api/auth/change-password', body);
    form.reset();
    toast(texts.passwordChanged);
  });
  const submit = (/** @type {Event} */ event) =>
    change.run(/** @type {HTMLFormElement} */ (event.currentTarget), readForm(event));
  return html`<form class="card" onSubmit=${submit}>
    <h3>${texts.changePassword}</h3>
    <p class="muted">${texts.changePasswordText}</p>
    <${Field}
      label=${texts.currentPassword}
      name="currentPassword"
      type="password"
      autocomplete="current-password"
      required
    />
    <${Field}
      label=${signIn.newPassword}
      name="newPassword"
      type="password"
      autocomplete="new-password"
      minlength="8"
      hint=${signIn.passwordHint}
      required
    />
    <${Problem} error=${change.error} />
    <button class="primary" type="submit" disabled=${change.isBusy}>${texts.changePassword}</button>
  </form>`;
}

/** @param {{ session: any, reload: () => void }} props */
function Session({ session: { id, ip, userAgent, lastUsedAt, isCurrent }, reload }) {
  const { account: texts } = useTexts();
  const { moment } = useFormat();
  const end = useAction(async () => {
    await remove(`/api/auth/sessions/${id}`);
    reload();
  });
  return html`<li class="card">
    <p>${isCurrent && html`<${Tag} tone="good">${texts.thisSession}<//> `}${userAgent ?? texts.unknownDevice}</p>
    <p class="muted fine">${texts.sessionLine(ip, moment(lastUsedAt))}</p>
    ${!isCurrent && html`<button type="button" class="small" disabled=${end.isBusy} onClick=${end.run}>${texts.endSession}</button>`}
    <${Problem} error=${end.error} />
  </li>`;
}

/** Where the user is signed in, and the password. */
export function Security() {
  const { account: texts } = useTexts();
  const endAll = useAction(async () => {
    await post('/api/auth/logout-all');
    await endSession({ isOver: true });
    location.assign('/');
  });
  return html`<div class="columns">
    <div>
      <h3>${texts.sessions}</h3>
      <${Paged} path="/api/auth/sessions" empty="">
        ${(/** @type {any[]} */ sessions, /** @type {() => void} */ reload) =>
          html`<ul class="rows">
            ${sessions.map((session) => html`<${Session} key=${session.id} session=${session} reload=${reload} />`)}
          </ul>`}
      <//>
      <p>
        <button type="button" class="danger" disabled=${endAll.isBusy} onClick=${endAll.run}>${texts.endAll}</button>
      </p>
      <${Problem} error=${endAll.error} />
    </div>
    <${ChangePassword} />
  </div>`;
}

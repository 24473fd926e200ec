import { useState } from 'preact/hooks';
import { download, remove } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { endSession } from '../../lib/session.js';
import { useAction } from '../../lib/use-load.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, readForm } from '../../ui/field.js';
import { Card } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';

/** @param {{ onClose: () => void }} props */
function EraseDialog({ onClose }) {
  const { account: texts, signIn } = useTexts();
  const erase = useAction(async (/** @type {any} */ body) => {
    await remove('/api/users/me', body);
    await endSession({ isOver: true });
    location.assign('/');
  });
  return html`<${Dialog} title=${texts.erase} onClose=${onClose}>
    <p>${texts.eraseText}</p>
    <form onSubmit=${(/** @type {Event} */ event) => erase.run(readForm(event))}>
      <${Field} label=${signIn.password} name="password" type="password" autocomplete="current-password" required />
      <${Problem} error=${erase.error} />
      <div class="actions">
        <button type="button" onClick=${onClose}>${texts.keep}</button>
        <button type="submit" class="danger" disabled=${erase.isBusy}>${texts.eraseNow}</button>
      </div>
    </form>
  <//>`;
}

/** What is stored about the user: a copy of it, and its end. */
export function Privacy() {
  const { account: texts } = useTexts();
  const [isErasing, setErasing] = useState(false);
  const fetchCopy = useAction(() => download('/api/users/me/export', 'bilten-export.json'));
  return html`<div class="columns">
    <${Card} title=${texts.export} level=${3}>
      <p>${texts.exportText}</p>
      <button type="button" disabled=${fetchCopy.isBusy} onClick=${fetchCopy.run}>${texts.exportNow}</button>
      <${Problem} error=${fetchCopy.error} />
    <//>
    <${Card} title=${texts.erase} level=${3}>
      <p>${texts.eraseText}</p>
      <button type="button" class="danger" onClick=${() => setErasing(true)}>${texts.erase}</button>
    <//>
    ${isErasing && html`<${EraseDialog} onClose=${() => setErasing(false)} />`}
  </div>`;
}

import { createKey, post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Dialog } from '../../ui/dialog.js';
import { Field, readForm } from '../../ui/field.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

/** Passes a ticket on to somebody else. @param {{ path: string, onClose: () => void, onDone: () => void }} props */
export function TransferDialog({ path, onClose, onDone }) {
  const { tickets: texts, signIn } = useTexts();
  const send = useAction(async (/** @type {any} */ body) => {
    await post(path, body, { idempotencyKey: createKey() });
    toast(texts.transferDone(body.name));
    onDone();
  });
  return html`<${Dialog} title=${texts.transfer} onClose=${onClose}>
    <p>${texts.transferText}</p>
    <form onSubmit=${(/** @type {Event} */ event) => send.run(readForm(event))}>
      <${Field} label=${signIn.name} name="name" autocomplete="off" required />
      <${Field} label=${signIn.email} name="email" type="email" autocomplete="off" autocapitalize="none" required />
      <${Problem} error=${send.error} />
      <div class="actions">
        <button class="primary" type="submit" disabled=${send.isBusy}>${texts.transfer}</button>
      </div>
    </form>
  <//>`;
}

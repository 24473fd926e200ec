import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-support.js';
import { ApiError, get, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { navigate } from '../../../lib/location.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction } from '../../../lib/use-load.js';
import { Dialog } from '../../../ui/dialog.js';
import { Field, readForm } from '../../../ui/field.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').SupportTicket} SupportTicket */

/** @param {string} number such as `S-000123` @returns {Promise<SupportTicket>} */
async function findTicket(number) {
  const id = /^(?:s-)?0*([1-9]\d*)$/i.exec(number.trim())?.[1];
  if (!id) throw new ApiError(400, { code: 'VALIDATION_ERROR', message: texts.badNumber });
  return get(`/api/support/tickets/${id}`);
}

/** Finds the other request by its number, shows it, and merges this one into it. @param {{ ticket: SupportTicket, onClose: () => void }} props */
export function MergeDialog({ ticket, onClose }) {
  const [target, setTarget] = useState(/** @type {SupportTicket | undefined} */ (undefined));
  const attempt = useAttempt();
  const finding = useAction(async (/** @type {string} */ number) => {
    setTarget(undefined);
    setTarget(await findTicket(number));
  });
  const merging = useAction(async () => {
    const body = { intoId: target?.id };
    await attempt(body, (options) => post(`/api/support/tickets/${ticket.id}/merge`, body, options));
    onClose();
    toast(texts.merged);
    navigate(`/admin/support/${target?.id}`);
  });
  const find = (/** @type {Event} */ event) => void finding.run(readForm(event).number ?? '');
  return html`<${Dialog} title=${texts.mergeTitle(ticket.number)} onClose=${onClose}>
    <p>${texts.mergeText}</p>
    <form onSubmit=${find}>
      <${Field} name="number" label=${texts.mergeInto} hint=${texts.mergeIntoHint} required autocomplete="off" />
      <button type="submit" disabled=${finding.isBusy}>${texts.mergeFind}</button>
    </form>
    <div role="status">
      ${
        target &&
        html`<p>
          <strong> ${texts.mergeTarget(target.number, target.subject, getName(target.user, texts.unnamed))} </strong>
        </p>`
      }
    </div>
    <${Problem} error=${finding.error ?? merging.error} />
    <div class="actions">
      <button type="button" class="danger" disabled=${!target || merging.isBusy} onClick=${merging.run}>
        ${texts.merge}
      </button>
    </div>
  <//>`;
}

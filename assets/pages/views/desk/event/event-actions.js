import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-event.js';
import { post, put, remove } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { navigate } from '../../../lib/location.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { Dialog } from '../../../ui/dialog.js';
import { TextArea } from '../../../ui/field.js';
import { Facts } from '../../../ui/figures.js';
import { Form } from '../../../ui/form.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').EventDetail} EventDetail */
/** @typedef {{ event: EventDetail, onDone: () => Promise<void>, onClose: () => void }} DialogProps */

/** @param {{ event: EventDetail, onClose: () => void }} props */
function DuplicateDialog({ event, onClose }) {
  const attempt = useAttempt();
  const duplicate = async (/** @type {Record<string, any>} */ body) => {
    const path = `/api/events/${event.id}/duplicate`;
    const { id } = await attempt(body, (options) => post(path, body, options));
    onClose();
    toast(texts.duplicated);
    navigate(`/admin/events/${id}/settings`);
  };
  return html`<${Dialog} title=${texts.duplicateTitle} onClose=${onClose}>
    <p>${texts.duplicateText}</p>
    <${Form}
      fields=${[
        { name: 'title', label: texts.fields.title, required: true, attributes: { maxlength: 200 } },
        {
          name: 'startDate',
          label: texts.fields.startDate,
          type: 'datetime',
          required: true,
          timeZone: event.timezone,
        },
      ]}
      values=${{ title: event.title }}
      submit=${texts.duplicate}
      onSubmit=${duplicate}
    />
  <//>`;
}

/** @param {{ effects: import('#types').CancellationPreview }} props */
function CancellationEffects({ effects: { bookings, tickets, refunds, mails } }) {
  const { count, money } = useFormat();
  const amounts = refunds.map(({ amount, currency }) => money(amount, currency)).join(', ');
  return html`<${Facts}
    facts=${[
      [texts.effects.bookings, count(bookings)],
      [texts.effects.tickets, count(tickets)],
      [texts.effects.refunds, amounts || texts.effects.noRefunds],
      [texts.effects.mails, count(mails)],
    ]}
  />`;
}

/** @param {DialogProps} props */
function CancelDialog({ event, onDone, onClose }) {
  const [reason, setReason] = useState('');
  const attempt = useAttempt();
  const path = `/api/events/${event.id}/cancel`;
  const body = { confirm: true, ...(reason.trim() && { reason: reason.trim() }) };
  return html`<${ActionDialog}
    title=${texts.cancelTitle}
    text=${texts.cancelText}
    action=${texts.cancel}
    preview=${() => post(path, {})}
    showPreview=${(/** @type {any} */ effects) => html`<${CancellationEffects} effects=${effects} />`}
    run=${() => attempt(body, (options) => post(path, body, options))}
    onDone=${() => {
      toast(texts.cancelled);
      void onDone();
    }}
    onClose=${onClose}
  >
    <${TextArea}
      name="reason"
      label=${texts.reason}
      hint=${texts.reasonHint}
      maxlength="500"
      value=${reason}
      onInput=${(/** @type {any} */ { target }) => setReason(target.value)}
    />
  <//>`;
}

/** @param {DialogProps} props */
const RemoveDialog = ({ event, onClose }) =>
  html`<${ActionDialog}
    title=${texts.removeTitle}
    text=${texts.removeText}
    action=${texts.remove}
    run=${() => remove(`/api/events/${event.id}`)}
    onDone=${() => {
      toast(texts.removed);
      navigate('/admin/events');
    }}
    onClose=${onClose}
  />`;

/** @type {Record<string, import('preact').ComponentType<any>>} */
const DIALOGS = { duplicate: DuplicateDialog, cancel: CancelDialog, remove: RemoveDialog };

/** What can be done with an event as a whole. @param {{ event: EventDetail, isOpen: boolean, reload: () => Promise<void> }} props */
export function EventActions({ event, isOpen, reload }) {
  const [dialog, setDialog] = useState('');
  const isDraft = event.status === 'draft';
  const publish = useAction(async () => {
    await put(`/api/events/${event.id}`, { status: 'published' });
    toast(texts.published);
    await reload();
  });
  const Asked = DIALOGS[dialog];
  return html`${!isDraft && html`<a class="button" href=${`/e/${event.id}`}>${texts.show}</a>`}
    ${
      isDraft &&
      html`<button type="button" class="primary" disabled=${publish.isBusy} onClick=${publish.run}>
        ${texts.publish}
      </button>`
    }
    <button type="button" onClick=${() => setDialog('duplicate')}>${texts.duplicate}</button>
    ${
      isDraft
        ? html`<button type="button" class="danger" onClick=${() => setDialog('remove')}>${texts.remove}</button>`
        : isOpen &&
          html`<button type="button" class="danger" onClick=${() => setDialog('cancel')}>${texts.cancel}</button>`
    }
    <${Problem} error=${publish.error} />
    ${Asked && html`<${Asked} event=${event} onDone=${reload} onClose=${() => setDialog('')} />`}`;
}

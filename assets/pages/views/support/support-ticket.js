import { useEffect, useState } from 'preact/hooks';
import { createKey, get, post, put, uploadAll } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { followSupport } from '../../lib/live.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { readForm, TextArea } from '../../ui/field.js';
import { Notice, Tag } from '../../ui/parts.js';
import { Loaded, Problem } from '../../ui/states.js';
import { FilePicker } from './file-picker.js';
import { Rating } from './rating.js';
import { STATUS_TONES } from './status-tones.js';

/** @typedef {import('#types').SupportTicket} Ticket */

/** @param {{ message: Ticket['messages'][number], isOwn: boolean }} props */
function Message({ message: { author, body, files, createdAt }, isOwn }) {
  const { support: texts } = useTexts();
  const { moment } = useFormat();
  const name = isOwn ? texts.you : (author.firstName ?? (author.isStaff ? texts.team : texts.customer));
  return html`<li class=${`message ${isOwn ? 'own' : ''}`}>
    <p>
      <strong>${name}</strong>
      ${!isOwn && author.isStaff && author.firstName && html` <${Tag}>${texts.team}<//>`}
      <span class="muted fine"> ${moment(createdAt)}</span>
    </p>
    <p class="prose">${body}</p>
    ${
      files.length > 0 &&
      html`<ul class="files">
        ${files.map(
          ({ id, url, originalName }) =>
            html`<li key=${id}><a href=${url} target="_blank" rel="noopener">${originalName}</a></li>`,
        )}
      </ul>`
    }
  </li>`;
}

/** @param {{ id: number, isClosed: boolean, onSent: () => void }} props */
function Answer({ id, isClosed, onSent }) {
  const { support: texts } = useTexts();
  const [key, setKey] = useState(createKey);
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const write = useAction(async (/** @type {HTMLFormElement} */ form, /** @type {any} */ { message }) => {
    const body = { message, fileIds: await uploadAll(files) };
    await post(`/api/support/tickets/${id}/messages`, body, { idempotencyKey: key });
    form.reset();
    setFiles([]);
    setKey(createKey());
    onSent();
  });
  const submit = (/** @type {Event} */ event) =>
    write.run(/** @type {HTMLFormElement} */ (event.currentTarget), readForm(event));
  return html`<form class="card" onSubmit=${submit}>
    <${TextArea}
      label=${texts.answer}
      name="message"
      rows="4"
      maxlength="10000"
      hint=${isClosed ? texts.answerReopens : undefined}
      required
    />
    <${FilePicker} files=${files} onChange=${setFiles} />
    <${Problem} error=${write.error} />
    <button class="primary" type="submit" disabled=${write.isBusy}>${write.isBusy ? texts.sending : texts.send}</button>
  </form>`;
}

/** @param {{ ticket: Ticket, session: any, reload: () => Promise<void>, onChange: (ticket: Ticket) => void }} props */
function Conversation({ ticket, session, reload, onChange }) {
  const { support: texts } = useTexts();
  const { id, number, subject, status, messages, user, rating, mergedIntoId } = ticket;
  const isOver = status === 'resolved' || status === 'closed';
  const isCustomer = user.id === session.user.id;
  const turn = useAction(async (/** @type {'close' | 'reopen'} */ use) =>
    onChange(await put(`/api/support/tickets/${id}/${use}`, {})),
  );
  return html`<div class="head">
      <div>
        <h3>${subject}</h3>
        <p>
          <${Tag} tone=${STATUS_TONES[status]}>${texts.status[/** @type {keyof typeof texts.status} */ (status)]}<//>
          <span class="muted"> ${number}</span>
        </p>
      </div>
      <p class="row">
        ${status !== 'closed' && html`<button type="button" disabled=${turn.isBusy} onClick=${() => turn.run('close')}>${texts.close}</button>`}
        ${isOver && !mergedIntoId && html`<button type="button" disabled=${turn.isBusy} onClick=${() => turn.run('reopen')}>${texts.reopen}</button>`}
      </p>
    </div>
    <${Problem} error=${turn.error} />
    <div role="log" aria-label=${texts.messages}>
      <ol class="messages">
        ${messages.map(
          (message) =>
            html`<${Message} key=${message.id} message=${message} isOwn=${message.author.id === session.user.id} />`,
        )}
      </ol>
    </div>
    ${
      mergedIntoId
        ? html`<${Notice}><a href=${`/account/support/${mergedIntoId}`}>${texts.merged}</a><//>`
        : html`<${Answer} id=${id} isClosed=${status === 'closed'} onSent=${reload} />`
    }
    ${isCustomer && isOver && html`<${Rating} id=${id} rating=${rating} onRated=${reload} />`}`;
}

/** A request for help with its messages, which arrive while it is open. @param {{ id: number, session: any }} props */
export function SupportTicket({ id, session }) {
  const loaded = useLoad(() => get(`/api/support/tickets/${id}`), [id]);
  const { reload } = loaded;
  useEffect(() => followSupport((changed) => (changed ?? id) === id && void reload()), [id]);
  return html`<${Loaded} from=${loaded}>
    ${(/** @type {Ticket} */ ticket) => html`<${Conversation} ticket=${ticket} session=${session} reload=${reload} onChange=${loaded.setData} />`}
  <//>`;
}

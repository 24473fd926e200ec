import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-support.js';
import { get, post, uploadAll } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction, useLoad } from '../../../lib/use-load.js';
import { Field, Select, TextArea } from '../../../ui/field.js';
import { Card } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {{ ticket: import('#types').SupportTicket, reload: () => Promise<void> }} Props */

const MAX_LENGTH = 10_000;

/** @param {{ onChoose: (text: string) => void }} props */
function CannedReplies({ onChoose }) {
  // Without them, staff can still write.
  const loaded = useLoad(() => get('/api/support/replies').catch(() => []), []);
  /** @type {import('#types').SupportReply[]} */
  const replies = loaded.data ?? [];
  if (replies.length === 0) return null;
  const choose = (/** @type {any} */ { target }) => {
    const found = replies.find(({ id }) => String(id) === target.value);
    target.value = '';
    if (found) onChoose(found.body);
  };
  return html`<${Select}
    name="canned"
    label=${texts.canned}
    value=""
    options=${[['', texts.chooseCanned], ...replies.map(({ id, title }) => [String(id), title])]}
    onChange=${choose}
  />`;
}

/** What the customer gets. @param {Props} props */
export function ReplyForm({ ticket, reload }) {
  const [message, setMessage] = useState('');
  const [version, setVersion] = useState(0);
  const attempt = useAttempt();
  const sending = useAction(async (/** @type {File[]} */ files) => {
    const fileIds = await uploadAll(files);
    const body = { message, ...(fileIds.length > 0 && { fileIds }) };
    await attempt(body, (options) => post(`/api/support/tickets/${ticket.id}/messages`, body, options));
    setMessage('');
    setVersion(version + 1);
    toast(texts.sent);
    await reload();
  });
  const send = (/** @type {any} */ event) => {
    event.preventDefault();
    void sending.run([...event.currentTarget.elements.files.files]);
  };
  const insert = (/** @type {string} */ text) =>
    setMessage((before) => (before.trim() ? `${before}\n\n${text}` : text));
  return html`<${Card} title=${texts.reply}>
    <form onSubmit=${send}>
      <${CannedReplies} onChoose=${insert} />
      <${TextArea}
        name="message"
        label=${texts.message}
        hint=${texts.replyHint}
        required
        maxlength=${MAX_LENGTH}
        rows="6"
        value=${message}
        onInput=${(/** @type {any} */ { target }) => setMessage(target.value)}
      />
      <${Field}
        key=${version}
        name="files"
        type="file"
        label=${texts.files}
        hint=${texts.filesHint}
        multiple
        accept="image/jpeg,image/png,image/webp,application/pdf,text/plain"
      />
      <${Problem} error=${sending.error} />
      <div class="actions">
        <button type="submit" class="primary" disabled=${sending.isBusy || message.trim() === ''}>${texts.send}</button>
      </div>
    </form>
  <//>`;
}

/** What only staff reads. @param {Props} props */
export function NoteForm({ ticket, reload }) {
  const [message, setMessage] = useState('');
  const attempt = useAttempt();
  const adding = useAction(async () => {
    const body = { message };
    await attempt(body, (options) => post(`/api/support/tickets/${ticket.id}/notes`, body, options));
    setMessage('');
    toast(texts.noteAdded);
    await reload();
  });
  return html`<${Card} title=${texts.note} class="internal">
    <form
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void adding.run();
      }}
    >
      <${TextArea}
        name="note"
        label=${texts.note}
        hint=${texts.noteHint}
        required
        maxlength=${MAX_LENGTH}
        rows="3"
        value=${message}
        onInput=${(/** @type {any} */ { target }) => setMessage(target.value)}
      />
      <${Problem} error=${adding.error} />
      <div class="actions">
        <button type="submit" disabled=${adding.isBusy || message.trim() === ''}>${texts.addNote}</button>
      </div>
    </form>
  <//>`;
}

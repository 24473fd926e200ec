import { useEffect, useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-attendees.js';
import { list, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Form } from '../../../ui/form.js';
import { Card, Tag } from '../../../ui/parts.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').EventMessage} EventMessage */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.messages;
const AGAIN_MS = 3000;
const EVERYONE = 'all';

/** Asks before the message goes out. @param {{ event: TabProps['event'], message: Record<string, any>, onDone: () => void, onClose: () => void }} props */
function SendDialog({ event, message: { subject, body, to }, onDone, onClose }) {
  const { count } = useFormat();
  const attempt = useAttempt();
  const ticketTypeId = to === EVERYONE ? undefined : Number(to);
  const sent = { subject, body, ...(ticketTypeId && { ticketTypeIds: [ticketTypeId] }) };
  return html`<${ActionDialog}
    title=${texts.sendTitle}
    text=${texts.sendText}
    action=${texts.send}
    preview=${() => list(`/api/events/${event.id}/attendees`, { limit: 1, ticketTypeId })}
    showPreview=${(/** @type {any} */ { pagination }) => html`<p>${texts.tickets(count(pagination.total))}</p>`}
    run=${() => attempt(sent, (options) => post(`/api/events/${event.id}/message`, sent, options))}
    onDone=${() => {
      toast(texts.sent);
      onDone();
    }}
    onClose=${onClose}
  />`;
}

/** @param {{ message: EventMessage }} props */
function Progress({ message: { subject, recipients, left } }) {
  const { count } = useFormat();
  const done = recipients - left;
  return html`<span class="taken">
    <span class="fine">${texts.progressOf(count(done), count(recipients))}</span>
    <progress max=${Math.max(1, recipients)} value=${done} aria-label=${texts.progressLabel(subject)}></progress>
  </span>`;
}

/** Messages to everyone with a ticket, and how far they have come. @param {TabProps} props */
export function MessagesTab({ event }) {
  const { count, moment } = useFormat();
  const [version, setVersion] = useState(0);
  const [isSending, setSending] = useState(false);
  const [asked, setAsked] = useState(/** @type {Record<string, any> | undefined} */ (undefined));
  const [forms, setForms] = useState(0);
  useEffect(() => {
    if (!isSending) return undefined;
    const timer = setInterval(() => document.hidden || setVersion((value) => value + 1), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isSending]);
  const load = async (/** @type {string} */ path, /** @type {Record<string, unknown>} */ query) => {
    const page = await list(path, query);
    setSending(page.data.some(({ status }) => status === 'sending'));
    return page;
  };
  const everyone = /** @type {[string, string]} */ ([EVERYONE, texts.everyone]);
  const types = event.ticketTypes.map(({ id, name }) => /** @type {[string, string]} */ ([String(id), name]));
  const columns = [
    { title: texts.subject, cell: (/** @type {EventMessage} */ { subject }) => subject },
    { title: texts.created, cell: (/** @type {EventMessage} */ { createdAt }) => moment(createdAt) },
    {
      title: texts.status,
      cell: (/** @type {EventMessage} */ { status }) =>
        html`<${Tag} tone=${status === 'completed' ? 'good' : 'warn'}>${texts.statuses[status]}<//>`,
    },
    {
      title: texts.progress,
      cell: (/** @type {EventMessage} */ message) => html`<${Progress} message=${message} />`,
    },
    { title: texts.skipped, isNumber: true, cell: (/** @type {EventMessage} */ { skipped }) => count(skipped) },
  ];
  return html`<${Card} title=${texts.title}>
      <${Form}
        key=${forms}
        fields=${[
          { name: 'subject', label: texts.subject, required: true, attributes: { maxlength: 150 } },
          { name: 'to', label: texts.to, type: 'select', options: [everyone, ...types] },
          {
            name: 'body',
            label: texts.body,
            type: 'textarea',
            hint: texts.bodyHint,
            required: true,
            attributes: { maxlength: 5000, rows: 6 },
          },
        ]}
        values=${asked}
        submit=${texts.write}
        onSubmit=${async (/** @type {Record<string, any>} */ message) => setAsked(message)}
      />
    <//>
    <${DataTable}
      caption=${texts.title}
      path=${`/api/events/${event.id}/messages`}
      load=${load}
      columns=${columns}
      empty=${texts.empty}
      version=${version}
    />
    ${
      asked &&
      html`<${SendDialog}
        event=${event}
        message=${asked}
        onDone=${() => {
          setAsked(undefined);
          setForms(forms + 1);
          setVersion(version + 1);
        }}
        onClose=${() => setAsked(undefined)}
      />`
    }`;
}

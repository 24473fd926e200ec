import { texts } from '#texts/desk-support.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Card } from '../../../ui/parts.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').SupportTicket} SupportTicket */
/** @typedef {SupportTicket['messages'][number] & { isNote: boolean }} Entry */

/** @param {{ entry: Entry, ticket: SupportTicket }} props */
function Message({ entry: { author, body, files, createdAt, isNote }, ticket }) {
  const { moment } = useFormat();
  const name = author.id === ticket.user.id ? getName(ticket.user, texts.unnamed) : getName(author, texts.staff);
  const kind = isNote ? 'internal' : author.isStaff ? 'staff' : 'customer';
  return html`<li class=${`message ${kind}`}>
    <p class="fine">
      <strong>${name}</strong>
      ${author.isStaff && html`<span class="muted"> · ${isNote ? texts.note : texts.staff}</span>`}
      <span class="muted"> · <time datetime=${createdAt}>${moment(createdAt)}</time></span>
    </p>
    <p class="message-body">${body}</p>
    ${
      files.length > 0 &&
      html`<ul class="message-files">
        ${files.map(
          ({ id, url, originalName }) =>
            html`<li key=${id}><a href=${url} target="_blank" rel="noopener">${originalName}</a></li>`,
        )}
      </ul>`
    }
  </li>`;
}

/** Messages of both sides and the notes of staff, oldest first. @param {{ ticket: SupportTicket, notes: import('#types').SupportNote[] }} props */
export function Conversation({ ticket, notes }) {
  /** @type {Entry[]} */
  const entries = [
    ...ticket.messages.map((message) => ({ ...message, isNote: false })),
    ...notes.map((note) => ({ ...note, files: [], isNote: true })),
  ].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return html`<${Card} title=${texts.conversation}>
    <ol class="messages" aria-live="polite" aria-label=${texts.conversation}>
      ${entries.map((entry) => html`<${Message} key=${`${entry.isNote}${entry.id}`} entry=${entry} ticket=${ticket} />`)}
    </ol>
  <//>`;
}

import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Tag } from '../../ui/parts.js';
import { NewSupportTicket } from '../support/new-support-ticket.js';
import { SupportTicket } from '../support/support-ticket.js';
import { STATUS_TONES } from '../support/status-tones.js';
import { Paged } from './paged.js';

/** @typedef {{ entry?: string, session: any, go: (path: string) => void, open: (event: MouseEvent, path: string) => void }} PartProps */

/** @param {{ ticket: import('#types').SupportTicket, open: PartProps['open'] }} props */
function Row({ ticket: { id, number, subject, status, updatedAt }, open }) {
  const { support: texts } = useTexts();
  const { moment } = useFormat();
  const path = `/account/support/${id}`;
  return html`<li class="card">
    <h3><a href=${path} onClick=${(/** @type {MouseEvent} */ event) => open(event, path)}>${subject}</a></h3>
    <p>
      <${Tag} tone=${STATUS_TONES[status]}>${texts.status[/** @type {keyof typeof texts.status} */ (status)]}<//>
      <span class="muted"> ${number} · ${moment(updatedAt)}</span>
    </p>
  </li>`;
}

/** The user's requests for help: all of them, a new one, or one with its messages. @param {PartProps} props */
export function Support({ entry, session, go, open }) {
  const { support: texts } = useTexts();
  const openList = (/** @type {MouseEvent} */ event) => open(event, '/account/support');
  if (entry !== undefined)
    return html`<p><a href="/account/support" onClick=${openList}>${texts.all}</a></p>
      ${
        entry === 'new'
          ? html`<${NewSupportTicket} onSent=${(/** @type {number} */ id) => go(`/account/support/${id}`)} />`
          : html`<${SupportTicket} id=${Number(entry)} session=${session} />`
      }`;
  return html`<p>
      <a
        class="button primary"
        href="/account/support/new"
        onClick=${(/** @type {MouseEvent} */ event) => open(event, '/account/support/new')}
        >${texts.ask}</a
      >
    </p>
    <${Paged} path="/api/support/tickets" empty=${texts.none}>
      ${(/** @type {any[]} */ tickets) =>
        html`<ul class="rows">
          ${tickets.map((ticket) => html`<${Row} key=${ticket.id} ticket=${ticket} open=${open} />`)}
        </ul>`}
    <//>`;
}

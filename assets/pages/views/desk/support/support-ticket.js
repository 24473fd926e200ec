import { useEffect, useState } from 'preact/hooks';
import { texts } from '#texts/desk-support.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { followSupport } from '../../../lib/live.js';
import { useLoad } from '../../../lib/use-load.js';
import { Notice, Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { LoadedPage } from '../loaded-page.js';
import { Conversation } from './conversation.js';
import { Handling } from './handling.js';
import { MergeDialog } from './merge-dialog.js';
import { NoteForm, ReplyForm } from './reply-forms.js';
import { isLate, PRIORITY_TONES, STATUS_TONES } from './support-status.js';

/** @typedef {import('#types').SupportTicket} SupportTicket */
/** @typedef {import('#types').SupportNote} SupportNote */
/** @typedef {{ ticket: SupportTicket, notes: SupportNote[], staff: import('#types').SupportStaff[] }} Loadable */

/** @param {string | undefined} id @returns {Promise<Loadable>} */
async function load(id) {
  const path = `/api/support/tickets/${id}`;
  const [ticket, notes, staff] = await Promise.all([get(path), get(`${path}/notes`), get(`${path}/staff`)]);
  return { ticket, notes, staff };
}

/** @param {{ ticket: SupportTicket }} props */
const Tags = ({ ticket: { status, priority, tags } }) =>
  html`<${Tag} tone=${STATUS_TONES[status]}>${texts.statuses[status]}<//>${' '}
    <${Tag} tone=${PRIORITY_TONES[priority]}>${texts.priorities[priority]}<//>${' '}
    ${tags.map((tag) => html`<${Tag} key=${tag}>${tag}<//>${' '}`)}`;

/** @param {Loadable & { reload: () => Promise<void>, session: import('../../../lib/use-session.js').Session }} props */
function Ticket({ ticket, notes, staff, reload, session }) {
  const [isMerging, setMerging] = useState(false);
  return html`<${DeskHead}
      title=${texts.number(ticket.number, ticket.subject)}
      back=${['/admin/support', texts.title]}
      hint=${html`<${Tags} ticket=${ticket} />`}
    >
      ${
        ticket.mergedIntoId === null &&
        html`<button type="button" onClick=${() => setMerging(true)}>${texts.merge}</button>`
      }
    <//>
    ${
      ticket.mergedIntoId !== null &&
      html`<${Notice} tone="warn">
        ${texts.mergedInto} <a href=${`/admin/support/${ticket.mergedIntoId}`}>${texts.toMerged}</a>
      <//>`
    }
    ${isLate(ticket) && html`<${Notice} tone="bad">${texts.late}<//>`}
    <div class="support">
      <div class="part">
        <${Conversation} ticket=${ticket} notes=${notes} />
        ${
          ticket.mergedIntoId === null &&
          html`<${ReplyForm} ticket=${ticket} reload=${reload} /><${NoteForm} ticket=${ticket} reload=${reload} />`
        }
      </div>
      <${Handling} ticket=${ticket} staff=${staff} reload=${reload} session=${session} />
    </div>
    ${isMerging && html`<${MergeDialog} ticket=${ticket} onClose=${() => setMerging(false)} />`}`;
}

/** A request for help with its conversation, as staff sees it; what others write appears at once. @param {{ params: Record<string, string>, session: import('../../../lib/use-session.js').Session }} props */
export function SupportTicketPage({ params: { id }, session }) {
  const loaded = useLoad(() => load(id), [id]);
  const { reload } = loaded;
  useEffect(
    () => followSupport((changed) => void ((changed === undefined || changed === Number(id)) && reload())),
    [id, reload],
  );
  return html`<${LoadedPage} from=${loaded} title=${texts.title} back=${['/admin/support', texts.title]}>
    ${(/** @type {Loadable} */ data) => html`<${Ticket} ...${data} reload=${reload} session=${session} />`}
  <//>`;
}

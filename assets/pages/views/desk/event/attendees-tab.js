import { texts as areas } from '#texts/desk-attendees.js';
import { call, createKey, list, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction } from '../../../lib/use-load.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').Attendee} Attendee */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.attendees;

/** The API lists valid tickets unless it is asked for others. */
const OTHER_STATUSES = Object.entries(texts.statuses).filter(([status]) => status !== 'valid');

/** The API has one entry for each ticket. @param {string} path @param {Record<string, unknown>} query */
async function load(path, query) {
  const { data, pagination } = await list(path, query);
  return { data: data.map((attendee) => ({ ...attendee, id: attendee.ticketId })), pagination };
}

/** @param {{ eventId: number, attendee: Attendee, onDone: () => Promise<void> }} props */
function CheckInButton({ eventId, attendee: { ticketId, name, reference, status, checkedInAt }, onDone }) {
  const path = `/api/events/${eventId}/check-in`;
  const person = name ?? reference;
  const act = useAction(async () => {
    if (checkedInAt) await call('DELETE', path, { body: { ticketId } });
    else await post(path, { ticketId }, { idempotencyKey: createKey() });
    toast(checkedInAt ? texts.undone(person) : texts.arrived(person));
    await onDone();
  });
  if (status !== 'valid') return null;
  return html`<button type="button" class="small" disabled=${act.isBusy} onClick=${act.run}>
      ${checkedInAt ? texts.undo : texts.checkIn}<span class="unseen"> ${person}</span>
    </button>
    <${Problem} error=${act.error} />`;
}

function useColumns() {
  const { moment } = useFormat();
  return [
    {
      title: texts.name,
      cell: (/** @type {Attendee} */ { name, isTransferred }) =>
        html`${name ?? texts.nobody} ${isTransferred && html`<${Tag}>${texts.statuses.transferred}<//>`}`,
    },
    { title: texts.email, cell: (/** @type {Attendee} */ { email }) => email },
    { title: texts.type, cell: (/** @type {Attendee} */ { ticketTypeName }) => ticketTypeName },
    {
      title: texts.seat,
      cell: (/** @type {Attendee} */ { seat }) => seat && `${seat.section} · ${seat.row} ${seat.number}`,
    },
    { title: texts.reference, cell: (/** @type {Attendee} */ { reference }) => html`<code>${reference}</code>` },
    {
      title: texts.status,
      cell: (/** @type {Attendee} */ { status }) =>
        html`<${Tag} tone=${status === 'valid' ? 'good' : 'bad'}>${texts.statuses[status]}<//>`,
    },
    { title: texts.checkedIn, cell: (/** @type {Attendee} */ { checkedInAt }) => checkedInAt && moment(checkedInAt) },
  ];
}

/** Who has tickets, one line a ticket, to find them and to check them in. @param {TabProps} props */
export function AttendeesTab({ event }) {
  const path = `/api/events/${event.id}/attendees`;
  return html`<${DataTable}
    caption=${texts.title}
    path=${path}
    load=${load}
    columns=${useColumns()}
    filters=${[
      { name: 'search', label: texts.search, type: 'search' },
      {
        name: 'ticketTypeId',
        label: texts.type,
        options: event.ticketTypes.map(({ id, name }) => [String(id), name]),
      },
      { name: 'status', label: texts.status, all: texts.statuses.valid, options: OTHER_STATUSES },
      { name: 'checkedIn', label: texts.checkedIn, options: Object.entries(texts.isIn) },
    ]}
    csv=${{ path: `${path}.csv`, filename: `attendees-${event.id}.csv` }}
    empty=${texts.empty}
    actions=${(/** @type {Attendee} */ attendee, /** @type {() => Promise<void>} */ reload) =>
      html`<${CheckInButton} eventId=${event.id} attendee=${attendee} onDone=${reload} />`}
  />`;
}

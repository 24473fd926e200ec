import { texts } from '#texts/desk-events.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { FreeTickets, LiveSign, TakenTickets } from './live.js';

/** @typedef {import('#types').Event} Event */

/** @type {Record<string, 'good' | 'calm' | 'bad'>} */
export const TONES = { published: 'good', draft: 'calm', completed: 'calm', cancelled: 'bad' };

/** Events with how many tickets are left, live: all events for admins, their own for organizers. @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function EventList({ session }) {
  const { dayAndTime } = useFormat();
  const isAdmin = session.user.role === 'admin';
  const columns = [
    { title: texts.event, cell: (/** @type {Event} */ { title }) => title },
    {
      title: texts.begins,
      sort: 'startDate',
      cell: (/** @type {Event} */ { startDate, timezone }) => dayAndTime(startDate, timezone),
    },
    {
      title: texts.status,
      cell: (/** @type {Event} */ { status }) => html`<${Tag} tone=${TONES[status]}>${texts.statuses[status]}<//>`,
    },
    {
      title: texts.free,
      isNumber: true,
      cell: (/** @type {Event} */ event) => html`<${FreeTickets} key=${event.id} event=${event} />`,
    },
    {
      title: texts.taken,
      cell: (/** @type {Event} */ event) => html`<${TakenTickets} key=${event.id} event=${event} />`,
    },
  ];
  return html`<${DeskHead} title=${texts.title}>
      <${LiveSign} /><a class="button primary" href="/admin/events/new">${texts.newEvent}</a>
    <//>
    <${DataTable}
      caption=${texts.title}
      path=${isAdmin ? '/api/admin/events' : '/api/events'}
      query=${isAdmin ? {} : { mine: true }}
      columns=${columns}
      filters=${[
        { name: 'search', label: texts.search, type: 'search' },
        { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
      ]}
      href=${(/** @type {Event} */ { id }) => `/admin/events/${id}`}
      empty=${texts.empty}
    />`;
}

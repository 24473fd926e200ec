import { useEffect, useState } from 'preact/hooks';
import { texts } from '#texts/desk-support.js';
import { html } from '../../../lib/html.js';
import { followSupport } from '../../../lib/live.js';
import { useFormat } from '../../../lib/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { getName } from '../get-name.js';
import { isLate, PRIORITY_TONES, STATUS_TONES } from './support-status.js';

/** @typedef {import('#types').SupportTicket} SupportTicket */

/** @param {{ user: { id: number } }} session @returns {import('../../../ui/filters.js').Filter[]} */
const getFilters = ({ user }) => [
  { name: 'search', label: texts.search, type: 'search' },
  { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
  { name: 'priority', label: texts.priority, options: Object.entries(texts.priorities) },
  { name: 'assigneeId', label: texts.assignee, options: [[String(user.id), texts.me]] },
  { name: 'overdue', label: texts.due, options: Object.entries(texts.dueOptions) },
  { name: 'category', label: texts.category, type: 'search' },
];

/** The requests for help that concern the user, the most urgent first, as they come in. @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function SupportQueue({ session }) {
  const { moment } = useFormat();
  const [version, setVersion] = useState(0);
  useEffect(() => followSupport(() => setVersion((before) => before + 1)), []);
  const columns = [
    {
      title: texts.subject,
      cell: (/** @type {SupportTicket} */ { number, subject }) => texts.number(number, subject),
    },
    { title: texts.customer, cell: (/** @type {SupportTicket} */ { user }) => getName(user, texts.unnamed) },
    {
      title: texts.status,
      cell: (/** @type {SupportTicket} */ { status }) =>
        html`<${Tag} tone=${STATUS_TONES[status]}>${texts.statuses[status]}<//>`,
    },
    {
      title: texts.priority,
      cell: (/** @type {SupportTicket} */ { priority }) =>
        html`<${Tag} tone=${PRIORITY_TONES[priority]}>${texts.priorities[priority]}<//>`,
    },
    {
      title: texts.due,
      cell: (/** @type {SupportTicket} */ ticket) =>
        isLate(ticket)
          ? html`<${Tag} tone="bad">${texts.late}<//>`
          : ticket.messages.some(({ author }) => author.isStaff)
            ? null
            : moment(ticket.firstResponseDueAt),
    },
    {
      title: texts.assignee,
      cell: (/** @type {SupportTicket} */ { assigneeId }) =>
        assigneeId === null ? texts.nobody : assigneeId === session.user.id ? texts.me : texts.somebody,
    },
    { title: texts.changed, cell: (/** @type {SupportTicket} */ { updatedAt }) => moment(updatedAt) },
  ];
  return html`<${DeskHead} title=${texts.title}>
      <a class="button" href="/admin/support-replies">${texts.replies}</a>
    <//>
    <${DataTable}
      caption=${texts.title}
      path="/api/support/queue"
      columns=${columns}
      filters=${getFilters(session)}
      href=${(/** @type {SupportTicket} */ { id }) => `/admin/support/${id}`}
      empty=${texts.empty}
      version=${version}
    />`;
}

import { texts } from '#texts/desk-admin.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { DeskHead } from '../desk-head.js';

/** @typedef {import('#types').AuditEntry} Entry */

/** Who changed what. @param {{ query?: Record<string, unknown>, prefix?: string, caption?: string }} props `query` fixes what is listed */
export function AuditTable({ query = {}, prefix, caption = texts.auditLog }) {
  const { moment } = useFormat();
  const columns = [
    { title: texts.when, cell: (/** @type {Entry} */ { createdAt }) => moment(createdAt) },
    { title: texts.who, cell: (/** @type {Entry} */ { actorEmail, actorRole }) => actorEmail ?? actorRole },
    { title: texts.action, cell: (/** @type {Entry} */ { action }) => html`<code>${action}</code>` },
    {
      title: texts.subject,
      cell: (/** @type {Entry} */ { subjectType, subjectId }) => [subjectType, subjectId].filter(Boolean).join(' '),
    },
    { title: texts.changes, cell: (/** @type {Entry} */ { details }) => html`<code>${JSON.stringify(details)}</code>` },
    { title: texts.ip, cell: (/** @type {Entry} */ { ip }) => ip },
  ];
  const filters = [
    { name: 'action', label: texts.action, type: 'search', hint: texts.actionHint },
    { name: 'subjectType', label: texts.subjectType, type: 'search' },
    { name: 'subjectId', label: texts.subjectId, type: 'search' },
    { name: 'actorId', label: texts.actorId, type: 'search' },
    { name: 'from', label: texts.from, type: 'from' },
    { name: 'to', label: texts.to, type: 'to' },
  ];
  return html`<${DataTable}
    caption=${caption}
    path="/api/admin/audit-log"
    query=${query}
    prefix=${prefix}
    columns=${columns}
    filters=${filters.filter(({ name }) => !(name in query))}
    empty=${texts.noEntries}
  />`;
}

export const AuditLogPage = () =>
  html`<${DeskHead} title=${texts.auditLog} hint=${texts.auditHint} /> <${AuditTable} />`;

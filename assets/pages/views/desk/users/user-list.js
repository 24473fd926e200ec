import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-users.js';
import { get, put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').AdminUser} User */

const FILTERS = [
  { name: 'search', label: texts.search, type: 'search' },
  { name: 'role', label: texts.role, options: Object.entries(texts.roles) },
  { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
];

/** @param {User} user @param {User['status']} status */
const changeStatus = (user, status) => put(`/api/admin/users/${user.id}`, { status });

/** @param {{ user: User, onDone: () => Promise<void> }} props */
export function SuspendButton({ user, onDone }) {
  const [isAsking, setAsking] = useState(false);
  const name = getName(user);
  const reinstate = useAction(async () => {
    await changeStatus(user, 'active');
    toast(texts.reinstated(name));
    await onDone();
  });
  if (user.status === 'suspended')
    return html`<button type="button" class="small" disabled=${reinstate.isBusy} onClick=${reinstate.run}>
        ${texts.reinstate}<span class="unseen"> ${user.email}</span>
      </button>
      <${Problem} error=${reinstate.error} />`;
  return html`<button type="button" class="small danger" onClick=${() => setAsking(true)}>
      ${texts.suspend}<span class="unseen"> ${user.email}</span>
    </button>
    ${
      isAsking &&
      html`<${ActionDialog}
        title=${texts.suspendTitle(name)}
        text=${texts.suspendText}
        action=${texts.suspend}
        preview=${() => get(`/api/admin/users/${user.id}`)}
        showPreview=${(/** @type {import('#types').AdminUserDetail} */ { sessions, bookings, events }) =>
          html`<p>${texts.whatTheyHave(sessions, bookings, events)}</p>`}
        run=${() => changeStatus(user, 'suspended')}
        onDone=${() => {
          toast(texts.suspended(name));
          void onDone();
        }}
        onClose=${() => setAsking(false)}
      />`
    }`;
}

/** Accounts, which can be searched, suspended and reinstated. */
export function UserList() {
  const { moment } = useFormat();
  const columns = [
    { title: texts.name, cell: getName },
    { title: texts.email, sort: 'email', cell: (/** @type {User} */ { email }) => email },
    { title: texts.role, cell: (/** @type {User} */ { role }) => texts.roles[role] },
    {
      title: texts.status,
      cell: (/** @type {User} */ { status }) =>
        html`<${Tag} tone=${status === 'active' ? 'good' : 'bad'}>${texts.statuses[status]}<//>`,
    },
    {
      title: texts.lastLogin,
      cell: (/** @type {User} */ { lastLoginAt }) => (lastLoginAt ? moment(lastLoginAt) : texts.never),
    },
  ];
  return html`<${DeskHead} title=${texts.title} />
    <${DataTable}
      caption=${texts.title}
      path="/api/admin/users"
      columns=${columns}
      filters=${FILTERS}
      href=${(/** @type {User} */ { id }) => `/admin/users/${id}`}
      empty=${texts.empty}
      actions=${(/** @type {User} */ user, /** @type {() => Promise<void>} */ reload) =>
        html`<${SuspendButton} user=${user} onDone=${reload} />`}
    />`;
}

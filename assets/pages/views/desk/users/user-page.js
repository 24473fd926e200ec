import { texts } from '#texts/desk-users.js';
import { get, put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Facts, Figure, Figures } from '../../../ui/figures.js';
import { Form } from '../../../ui/form.js';
import { Card, Tag } from '../../../ui/parts.js';
import { Tabs } from '../../../ui/tabs.js';
import { toast } from '../../../ui/toast.js';
import { AuditTable } from '../admin/audit-log.js';
import { BookingTable } from '../bookings/booking-table.js';
import { DeskHead } from '../desk-head.js';
import { getName } from '../get-name.js';
import { LoadedPage } from '../loaded-page.js';
import { UserCredits } from './user-credits.js';
import { UserLicenses, UserOrders, UserSessions } from './user-lists.js';
import { SuspendButton } from './user-list.js';

/** @typedef {import('#types').AdminUserDetail} User */

const PARTS = /** @type {const} */ (['overview', 'bookings', 'orders', 'credits', 'licenses', 'sessions', 'audit']);

/** @param {{ user: User, onDone: () => Promise<void> }} props */
function UserOverview({ user, onDone }) {
  const { moment, count } = useFormat();
  const changeRole = async (/** @type {any} */ { role }) => {
    await put(`/api/admin/users/${user.id}`, { role });
    toast(texts.roleChanged);
    await onDone();
  };
  return html`<${Figures}>
      <${Figure}
        title=${texts.parts.bookings}
        value=${count(user.bookings)}
        href=${`/admin/users/${user.id}/bookings`}
      />
      <${Figure} title=${texts.events} value=${count(user.events)} />
      <${Figure}
        title=${texts.parts.sessions}
        value=${count(user.sessions)}
        href=${`/admin/users/${user.id}/sessions`}
      />
    <//>
    <div class="columns">
      <${Card} title=${texts.details}>
        <${Facts}
          facts=${[
            [texts.email, user.email],
            [texts.confirmed, user.emailVerified ? texts.yes : texts.no],
            [texts.phone, user.phone],
            [texts.role, texts.roles[user.role]],
            [texts.status, texts.statuses[user.status]],
            [texts.registered, moment(user.createdAt)],
            [texts.lastLogin, user.lastLoginAt ? moment(user.lastLoginAt) : texts.never],
            [texts.language, user.locale],
            [texts.zone, user.timezone],
          ]}
        />
      <//>
      <${Card} title=${texts.role}>
        <p class="muted">${texts.roleHint}</p>
        <${Form}
          fields=${[{ name: 'role', label: texts.role, type: 'select', options: Object.entries(texts.roles) }]}
          values=${{ role: user.role }}
          submit=${texts.changeRole}
          onSubmit=${changeRole}
        />
      <//>
    </div>`;
}

/** @param {{ part: typeof PARTS[number], user: User, onDone: () => Promise<void> }} props */
function Part({ part, user, onDone }) {
  const userId = String(user.id);
  switch (part) {
    case 'bookings':
      return html`<${BookingTable} userId=${userId} />`;
    case 'orders':
      return html`<${UserOrders} userId=${userId} />`;
    case 'credits':
      return html`<${UserCredits} userId=${userId} />`;
    case 'licenses':
      return html`<${UserLicenses} userId=${userId} />`;
    case 'sessions':
      return html`<${UserSessions} userId=${userId} name=${getName(user)} />`;
    case 'audit':
      return html`<h2>${texts.whatTheyDid}</h2>
        <${AuditTable} caption=${texts.whatTheyDid} query=${{ actorId: userId }} />
        <h2>${texts.whatWasDone}</h2>
        <${AuditTable}
          caption=${texts.whatWasDone}
          prefix="subject-"
          query=${{ subjectType: 'user', subjectId: userId }}
        />`;
    default:
      return html`<${UserOverview} user=${user} onDone=${onDone} />`;
  }
}

/** Everything about one account. @param {{ params: Record<string, string> }} props */
export function UserPage({ params: { id, part: wanted } }) {
  const loaded = useLoad(() => get(`/api/admin/users/${id}`), [id]);
  const part = PARTS.find((each) => each === wanted) ?? 'overview';
  const toPath = (/** @type {string} */ each) => `/admin/users/${id}${each === 'overview' ? '' : `/${each}`}`;
  const back = ['/admin/users', texts.title];
  return html`<${LoadedPage} from=${loaded} title=${texts.user} back=${back}>
    ${(/** @type {User} */ user) =>
      html`<${DeskHead}
          title=${getName(user)}
          hint=${html`${user.email}${' '}
            <${Tag} tone=${user.status === 'active' ? 'good' : 'bad'}>${texts.statuses[user.status]}<//>`}
          back=${back}
        >
          <${SuspendButton} user=${user} onDone=${loaded.reload} />
        <//>
        <${Tabs} label=${texts.user} tabs=${PARTS.map((each) => [toPath(each), texts.parts[each]])} />
        <${Part} key=${part} part=${part} user=${user} onDone=${loaded.reload} />`}
  <//>`;
}

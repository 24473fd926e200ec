import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-users.js';
import { remove } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { toast } from '../../../ui/toast.js';
import { useLicenseColumns } from '../licenses/license-columns.js';
import { useOrderColumns } from '../orders/order-columns.js';

/** @typedef {import('#types').AdminOrder} Order */
/** @typedef {import('#types').Session} Session */

/** @param {{ userId: string }} props */
export function UserOrders({ userId }) {
  const [number, ...others] = useOrderColumns({ isOfOne: true });
  const event = { title: texts.event, cell: (/** @type {Order} */ order) => order.event?.title };
  return html`<${DataTable}
    caption=${texts.parts.orders}
    path="/api/admin/orders"
    query=${{ userId }}
    columns=${[number, event, ...others]}
    href=${(/** @type {Order} */ { id }) => `/admin/orders/${id}`}
    empty=${texts.noOrders}
  />`;
}

/** @param {{ userId: string }} props */
export const UserLicenses = ({ userId }) =>
  html`<${DataTable}
    caption=${texts.parts.licenses}
    path="/api/admin/licenses"
    query=${{ userId }}
    columns=${useLicenseColumns({ isOfOne: true })}
    empty=${texts.noLicenses}
  />`;

/** @param {{ userId: string, name: string }} props */
export function UserSessions({ userId, name }) {
  const { moment } = useFormat();
  const [isAsking, setAsking] = useState(false);
  const [version, setVersion] = useState(0);
  const path = `/api/admin/users/${userId}/sessions`;
  return html`<p>
      <button type="button" class="danger" onClick=${() => setAsking(true)}>${texts.endSessions}</button>
    </p>
    <${DataTable}
      caption=${texts.parts.sessions}
      path=${path}
      version=${version}
      columns=${[
        { title: texts.device, cell: (/** @type {Session} */ { userAgent }) => userAgent ?? texts.unknownDevice },
        { title: texts.address, cell: (/** @type {Session} */ { ip }) => ip },
        { title: texts.lastUsed, cell: (/** @type {Session} */ { lastUsedAt }) => moment(lastUsedAt) },
        { title: texts.createdAt, cell: (/** @type {Session} */ { createdAt }) => moment(createdAt) },
      ]}
      empty=${texts.noSessions}
    />
    ${
      isAsking &&
      html`<${ActionDialog}
        title=${texts.endSessionsTitle(name)}
        text=${texts.endSessionsText}
        action=${texts.endSessions}
        run=${() => remove(path)}
        onDone=${() => {
          toast(texts.sessionsEnded);
          setVersion(version + 1);
        }}
        onClose=${() => setAsking(false)}
      />`
    }`;
}

import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-users.js';
import { remove } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').AdminOrder} Order */
/** @typedef {import('#types').AdminLicense} License */
/** @typedef {import('#types').Session} Session */

/** @param {{ userId: string }} props */
export function UserOrders({ userId }) {
  const { money, moment } = useFormat();
  return html`<${DataTable}
    caption=${texts.parts.orders}
    path="/api/admin/orders"
    query=${{ userId }}
    columns=${[
      { title: texts.order, cell: (/** @type {Order} */ { orderNumber }) => orderNumber },
      { title: texts.event, cell: (/** @type {Order} */ { event }) => event?.title },
      { title: texts.status, cell: (/** @type {Order} */ { status }) => texts.orderStatuses[status] },
      {
        title: texts.total,
        isNumber: true,
        cell: (/** @type {Order} */ { total, currency }) => money(total, currency),
      },
      { title: texts.createdAt, cell: (/** @type {Order} */ { createdAt }) => moment(createdAt) },
    ]}
    href=${(/** @type {Order} */ { id }) => `/admin/orders/${id}`}
    empty=${texts.noOrders}
  />`;
}

/** @param {{ userId: string }} props */
export function UserLicenses({ userId }) {
  const { count, moment } = useFormat();
  return html`<${DataTable}
    caption=${texts.parts.licenses}
    path="/api/admin/licenses"
    query=${{ userId }}
    columns=${[
      { title: texts.product, cell: (/** @type {License} */ { product }) => product.name },
      { title: texts.status, cell: (/** @type {License} */ { status }) => texts.licenseStatuses[status] },
      {
        title: texts.devices,
        isNumber: true,
        cell: (/** @type {License} */ { activationsCount, maxActivations }) =>
          maxActivations === null ? count(activationsCount) : texts.of(count(activationsCount), count(maxActivations)),
      },
      { title: texts.createdAt, cell: (/** @type {License} */ { createdAt }) => moment(createdAt) },
      { title: texts.expiresAt, cell: (/** @type {License} */ { expiresAt }) => expiresAt && moment(expiresAt) },
    ]}
    empty=${texts.noLicenses}
  />`;
}

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

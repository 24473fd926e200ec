import { useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-attendees.js';
import { texts as store } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { addPrices } from '../../../lib/money.js';
import { DataTable } from '../../../ui/data-table.js';
import { useOrderColumns } from '../orders/order-columns.js';
import { isRefundable } from '../orders/order-lines.js';
import { RefundDialog } from '../orders/refund-dialog.js';

/** @typedef {import('#types').Order} Order */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.orders;

/** @param {{ order: Order, session: TabProps['session'], onDone: () => Promise<void> }} props */
function RefundButton({ order, session, onDone }) {
  const [isAsking, setAsking] = useState(false);
  if (!isRefundable(order)) return null;
  return html`<button type="button" class="small" onClick=${() => setAsking(true)}>
      ${texts.refund}<span class="unseen"> ${order.orderNumber}</span>
    </button>
    ${
      isAsking &&
      html`<${RefundDialog} order=${order} session=${session} onDone=${onDone} onClose=${() => setAsking(false)} />`
    }`;
}

/** @param {Order} order */
const sumRefunds = ({ refunds }) =>
  addPrices(refunds.filter(({ status }) => status !== 'failed').map(({ amount }) => [amount, 1]));

/** The orders of an event, which can be refunded. @param {TabProps} props */
export function OrdersTab({ event, session }) {
  const { money } = useFormat();
  const path = `/api/events/${event.id}/orders`;
  const refunded = {
    title: texts.refunded,
    isNumber: true,
    cell: (/** @type {Order} */ order) => money(sumRefunds(order), order.currency),
  };
  return html`<${DataTable}
    caption=${store.orders.title}
    path=${path}
    columns=${[...useOrderColumns(), refunded]}
    filters=${[
      { name: 'search', label: store.orders.search, type: 'search' },
      { name: 'status', label: store.orders.status, options: Object.entries(store.orders.statuses) },
    ]}
    href=${(/** @type {Order} */ { id }) => `/admin/orders/${id}`}
    csv=${{ path: `${path}.csv`, filename: `orders-${event.id}.csv` }}
    empty=${store.orders.empty}
    actions=${(/** @type {Order} */ order, /** @type {() => Promise<void>} */ reload) =>
      html`<${RefundButton} order=${order} session=${session} onDone=${reload} />`}
  />`;
}

import { download } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Tag } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { Paged } from './paged.js';

/** @typedef {import('#types').Order} OrderData */

/** @type {Record<string, 'good' | 'warn' | 'bad' | 'calm'>} */
const TONES = { pending: 'warn', processing: 'warn', paid: 'good', partially_refunded: 'good', disputed: 'bad' };
const PAID = ['paid', 'partially_refunded', 'disputed'];

/** What was sent of an order, and how to follow it. @param {{ order: OrderData }} props */
function Shipping({ order: { fulfillmentStatus, fulfillments } }) {
  const { account: texts } = useTexts();
  const { moment } = useFormat();
  if (fulfillmentStatus === 'none') return null;
  return html`<p>${texts.fulfillment[/** @type {keyof typeof texts.fulfillment} */ (fulfillmentStatus)]}</p>
    ${
      fulfillments.length > 0 &&
      html`<ul class="files">
        ${fulfillments.map(
          ({ id, carrier, trackingNumber, trackingUrl, createdAt }) =>
            html`<li key=${id}>
              ${[moment(createdAt), carrier, trackingNumber].filter(Boolean).join(' · ')}
              ${trackingUrl && html` · <a href=${trackingUrl} rel="noopener noreferrer">${texts.track}</a>`}
            </li>`,
        )}
      </ul>`
    }`;
}

/** @param {{ order: OrderData }} props */
function Row({ order }) {
  const { account: texts } = useTexts();
  const { money, moment } = useFormat();
  const { id, orderNumber, status, total, currency, invoiceNumber, createdAt, items } = order;
  const fetchInvoice = useAction(() => download(`/api/orders/${id}/invoice.pdf`, `${invoiceNumber}.pdf`));
  const hasGoods = items.some(({ kind }) => kind === 'product');
  const unseen = html`<span class="unseen"> ${orderNumber}</span>`;
  return html`<li class="card">
    <h3><a href=${`/orders/${id}`}>${orderNumber}</a></h3>
    <p>
      <${Tag} tone=${TONES[status]}>${texts.orderStatus[/** @type {keyof typeof texts.orderStatus} */ (status)]}<//>
      <span class="muted"> ${moment(createdAt)}</span> · <strong>${money(total, currency)}</strong>
    </p>
    <p class="muted">
      ${items.map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name)).join(', ')}
    </p>
    <${Shipping} order=${order} />
    <p class="row">
      ${
        invoiceNumber &&
        html`<button type="button" disabled=${fetchInvoice.isBusy} onClick=${fetchInvoice.run}>
          ${texts.invoiceNumber(invoiceNumber)}
        </button>`
      }
      <a class="button" href=${`/account/support/new?orderId=${id}`}>${texts.askAbout}${unseen}</a>
      ${
        hasGoods &&
        PAID.includes(status) &&
        html`<a class="button" href=${`/orders/${id}/withdrawal`}>${texts.withdraw}${unseen}</a>`
      }
    </p>
    <${Problem} error=${fetchInvoice.error} />
  </li>`;
}

/** The user's orders: what they are worth, their invoices, and what was sent of them. */
export function Orders() {
  const { account: texts } = useTexts();
  return html`<${Paged} path="/api/orders" empty=${texts.noOrders}>
    ${(/** @type {any[]} */ orders) =>
      html`<ul class="rows">
        ${orders.map((order) => html`<${Row} key=${order.id} order=${order} />`)}
      </ul>`}
  <//>`;
}

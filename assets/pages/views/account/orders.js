import { download } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Table } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { Paged } from './paged.js';

/** The user's orders with their invoices. */
export function Orders() {
  const { account: texts } = useTexts();
  const { money, moment } = useFormat();
  const fetchInvoice = useAction((/** @type {any} */ order) =>
    download(`/api/orders/${order.id}/invoice.pdf`, `${order.invoiceNumber}.pdf`),
  );
  return html`<${Paged} path="/api/orders" empty=${texts.noOrders}>
    ${(/** @type {any[]} */ orders) =>
      html`<${Table}
          caption=${texts.parts.orders}
          head=${[texts.orderNumber, texts.date, texts.total, texts.status, texts.invoice]}
        >
          ${orders.map(
            (order) =>
              html`<tr key=${order.id}>
                <th scope="row"><a href=${`/orders/${order.id}`}>${order.orderNumber}</a></th>
                <td>${moment(order.createdAt)}</td>
                <td class="number">${money(order.total, order.currency)}</td>
                <td>${texts.orderStatus[/** @type {keyof typeof texts.orderStatus} */ (order.status)]}</td>
                <td>
                  ${
                    order.invoiceNumber &&
                    html`<button type="button" class="small" onClick=${() => fetchInvoice.run(order)}>
                      ${order.invoiceNumber}
                    </button>`
                  }
                </td>
              </tr>`,
          )}
        <//>
        <${Problem} error=${fetchInvoice.error} />`}
  <//>`;
}

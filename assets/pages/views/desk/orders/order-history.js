import { texts } from '#texts/desk-store.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Card, Table, Tag } from '../../../ui/parts.js';
import { Loaded } from '../../../ui/states.js';
import { PAYMENT_TONES, REFUND_TONES } from './order-status.js';

/** @typedef {import('#types').Order} Order */

const { orders: own } = texts;

/** Names units of an order: `2 × Shirt`. @param {Order} order @param {{ itemId: number, quantity: number }[]} units */
const nameUnits = ({ items }, units) =>
  units
    .map(({ itemId, quantity }) => `${quantity} × ${items.find(({ id }) => id === itemId)?.name ?? itemId}`)
    .join(', ');

/** What was sent. @param {{ order: Order }} props */
export function Parcels({ order }) {
  const { moment } = useFormat();
  if (order.fulfillmentStatus === 'none') return null;
  return html`<${Card} title=${own.fulfillments}>
    ${
      order.fulfillments.length === 0
        ? html`<p class="muted">${own.noFulfillments}</p>`
        : html`<${Table} caption=${own.fulfillments} head=${[own.sent, own.contents, own.carrier, own.tracking]}>
            ${order.fulfillments.map(
              ({ id, items, carrier, trackingNumber, trackingUrl, createdAt }) =>
                html`<tr key=${id}>
                  <th scope="row">${moment(createdAt)}</th>
                  <td>${nameUnits(order, items)}</td>
                  <td>${carrier ?? '–'}</td>
                  <td>
                    ${trackingNumber ?? '–'}
                    ${trackingUrl && html` <a href=${trackingUrl} target="_blank" rel="noopener">${own.track}</a>`}
                  </td>
                </tr>`,
            )}
          <//>`
    }
  <//>`;
}

/** @param {{ order: Order }} props */
export function Payments({ order: { payments } }) {
  const { money, moment } = useFormat();
  return html`<${Card} title=${own.payments}>
    ${
      payments.length === 0
        ? html`<p class="muted">${own.noPayments}</p>`
        : html`<${Table}
            caption=${own.payments}
            head=${[own.provider, own.status, [own.captured, 'number'], [own.refunded, 'number'], texts.stock.when]}
          >
            ${payments.map(
              ({ id, provider, status, captured, refunded, currency, discrepancy, createdAt }) =>
                html`<tr key=${id}>
                  <th scope="row">
                    ${provider} ${discrepancy && html`<p class="problem">${own.discrepancy(discrepancy)}</p>`}
                  </th>
                  <td><${Tag} tone=${PAYMENT_TONES[status]}>${own.paymentStatuses[status]}<//></td>
                  <td class="number">${money(captured, currency)}</td>
                  <td class="number">${money(refunded, currency)}</td>
                  <td>${moment(createdAt)}</td>
                </tr>`,
            )}
          <//>`
    }
  <//>`;
}

/** @param {{ order: Order }} props */
export function Refunds({ order: { refunds } }) {
  const { money, moment } = useFormat();
  if (refunds.length === 0) return null;
  return html`<${Card} title=${own.refunds}>
    <${Table} caption=${own.refunds} head=${[own.amount, own.status, own.to, own.reason, texts.stock.when]}>
      ${refunds.map(
        ({ id, amount, currency, status, to, cause, reason, claimUrl, createdAt }) =>
          html`<tr key=${id}>
            <th scope="row">${money(amount, currency)}</th>
            <td><${Tag} tone=${REFUND_TONES[status]}>${own.refundStatuses[status]}<//></td>
            <td>${own.places[to]} ${claimUrl && html`<a href=${claimUrl}>${own.claim}</a>`}</td>
            <td>${[own.causes[cause], reason].filter(Boolean).join(': ') || '–'}</td>
            <td>${moment(createdAt)}</td>
          </tr>`,
      )}
    <//>
  <//>`;
}

const PAID = ['paid', 'partially_refunded', 'refunded'];

/** What the customer has withdrawn; nothing is shown if there was nothing. @param {{ order: Order }} props */
export function Withdrawals({ order }) {
  const { money, moment } = useFormat();
  const loaded = useLoad(
    async () => (PAID.includes(order.status) ? (await get(`/api/orders/${order.id}/withdrawal`)).withdrawals : []),
    [order.id, order.status, order.refunds.length],
  );
  if (loaded.data?.length === 0) return null;
  return html`<${Card} title=${own.withdrawals}>
    <${Loaded} from=${loaded}>
      ${(/** @type {import('#types').Withdrawal[]} */ withdrawals) =>
        html`<ul class="rows">
          ${withdrawals.map(
            ({ id, receivedAt, refundAmount, currency, items }) =>
              html`<li key=${id}>
                ${own.withdrawn(moment(receivedAt), money(refundAmount, currency))}
                <p class="muted fine">${nameUnits(order, items)}</p>
              </li>`,
          )}
        </ul>`}
    <//>
  <//>`;
}

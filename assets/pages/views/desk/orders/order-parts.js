import { texts } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { isZero } from '../../../lib/money.js';
import { Facts } from '../../../ui/figures.js';
import { Card, Table } from '../../../ui/parts.js';
import { countSent, isOwnItem } from './order-lines.js';

/** @typedef {import('#types').Order} Order */
/** @typedef {import('../../../lib/use-session.js').Session} Session */

const { orders: own, products } = texts;

/** @param {{ address: any }} props */
export function Address({ address: { name, company, line1, line2, postalCode, city, region, country, phone, vatId } }) {
  const lines = [name, company, line1, line2, `${postalCode} ${city}`, region, country, phone, vatId].filter(Boolean);
  return html`<address class="address">${lines.join('\n')}</address>`;
}

/** @param {{ order: Order, session: Session }} props */
export function Lines({ order, session }) {
  const { money, count } = useFormat();
  const { items, currency } = order;
  const numbers = [own.quantity, own.unitPrice, own.total, own.refundedUnits, own.sentUnits];
  const head = [own.line, ...numbers.map((name) => [name, 'number'])];
  const toRefunded = (/** @type {Order['items'][number]} */ { refundedQuantity, refundedAmount }) =>
    isZero(refundedAmount) && refundedQuantity === 0
      ? '–'
      : `${count(refundedQuantity)} · ${money(refundedAmount, currency)}`;
  return html`<${Card} title=${own.lines}>
    <${Table} caption=${own.lines} head=${head}>
      ${items.map(
        (item) =>
          html`<tr key=${item.id} data-line=${item.id}>
            <th scope="row">
              ${item.name}
              <p class="muted fine">
                ${[
                  item.sku,
                  item.productType && products.types[item.productType],
                  item.kind !== 'shipping' && !isOwnItem(item, session) && own.ofOthers,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </th>
            <td class="number">${count(item.quantity)}</td>
            <td class="number">${money(item.unitPrice, currency)}</td>
            <td class="number">${money(item.total, currency)}</td>
            <td class="number">${toRefunded(item)}</td>
            <td class="number">${item.productType === 'physical' ? count(countSent(order, item)) : '–'}</td>
          </tr>`,
      )}
    <//>
  <//>`;
}

/** @param {{ bookings: Order['bookings'] }} props */
const Bookings = ({ bookings }) =>
  bookings.map(
    ({ id, reference, eventId }) => html`<p key=${id}><a href=${`/admin/events/${eventId}`}>${reference}</a></p>`,
  );

/** @param {{ order: Order, session: Session }} props */
export function Customer({ order, session }) {
  const { moment } = useFormat();
  const { customer, bookings, billingAddress, shippingAddress, note, invoiceNumber, createdAt, items } = order;
  const hasLicenses = items.some(({ productType }) => productType === 'license');
  return html`<${Card} title=${own.facts}>
    <${Facts}
      facts=${[
        [texts.name, customer.name],
        [own.email, html`<a href=${`mailto:${customer.email}`}>${customer.email}</a>`],
        [own.when, moment(createdAt)],
        [own.invoiceNumber, invoiceNumber],
        [own.bookings, bookings.length > 0 ? html`<${Bookings} bookings=${bookings} />` : null],
        [own.shipTo, shippingAddress && html`<${Address} address=${shippingAddress} />`],
        [own.billTo, billingAddress && html`<${Address} address=${billingAddress} />`],
        [own.note, note],
      ]}
    />
    ${
      hasLicenses &&
      session.user.role === 'admin' &&
      html`<p><a href=${`/admin/licenses?orderId=${order.id}`}>${own.licenses}</a></p>`
    }
  <//>`;
}

/** @param {{ order: Order }} props */
export function Sums({ order }) {
  const { money } = useFormat();
  const { currency, subtotal, discount, shippingTotal, tax, creditsApplied, total } = order;
  const unlessZero = (/** @type {string} */ amount) => (isZero(amount) ? null : money(amount, currency));
  return html`<${Card} title=${own.sums}>
    <${Facts}
      facts=${[
        [own.subtotal, money(subtotal, currency)],
        [own.discount, unlessZero(discount)],
        [own.shippingTotal, unlessZero(shippingTotal)],
        [own.tax, unlessZero(tax)],
        [own.total, html`<strong>${money(total, currency)}</strong>`],
        [own.credits, unlessZero(creditsApplied)],
      ]}
    />
  <//>`;
}

import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices, isZero } from '../../lib/money.js';
import { Table } from '../../ui/parts.js';

/** What was ordered, and what it costs. @param {{ order: import('#types').Order }} props */
export function OrderLines({ order }) {
  const { order: texts, store } = useTexts();
  const { money, count } = useFormat();
  const { currency, items, discount, shippingTotal, tax, total, creditsApplied } = order;
  const sum = (/** @type {string} */ label, /** @type {string} */ amount, isStrong = false) =>
    html`<tr>
      <th scope="row" colspan="2">${label}</th>
      <td class="number">${isStrong ? html`<strong>${money(amount, currency)}</strong>` : money(amount, currency)}</td>
    </tr>`;
  const toPay = addPrices([
    [total, 1],
    [creditsApplied, -1],
  ]);
  return html`<${Table} caption=${texts.lines} head=${[texts.item, texts.quantity, texts.price]}>
    ${items
      .filter(({ kind }) => kind !== 'shipping')
      .map(
        ({ id, productId, name, quantity, unitPrice }) =>
          html`<tr key=${id}>
            <td>
              ${productId ? html`<a href=${`/p/${productId}`}>${name}</a>` : name}
              ${quantity > 1 && html`<br /><span class="muted fine">${store.order.each(money(unitPrice, currency))}</span>`}
            </td>
            <td class="number">${count(quantity)}</td>
            <td class="number">${money(addPrices([[unitPrice, quantity]]), currency)}</td>
          </tr>`,
      )}
    ${!isZero(discount) && sum(texts.discount, `-${discount}`)}
    ${
      items.some(({ kind }) => kind === 'shipping') &&
      sum(`${store.order.shipping}: ${items.find(({ kind }) => kind === 'shipping')?.name}`, shippingTotal)
    }
    ${!isZero(tax) && sum(order.taxInclusive ? texts.taxIncluded : texts.tax, tax)} ${sum(texts.total, total, true)}
    ${!isZero(creditsApplied) && sum(store.order.creditsApplied, `-${creditsApplied}`)}
    ${order.status === 'pending' && !isZero(creditsApplied) && sum(store.order.toPay, toPay, true)}
  <//>`;
}

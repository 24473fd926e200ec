import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices, isLess, isZero } from '../../lib/money.js';

/** True if the prices include the tax: then it is no further summand. @param {import('#types').Cart} cart */
function isTaxIncluded({ subtotal, discount, shippingTotal, total }) {
  const sum = addPrices([
    [subtotal, 1],
    [discount, -1],
    [shippingTotal, 1],
  ]);
  return !isLess(sum, total);
}

/** The sums of a cart. @param {{ cart: import('#types').Cart, isShippingKnown: boolean, credits?: string }} props */
export function Totals({ cart, isShippingKnown, credits }) {
  const { cart: texts, checkout } = useTexts().store;
  const { money } = useFormat();
  const { subtotal, discount, shippingTotal, tax, total, items } = cart;
  const currency = cart.currency ?? 'USD';
  const isShipped = items.some(({ productType }) => productType === 'physical');
  const isKnown = isShippingKnown || !isZero(shippingTotal);
  /** @type {[string, string][]} */
  const rows = [[texts.subtotal, money(subtotal, currency)]];
  if (!isZero(discount)) rows.push([texts.discount, money(`-${discount}`, currency)]);
  if (isShipped) rows.push([texts.shipping, isKnown ? money(shippingTotal, currency) : texts.shippingLater]);
  if (!isZero(tax)) rows.push([isTaxIncluded(cart) ? texts.taxIncluded : texts.tax, money(tax, currency)]);
  const toPay =
    credits &&
    addPrices([
      [total, 1],
      [credits, -1],
    ]);
  return html`<div role="status">
    <dl class="sums">
      ${rows.map(
        ([name, amount]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${amount}</dd>
          </div>`,
      )}
      <div class="sum">
        <dt>${texts.total}</dt>
        <dd>${money(total, currency)}</dd>
      </div>
      ${
        toPay &&
        html`<div>
            <dt>${checkout.byCredits}</dt>
            <dd>${money(`-${credits}`, currency)}</dd>
          </div>
          <div class="sum">
            <dt>${checkout.toPay}</dt>
            <dd>${money(toPay, currency)}</dd>
          </div>`
      }
    </dl>
  </div>`;
}

import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices, isLess, isZero } from '../../lib/money.js';
import { ChoiceList } from '../../ui/choice-list.js';
import { Notice } from '../../ui/parts.js';
import { Loaded } from '../../ui/states.js';

/** What an option costs for this cart; enough goods ship for nothing. @param {import('#types').ShippingOption} option @param {import('#types').Cart} cart */
function getPrice({ price, freeFrom }, { subtotal, discount }) {
  const goods = addPrices([
    [subtotal, 1],
    [discount, -1],
  ]);
  return freeFrom !== null && !isLess(goods, freeFrom) ? '0' : price;
}

/** The options that ship what is in the cart, the cheapest first. @param {import('#types').ShippingOption[]} options @param {import('#types').Cart} cart @returns {[option: import('#types').ShippingOption, price: string][]} */
export function listUsable(options, cart) {
  const weight = cart.items.reduce((sum, { weightGrams, quantity }) => sum + (weightGrams ?? 0) * quantity, 0);
  return options
    .filter(({ currency }) => currency === null || currency === cart.currency)
    .filter(({ maxWeightGrams }) => maxWeightGrams === null || weight <= maxWeightGrams)
    .map((option) => /** @type {[any, string]} */ ([option, getPrice(option, cart)]))
    .sort(([, first], [, second]) => (isLess(first, second) ? -1 : isLess(second, first) ? 1 : 0));
}

/** How the goods are sent. @param {{ options: any, cart: import('#types').Cart, country: string, chosen: string, onChange: (id: string) => void }} props */
export function ShippingChoice({ options, cart, country, chosen, onChange }) {
  const { checkout: texts } = useTexts().store;
  const { money } = useFormat();
  if (!country) return html`<p class="muted">${texts.shippingNeedsCountry}</p>`;
  return html`<${Loaded} from=${options}>
    ${(/** @type {any[]} */ all) => {
      const usable = listUsable(all, cart);
      if (usable.length === 0) return html`<${Notice} tone="bad" role="alert">${texts.notShipped}<//>`;
      const isKnown = usable.some(([{ id }]) => String(id) === chosen);
      return html`<${ChoiceList}
        legend=${texts.shipping}
        isLegendHidden=${true}
        name="shippingOptionId"
        value=${isKnown ? chosen : String(usable[0]?.[0].id)}
        onChange=${onChange}
        options=${usable.map(([{ id, name }, price]) => [
          String(id),
          html`${name}: <strong>${isZero(price) ? texts.freeShipping : money(price, cart.currency ?? '')}</strong>`,
        ])}
      />`;
    }}
  <//>`;
}

import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Field } from '../../ui/field.js';

/** An item of the order: how many can be withdrawn until when, and why the rest cannot. @param {{ item: import('#types').WithdrawableItem }} props */
export function Item({ item: { itemId, name, quantity, withdrawableQuantity, until, reason } }) {
  const { withdrawal: texts } = useTexts();
  const { moment, count } = useFormat();
  return html`<li class="card">
    <h2>${name}</h2>
    <p class="muted">${texts.bought(count(quantity))}</p>
    ${
      withdrawableQuantity > 0 &&
      html`<p>${until ? texts.until(moment(until)) : texts.notSentYet}</p>
        <${Field}
          class="narrow"
          label=${texts.howMany}
          name=${`item-${itemId}`}
          type="number"
          min="0"
          max=${withdrawableQuantity}
          value="0"
          aria-label=${`${texts.howMany}: ${name}`}
        />`
    }
    ${reason && html`<p>${texts.reasons[/** @type {keyof typeof texts.reasons} */ (reason)]}</p>`}
  </li>`;
}

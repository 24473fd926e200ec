import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { isLess } from '../../lib/money.js';
import { Checkbox, Field } from '../../ui/field.js';
import { Section } from './section.js';

const PATTERN = '\\d{1,10}([.,]\\d{1,3})?';
const AMOUNT = new RegExp(`^${PATTERN}$`);

/** Returns what somebody typed as a price; undefined if it is none. @param {string} text */
export const toAmount = (text) => (AMOUNT.test(text.trim()) ? text.trim().replace(',', '.') : undefined);

/** Returns the lower of two prices. @param {string} first @param {string} second */
export const lower = (first, second) => (isLess(first, second) ? first : second);

/** Paying with credits, all or a part. @param {{ balance: string, total: string, currency: string, amount: string | undefined, refusal: any, onChange: (amount: string | undefined) => void }} props `amount` undefined: without */
export function Credits({ balance, total, currency, amount, refusal, onChange }) {
  const { checkout: texts } = useTexts().store;
  const { money } = useFormat();
  return html`<${Section} title=${texts.credits} place="credits" refusal=${refusal}>
    <${Checkbox}
      label=${texts.useCredits(money(balance, currency))}
      name="useCredits"
      checked=${amount !== undefined}
      onChange=${(/** @type {any} */ event) => onChange(event.target.checked ? lower(balance, total) : undefined)}
    />
    ${
      amount !== undefined &&
      html`<${Field}
        label=${texts.creditsAmount}
        name="creditsAmount"
        inputmode="decimal"
        autocomplete="off"
        value=${amount}
        pattern=${PATTERN}
        required
        onInput=${(/** @type {any} */ event) => onChange(event.target.value)}
      />`
    }
  <//>`;
}

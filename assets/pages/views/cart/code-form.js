import { setDiscountCode } from '../../lib/cart.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { isZero } from '../../lib/money.js';
import { useAction } from '../../lib/use-load.js';
import { Field, readForm } from '../../ui/field.js';
import { CartProblem } from './cart-problem.js';

/** The discount code of the cart. @param {{ cart: import('#types').Cart, error?: any, onChange: (cart: any) => void }} props */
export function CodeForm({ cart: { discountCode, discount }, error, onChange }) {
  const { cart: texts } = useTexts().store;
  const set = useAction(async (/** @type {string | null} */ code) => onChange(await setDiscountCode(code)));
  const submit = (/** @type {Event} */ event) => {
    const { code } = readForm(event);
    if (code) void set.run(code.trim());
  };
  if (discountCode !== null)
    return html`<div class="code">
      <p role="status">${isZero(discount) ? texts.noEffect(discountCode) : texts.applied(discountCode)}</p>
      <button type="button" class="link" disabled=${set.isBusy} onClick=${() => set.run(null)}>
        ${texts.removeCode}
      </button>
      <${CartProblem} error=${set.error ?? error} />
    </div>`;
  return html`<form class="code" onSubmit=${submit}>
    <div class="code-row">
      <${Field}
        label=${texts.code}
        name="code"
        autocomplete="off"
        autocapitalize="characters"
        maxlength="40"
        required
      />
      <button type="submit" disabled=${set.isBusy}>${texts.apply}</button>
    </div>
    <${CartProblem} error=${set.error ?? error} />
  </form>`;
}

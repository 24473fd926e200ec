import { useState } from 'preact/hooks';
import { addItem } from '../../lib/cart.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Stepper } from '../../ui/field.js';
import { Notice } from '../../ui/parts.js';
import { CartProblem } from '../cart/cart-problem.js';

const MAX_QUANTITY = 1000;

/** How many of a product to put into the cart. @param {{ product: import('#types').Product, onRefused: () => void }} props */
export function AddProduct({ product, onRefused }) {
  const { store: texts, event: eventTexts } = useTexts();
  const [quantity, setQuantity] = useState(1);
  const [isAdded, setAdded] = useState(false);
  const max = Math.min(product.availableStock ?? MAX_QUANTITY, product.maxPerOrder ?? MAX_QUANTITY, MAX_QUANTITY);
  const add = useAction(async () => {
    setAdded(false);
    try {
      await addItem({ productId: product.id, quantity });
      setAdded(true);
      setQuantity(1);
    } catch (error) {
      onRefused();
      throw error;
    }
  });
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    void add.run();
  };
  return html`<form class="add needs-ready" onSubmit=${submit}>
    <div class="row">
      <${Stepper}
        label=${texts.quantity}
        value=${quantity}
        min=${1}
        max=${max}
        onChange=${setQuantity}
        texts=${eventTexts}
      />
      ${product.maxPerOrder && html`<span class="muted fine">${texts.atMost(product.maxPerOrder)}</span>`}
    </div>
    <button class="primary large" type="submit" disabled=${add.isBusy}>${add.isBusy ? texts.adding : texts.add}</button>
    <${CartProblem} error=${add.error} />
    <div role="status">
      ${
        isAdded &&
        html`<${Notice} tone="good">
          <p>${texts.added(product.name)}</p>
          <p><a class="button" href="/cart">${texts.showCart}</a></p>
        <//>`
      }
    </div>
  </form>`;
}

import { emptyCart, getCart } from '../../lib/cart.js';
import { html } from '../../lib/html.js';
import { getKept } from '../../lib/kept-cart.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Notice } from '../../ui/parts.js';
import { CartProblem } from './cart-problem.js';

/** Says that another cart is waiting, which was filled before signing in and cannot be added to this one. @param {{ onChange: (cart: any) => void }} props */
export function Conflict({ onChange }) {
  const { cart: texts } = useTexts().store;
  const take = useAction(async () => {
    await emptyCart();
    onChange(await getCart());
  });
  if (!getKept().conflict) return null;
  return html`<${Notice} tone="warn">
    <p>${texts.conflict}</p>
    <p><button type="button" disabled=${take.isBusy} onClick=${take.run}>${texts.takeOther}</button></p>
    <${CartProblem} error=${take.error} />
  <//>`;
}

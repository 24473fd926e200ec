import { getCart } from '../lib/cart.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useLoad } from '../lib/use-load.js';
import { Empty, Loaded } from '../ui/states.js';
import { CodeForm } from './cart/code-form.js';
import { Conflict } from './cart/conflict.js';
import { CartLines, isStuck } from './cart/lines.js';
import { Totals } from './cart/totals.js';

function EmptyCart() {
  const { cart: texts } = useTexts().store;
  return html`<${Empty} text=${texts.empty}>
    <p class="row center">
      <a class="button" href="/shop">${texts.toShop}</a> <a class="button" href="/">${texts.toEvents}</a>
    </p>
  <//>`;
}

/** @param {{ cart: import('#types').Cart, setCart: (cart: any) => void, reload: () => void }} props */
function Cart({ cart, setCart, reload }) {
  const { cart: texts } = useTexts().store;
  if (cart.items.length === 0) return html`<${EmptyCart} />`;
  return html`<${Conflict} onChange=${setCart} />
    <div class="checkout">
      <${CartLines} title=${texts.lines} cart=${cart} onChange=${setCart} onRefused=${reload} />
      <section class="card sums-card">
        <h2>${texts.sums}</h2>
        <${CodeForm} cart=${cart} onChange=${setCart} />
        <${Totals} cart=${cart} isShippingKnown=${false} />
        ${
          isStuck(cart)
            ? html`<p class="problem">${texts.fixFirst}</p>`
            : html`<a class="button primary large" href="/checkout">${texts.checkout}</a>`
        }
        <p class="muted fine">${texts.notHeld}</p>
      </section>
    </div>`;
}

/** What somebody is going to order, signed in or not. */
export function CartPage() {
  const { store, signIn } = useTexts();
  const loaded = useLoad(() => getCart(), []);
  return html`<h1>${store.cart.title}</h1>
    <p class="needs-script">${signIn.needsScript}</p>
    <${Loaded} from=${loaded}
      >${(/** @type {any} */ cart) => html`<${Cart} cart=${cart} setCart=${loaded.setData} reload=${loaded.reload} />`}<//
    >`;
}

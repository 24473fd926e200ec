import { useRef } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { CartLine } from './line.js';

/** The lines of a cart. @param {{ title: string, cart: import('#types').Cart, refusals?: Record<number, string>, onChange: (cart: any) => void, onRefused: () => void }} props */
export function CartLines({ title, cart, refusals = {}, onChange, onRefused }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  const removed = (/** @type {any} */ next) => {
    // The button that had the focus goes with its line.
    heading.current?.focus();
    onChange(next);
  };
  return html`<section class="card">
    <h2 ref=${heading} tabindex="-1">${title}</h2>
    <ul class="cart-lines">
      ${cart.items.map(
        (line) =>
          html`<${CartLine}
            key=${line.id}
            line=${line}
            currency=${cart.currency ?? ''}
            refusal=${refusals[line.id]}
            onChange=${onChange}
            onRemove=${removed}
            onRefused=${onRefused}
          />`,
      )}
    </ul>
  </section>`;
}

/** True if something in the cart keeps all of it from being ordered. @param {import('#types').Cart} cart */
export const isStuck = ({ items }) => items.some(({ issue }) => issue !== null && issue !== 'PRICE_CHANGED');

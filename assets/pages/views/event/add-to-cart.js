import { useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';

/** Adds chosen tickets to the cart, where they can be ordered with those of other events and with goods. @param {{ items: { ticketTypeId: number, quantity: number }[], seats: { id: number, ticketTypeId: number }[], onAdded: (typeIds: number[]) => void, onRefused: () => Promise<void> }} props */
export function AddToCart({ items, seats, onAdded, onRefused }) {
  const { event: texts } = useTexts();
  const [isAdded, setAdded] = useState(false);
  const add = useAction(async () => {
    setAdded(false);
    // The cart is loaded once it is needed: most people book at once.
    const { addTickets } = await import('./add-tickets.js');
    const { added, error } = await addTickets(items, seats);
    if (added.length > 0) onAdded(added);
    if (error) {
      await onRefused();
      throw error;
    }
    setAdded(true);
  });
  return html`<button type="button" class="large" disabled=${items.length === 0 || add.isBusy} onClick=${add.run}>
      ${texts.addToCart}
    </button>
    <${Problem} error=${add.error} />
    <div role="status">
      ${
        isAdded &&
        html`<${Notice} tone="good">
          <p>${texts.inCart}</p>
          <p><a class="button" href="/cart">${texts.showCart}</a></p>
        <//>`
      }
    </div>`;
}

import { changeItem, removeItem } from '../../lib/cart.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Stepper } from '../../ui/field.js';
import { toast } from '../../ui/toast.js';
import { CartProblem } from './cart-problem.js';

const MAX_QUANTITY = 1000;

/** @typedef {import('#types').CartItem} CartItem */

const toHref = (/** @type {CartItem} */ { productId, eventId }) =>
  productId === null ? `/e/${eventId}` : `/p/${productId}`;

/** What keeps the line from being ordered, in words, with a way to mend it. @param {{ line: CartItem, refusal?: string, onAccept: () => void }} props */
function Issue({ line: { issue, seats }, refusal, onAccept }) {
  const { cart: texts } = useTexts().store;
  if (!issue && !refusal) return null;
  const isTaken = issue === 'OUT_OF_STOCK' && seats.length > 0;
  const text = isTaken ? texts.seatTaken : issue ? texts.issues[issue] : undefined;
  return html`<p class=${issue === 'PRICE_CHANGED' && !refusal ? 'issue mild' : 'issue problem'}>
    ${refusal ?? text}
    ${
      issue === 'PRICE_CHANGED' &&
      html`<button type="button" class="link" onClick=${onAccept}>${texts.acceptPrice}</button>`
    }
  </p>`;
}

/** @param {{ line: CartItem }} props */
function Seats({ line: { seats } }) {
  const { cart: texts } = useTexts().store;
  if (seats.length === 0) return null;
  return html`<p class="fine">
    ${texts.seats}: ${seats.map(({ section, row, number }) => texts.seat(section, row, number)).join(' · ')}
  </p>`;
}

/** A line of the cart, whose quantity can be changed. @param {{ line: CartItem, currency: string, refusal?: string, onChange: (cart: any) => void, onRemove: (cart: any) => void, onRefused: () => void }} props */
export function CartLine({ line, currency, refusal, onChange, onRemove, onRefused }) {
  const { store, event: eventTexts } = useTexts();
  const { cart: texts } = store;
  const { money } = useFormat();
  const { id, name, imageUrl, unitPrice, quantity, seatIds, total, issue } = line;
  const change = useAction(async (/** @type {number} */ next) => {
    try {
      onChange(await changeItem(id, next));
    } catch (error) {
      onRefused();
      throw error;
    }
  });
  const remove = useAction(async () => {
    onRemove(await removeItem(id));
    toast(texts.removed(name));
  });
  // Seats are chosen one by one: here, they can only become fewer.
  const max = seatIds.length > 0 ? quantity : MAX_QUANTITY;
  return html`<li class=${`cart-line ${issue && issue !== 'PRICE_CHANGED' ? 'stuck' : ''}`}>
    ${
      imageUrl
        ? html`<img class="line-image" src=${imageUrl} alt="" width="88" height="88" loading="lazy" />`
        : html`<div class="line-image none" aria-hidden="true"></div>`
    }
    <div class="line-text">
      <h3><a href=${toHref(line)}>${name}</a></h3>
      <p class="muted fine">${texts.each(money(unitPrice, currency))}</p>
      <${Seats} line=${line} />
      <${Issue} line=${line} refusal=${refusal} onAccept=${() => change.run(quantity)} />
      <${CartProblem} error=${change.error ?? remove.error} />
      ${seatIds.length > 0 && html`<p class="muted fine">${texts.seatsHint}</p>`}
    </div>
    <div class="line-foot">
      <${Stepper}
        label=${`${store.quantity}: ${name}`}
        value=${quantity}
        min=${1}
        max=${max}
        onChange=${change.run}
        texts=${eventTexts}
      />
      <button type="button" class="link" disabled=${remove.isBusy} onClick=${remove.run}>
        ${texts.remove}<span class="unseen"> ${name}</span>
      </button>
      <strong class="line-total">${money(total, currency)}</strong>
    </div>
  </li>`;
}

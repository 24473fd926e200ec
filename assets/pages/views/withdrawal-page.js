import { useState } from 'preact/hooks';
import { createKey, get, post } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { ConfirmDialog } from '../ui/dialog.js';
import { readForm } from '../ui/field.js';
import { Notice } from '../ui/parts.js';
import { Loaded, Problem } from '../ui/states.js';
import { SignedIn } from './sign-in/signed-in.js';
import { Receipts } from './withdrawal/receipts.js';
import { Item } from './withdrawal/item.js';

/** @typedef {import('#types').WithdrawableOrder} Withdrawable */

/** Returns what somebody has chosen, without what they have left at none. @param {Record<string, string>} values */
const toItems = (values) =>
  Object.entries(values)
    .map(([name, quantity]) => ({ itemId: Number(name.slice('item-'.length)), quantity: Number(quantity) }))
    .filter(({ quantity }) => quantity > 0);

/** @param {{ data: { order: import('#types').Order, withdrawable: Withdrawable }, reload: () => Promise<void> }} props */
function Choice({ data: { order, withdrawable }, reload }) {
  const { withdrawal: texts } = useTexts();
  const [chosen, setChosen] = useState(/** @type {{ itemId: number, quantity: number }[] | undefined} */ (undefined));
  const [isEmpty, setEmpty] = useState(false);
  const [key, setKey] = useState(createKey);
  const confirm = useAction(async () => {
    await post(`/api/orders/${order.id}/withdrawal`, { items: chosen, confirm: true }, { idempotencyKey: key });
    setChosen(undefined);
    setKey(createKey());
    await reload();
  });
  const ask = (/** @type {Event} */ event) => {
    const items = toItems(readForm(event));
    setEmpty(items.length === 0);
    confirm.clear();
    if (items.length > 0) setChosen(items);
  };
  const isPossible = withdrawable.items.some(({ withdrawableQuantity }) => withdrawableQuantity > 0);
  const nameOf = (/** @type {number} */ id) => withdrawable.items.find(({ itemId }) => itemId === id)?.name ?? '';
  return html`<p class="muted"><a href=${`/orders/${order.id}`}>${order.orderNumber}</a></p>
    <${Receipts} withdrawable=${withdrawable} nameOf=${nameOf} />
    <form class="part" onSubmit=${ask}>
      <p>${texts.explanation}</p>
      <ul class="rows">
        ${withdrawable.items.map((item) => html`<${Item} key=${item.itemId} item=${item} />`)}
      </ul>
      ${!isPossible && html`<${Notice}>${texts.nothing}<//>`}
      ${isEmpty && html`<p class="problem" role="alert">${texts.chooseFirst}</p>`}
      ${isPossible && html`<p><button class="primary" type="submit">${texts.withdraw}</button></p>`}
    </form>
    ${
      chosen &&
      html`<${ConfirmDialog}
        title=${texts.confirmTitle}
        text=${texts.confirmText(order.orderNumber, order.customer.name, order.customer.email)}
        action=${texts.confirm}
        isBusy=${confirm.isBusy}
        problem=${html`<${Problem} error=${confirm.error} />`}
        onConfirm=${confirm.run}
        onClose=${() => setChosen(undefined)}
      >
        <ul>
          ${chosen.map(({ itemId, quantity }) => html`<li key=${itemId}>${quantity} × ${nameOf(itemId)}</li>`)}
        </ul>
      <//>`
    }`;
}

/** @param {{ orderId: number }} props */
function LoadedWithdrawal({ orderId }) {
  const { withdrawal: texts } = useTexts();
  const loaded = useLoad(async () => {
    const paths = [`/api/orders/${orderId}`, `/api/orders/${orderId}/withdrawal`];
    const [order, withdrawable] = await Promise.all(paths.map((path) => get(path)));
    return { order, withdrawable };
  }, [orderId]);
  return html`<h1>${texts.title}</h1>
    <${Loaded} from=${loaded}
      >${(/** @type {any} */ data) => html`<${Choice} data=${data} reload=${loaded.reload} />`}<//
    >`;
}

/** Withdrawing from a purchase: what can be returned, in two steps, and the receipt. @param {{ orderId: number }} props */
export function WithdrawalPage({ orderId }) {
  const { withdrawal: texts } = useTexts();
  return html`<${SignedIn} title=${texts.title}>${() => html`<${LoadedWithdrawal} orderId=${orderId} />`}<//>`;
}

import { useEffect, useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction } from '../../../lib/use-load.js';
import { Dialog } from '../../../ui/dialog.js';
import { Checkbox, Field, Select, Stepper } from '../../../ui/field.js';
import { Loading, Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { listRefundable } from './order-lines.js';

/** @typedef {import('#types').Order} Order */
/** @typedef {Order['items'][number]} Item */
/** @typedef {'whole' | 'lines' | 'amount'} Kind */
/** @typedef {Record<number, { quantity: number, restock: boolean }>} Chosen */

const { refund: own } = texts;
const PREVIEW_DELAY_MS = 300;

/** Returns what the API is asked for; undefined if nothing is chosen. @param {{ kind: Kind, chosen: Chosen, amount: string, toCredits: boolean, reason: string }} input */
function toRequest({ kind, chosen, amount, toCredits, reason }) {
  const items = Object.entries(chosen)
    .filter(([, { quantity }]) => quantity > 0)
    .map(([id, { quantity, restock }]) => ({ itemId: Number(id), quantity, ...(restock && { restock }) }));
  const sum = amount.trim().replace(',', '.');
  if (kind === 'lines' ? items.length === 0 : kind === 'amount' && !/^\d+(\.\d+)?$/.test(sum)) return undefined;
  return {
    ...(kind === 'lines' && { items }),
    ...(kind === 'amount' && { amount: sum }),
    ...(toCredits && { to: 'credits' }),
    ...(reason.trim() && { reason: reason.trim() }),
  };
}

/** Asks the API what a refund would be, once nothing was changed for a moment. @param {number} orderId @param {object | undefined} request */
function usePreview(orderId, request) {
  const [state, setState] = useState(/** @type {{ data?: any, error?: any }} */ ({}));
  const text = request && JSON.stringify(request);
  useEffect(() => {
    setState({});
    if (text === undefined) return undefined;
    let isOver = false;
    const timer = setTimeout(async () => {
      const next = await post(`/api/orders/${orderId}/refund/preview`, JSON.parse(text)).then(
        (data) => ({ data }),
        (error) => ({ error }),
      );
      if (!isOver) setState(next);
    }, PREVIEW_DELAY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [orderId, text]);
  return state;
}

/** @param {{ item: Item, value: Chosen[number], onChange: (value: Chosen[number]) => void }} props */
function Line({ item, value, onChange }) {
  const left = item.quantity - item.refundedQuantity;
  return html`<li>
    <span>${item.name} <span class="muted fine">${own.left(left)}</span></span>
    <${Stepper}
      label=${own.units(item.name)}
      value=${value.quantity}
      max=${left}
      onChange=${(/** @type {number} */ quantity) => onChange({ ...value, quantity })}
      texts=${own}
    />
    ${
      item.productType === 'physical' &&
      html`<${Checkbox}
        label=${html`${own.restock}<span class="unseen">${own.restockOf(item.name)}</span>`}
        checked=${value.restock}
        disabled=${value.quantity === 0}
        onChange=${(/** @type {any} */ { target }) => onChange({ ...value, restock: target.checked })}
      />`
    }
  </li>`;
}

/** @param {{ request: object | undefined, preview: { data?: any, error?: any }, kind: Kind }} props */
function Preview({ request, preview: { data, error }, kind }) {
  const { money } = useFormat();
  if (!request) return html`<p class="muted" role="status">${own.choose}</p>`;
  if (error) return html`<${Problem} error=${error} />`;
  if (!data) return html`<${Loading} />`;
  return html`<div role="status">
    <p><strong>${own.preview(money(data.amount, data.currency), money(data.refundable, data.currency))}</strong></p>
    ${kind === 'lines' && html`<p class="muted fine">${own.voids}</p>`}
  </div>`;
}

/** Refunds an order as a whole, by units of its lines, or an amount. @param {{ order: Order, session: import('../../../lib/use-session.js').Session, onDone: () => Promise<void>, onClose: () => void }} props */
export function RefundDialog({ order, session, onDone, onClose }) {
  const { money } = useFormat();
  const [kind, setKind] = useState(/** @type {Kind} */ ('lines'));
  const [chosen, setChosen] = useState(/** @type {Chosen} */ ({}));
  const [amount, setAmount] = useState('');
  const [reason, setReason] = useState('');
  const [toCredits, setToCredits] = useState(false);
  const request = toRequest({ kind, chosen, amount, toCredits, reason });
  const { reason: _unread, ...previewed } = /** @type {any} */ (request ?? {});
  const preview = usePreview(order.id, request && previewed);
  const attempt = useAttempt();
  const refunding = useAction(async () => {
    if (!request) return;
    await attempt(request, (options) => post(`/api/orders/${order.id}/refund`, request, options));
    onClose();
    toast(own.done(money(preview.data.amount, preview.data.currency)));
    await onDone();
  });
  const set = (/** @type {number} */ id, /** @type {Chosen[number]} */ value) => setChosen({ ...chosen, [id]: value });
  const kinds = /** @type {[Kind, string][]} */ ([
    ['lines', own.lines],
    ['amount', own.amount],
    ['whole', own.whole],
  ]);
  return html`<${Dialog} title=${own.title(order.orderNumber)} onClose=${onClose}>
    <form
      onSubmit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void refunding.run();
      }}
    >
      <${Select}
        name="kind"
        label=${own.what}
        value=${kind}
        options=${kinds}
        onChange=${(/** @type {any} */ { target }) => setKind(target.value)}
      />
      ${
        kind === 'lines' &&
        html`<ul class="lines">
          ${listRefundable(order, session).map(
            (item) =>
              html`<${Line}
                key=${item.id}
                item=${item}
                value=${chosen[item.id] ?? { quantity: 0, restock: false }}
                onChange=${(/** @type {Chosen[number]} */ value) => set(item.id, value)}
              />`,
          )}
        </ul>`
      }
      ${
        kind === 'amount' &&
        html`<${Field}
          name="amount"
          label=${`${own.sum}, ${order.currency}`}
          inputmode="decimal"
          autocomplete="off"
          value=${amount}
          onInput=${(/** @type {any} */ { target }) => setAmount(target.value)}
        />`
      }
      <${Field}
        name="reason"
        label=${own.reason}
        hint=${own.reasonHint}
        maxlength="500"
        value=${reason}
        onInput=${(/** @type {any} */ { target }) => setReason(target.value)}
      />
      <${Checkbox}
        label=${own.toCredits}
        checked=${toCredits}
        onChange=${(/** @type {any} */ { target }) => setToCredits(target.checked)}
      />
      <${Preview} request=${request} preview=${preview} kind=${kind} />
      <${Problem} error=${refunding.error} />
      <div class="actions">
        <button type="submit" class="danger" disabled=${refunding.isBusy || !preview.data}>
          ${preview.data ? own.runAmount(money(preview.data.amount, preview.data.currency)) : own.run}
        </button>
      </div>
    </form>
  <//>`;
}

import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction } from '../../../lib/use-load.js';
import { Field, readForm, Stepper } from '../../../ui/field.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { countUnsent, listUnsent } from './order-lines.js';
import { Address } from './order-parts.js';

const { shipment: own, refund: steps } = texts;

/**
 * Records what was sent of an order: all that is left of the user's own lines, or a part of it.
 * @param {{ order: import('#types').Order, session: import('../../../lib/use-session.js').Session, onDone: () => Promise<void>, onClose: () => void }} props
 */
export function ShipmentForm({ order, session, onDone, onClose }) {
  const items = listUnsent(order, session);
  const [quantities, setQuantities] = useState(
    /** @type {Record<number, number>} */ (
      Object.fromEntries(items.map((item) => [item.id, countUnsent(order, item)]))
    ),
  );
  const attempt = useAttempt();
  const wanted = items
    .map(({ id }) => ({ itemId: id, quantity: quantities[id] ?? 0 }))
    .filter(({ quantity }) => quantity > 0);
  const sending = useAction(async (/** @type {Record<string, string>} */ parcel) => {
    const body = { items: wanted, ...parcel };
    await attempt(body, (options) => post(`/api/orders/${order.id}/fulfillments`, body, options));
    onClose();
    toast(own.done);
    await onDone();
  });
  if (items.length === 0) return html`<p>${own.nothingLeft}</p>`;
  return html`<form onSubmit=${(/** @type {Event} */ event) => void sending.run(readForm(event))}>
    ${order.shippingAddress && html`<${Address} address=${order.shippingAddress} />`}
    <fieldset>
      <legend>${own.what}</legend>
      <ul class="lines">
        ${items.map(
          (item) =>
            html`<li key=${item.id}>
              <span>${item.name} <span class="muted fine">${own.left(countUnsent(order, item))}</span></span>
              <${Stepper}
                label=${item.name}
                value=${quantities[item.id] ?? 0}
                max=${countUnsent(order, item)}
                onChange=${(/** @type {number} */ quantity) => setQuantities({ ...quantities, [item.id]: quantity })}
                texts=${steps}
              />
            </li>`,
        )}
      </ul>
    </fieldset>
    <${Field} name="carrier" label=${own.carrier} maxlength="100" autocomplete="off" />
    <${Field} name="trackingNumber" label=${own.number} maxlength="100" autocomplete="off" />
    <${Field}
      name="trackingUrl"
      label=${own.url}
      type="url"
      maxlength="1000"
      autocomplete="off"
      placeholder="https://"
    />
    <p class="muted fine">${own.mail}</p>
    <${Problem} error=${sending.error} />
    <div class="actions">
      <button type="submit" class="primary" disabled=${sending.isBusy || wanted.length === 0}>${own.run}</button>
    </div>
  </form>`;
}

import { useRef, useState } from 'preact/hooks';
import { get } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { addPrices, isZero } from '../../lib/money.js';
import { useLoad } from '../../lib/use-load.js';
import { ChoiceList } from '../../ui/choice-list.js';
import { Checkbox, readForm, TextArea } from '../../ui/field.js';
import { Notice } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { CodeForm } from '../cart/code-form.js';
import { CartLines, isStuck } from '../cart/lines.js';
import { Totals } from '../cart/totals.js';
import { ConfirmAddress } from '../sign-in/confirm-address.js';
import { AddressChoice } from './address-choice.js';
import { Credits, lower, toAmount } from './credits.js';
import { readOrder } from './read-order.js';
import { getFieldErrors } from './refusals.js';
import { Section } from './section.js';
import { ShippingChoice } from './shipping-choice.js';
import { useOrder } from './use-order.js';

const FORM = 'checkout-form';
const MAX_OPTIONS = 100;

const has = (/** @type {import('#types').Cart} */ { items }, /** @type {string} */ type) =>
  items.some(({ productType }) => productType === type);

/** What is paid with credits, and what is left. @param {string} total @param {string | undefined} typed @param {boolean} mayUse */
function splitTotal(total, typed, mayUse) {
  const amount = mayUse && typed !== undefined ? toAmount(typed) : undefined;
  const credits = amount === undefined || isZero(amount) ? undefined : amount;
  const applied = credits && lower(credits, total);
  const toPay = applied
    ? addPrices([
        [total, 1],
        [applied, -1],
      ])
    : total;
  return { credits, applied, hasToPay: !isZero(toPay) };
}

/** @param {{ methods: string[], value: string, onChange: (method: string) => void }} props */
function Methods({ methods, value, onChange }) {
  const { store, order } = useTexts();
  if (methods.length === 0) return html`<${Notice} tone="warn">${store.checkout.noMethod}<//>`;
  return html`<${ChoiceList}
    legend=${order.method}
    isLegendHidden=${true}
    name="paymentMethod"
    value=${value}
    onChange=${onChange}
    options=${methods.map((method) => [method, order.methods[/** @type {keyof typeof order.methods} */ (method)]])}
  />`;
}

/**
 * Ordering what is in the cart, on one page.
 * @param {{ cart: import('#types').Cart, known: { config: any, addresses: any[], balances: any[], email: string }, countries: string[], choices: any, setCart: (cart: any) => void, reload: () => void }} props
 */
export function CheckoutForm({ cart, known, countries, choices, setCart, reload }) {
  const texts = useTexts().store;
  const { checkout } = texts;
  const { config, addresses, balances, email } = known;
  const { shipping, billing, hasBilling, optionId, set } = choices;
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));
  const [typed, setTyped] = useState(/** @type {string | undefined} */ (undefined));
  const methods = config.paymentMethods.filter(
    (/** @type {string} */ method) => method !== 'credits' && (method !== 'stripe' || config.stripePublishableKey),
  );
  const [method, setMethod] = useState(methods[0] ?? '');
  const { isBusy, error, order, refusal, clear } = useOrder({ cart, onRefused: reload });
  const change = (/** @type {any} */ next) => {
    clear();
    setCart(next);
  };

  const currency = cart.currency ?? '';
  const isShipped = has(cart, 'physical');
  const options = useLoad(
    async () =>
      shipping.country ? get('/api/shipping-options', { country: shipping.country, limit: MAX_OPTIONS }) : [],
    [shipping.country],
  );
  const balance = balances.find((each) => each.currency === currency)?.balance ?? '0';
  const mayUseCredits = !isZero(balance) && !has(cart, 'credit') && !isZero(cart.total);
  const { credits, applied, hasToPay } = splitTotal(cart.total, typed, mayUseCredits);
  const isReady = !isStuck(cart) && (!hasToPay || methods.length > 0);

  const submit = (/** @type {Event} */ event) => {
    const given = readForm(event);
    void order(readOrder(given, { isShipped, hasBilling, shipping, billing, credits, hasToPay }), given);
  };

  return html`<div class="checkout">
    <div class="part">
      <p class="problem" role="alert">${refusal?.place === 'lines' ? refusal.message : ''}</p>
      <${CartLines}
        title=${checkout.review}
        cart=${cart}
        refusals=${refusal?.lines}
        onChange=${change}
        onRefused=${reload}
      />
      <form class="part" id=${FORM} ref=${form} onSubmit=${submit}>
        ${
          isShipped &&
          html`<${Section} title=${checkout.shippingAddress} place="shipping" refusal=${refusal}>
              <${AddressChoice}
                purpose="shipping"
                saved=${addresses}
                countries=${countries}
                chosen=${shipping}
                errors=${getFieldErrors(refusal, 'shippingAddress')}
                onChange=${(/** @type {any} */ next) => set({ shipping: next })}
              />
            <//>
            <${Section} title=${checkout.shipping} place="option" refusal=${refusal}>
              <${ShippingChoice}
                options=${options}
                cart=${cart}
                country=${shipping.country}
                chosen=${optionId}
                onChange=${(/** @type {string} */ id) => set({ optionId: id })}
              />
            <//>`
        }
        <${Section} title=${checkout.billingAddress} place="billing" refusal=${refusal}>
          ${
            (isShipped || addresses.length === 0) &&
            html`<${Checkbox}
              label=${isShipped ? checkout.billingElsewhere : checkout.addBilling}
              name="hasBilling"
              checked=${hasBilling}
              onChange=${(/** @type {any} */ event) => set({ hasBilling: event.target.checked })}
            />`
          }
          ${
            hasBilling &&
            html`<${AddressChoice}
              purpose="billing"
              saved=${addresses}
              countries=${countries}
              chosen=${billing}
              errors=${getFieldErrors(refusal, 'billingAddress')}
              onChange=${(/** @type {any} */ next) => set({ billing: next })}
            />`
          }
        <//>
        ${
          mayUseCredits &&
          html`<${Credits}
            balance=${balance}
            total=${cart.total}
            currency=${currency}
            amount=${typed}
            refusal=${refusal}
            onChange=${setTyped}
          />`
        }
        ${
          hasToPay &&
          html`<${Section} title=${checkout.payment} place="payment" refusal=${refusal}>
            <${Methods} methods=${methods} value=${method} onChange=${setMethod} />
          <//>`
        }
        <${Section} title=${checkout.more} place="note" refusal=${refusal}>
          ${has(cart, 'digital') && html`<${Checkbox} label=${checkout.acceptedTerms} name="acceptedTerms" value="true" />`}
          <${TextArea} label=${checkout.note} name="note" maxlength="1000" />
        <//>
      </form>
    </div>
    <section class="card sums-card">
      <h2>${texts.cart.sums}</h2>
      <${CodeForm}
        cart=${cart}
        error=${refusal?.place === 'code' ? { status: 409, message: refusal.message } : undefined}
        onChange=${setCart}
      />
      <${Totals} cart=${cart} isShippingKnown=${shipping.country !== ''} credits=${applied} />
      ${isStuck(cart) && html`<p class="problem">${texts.cart.fixFirst}</p>`}
      ${refusal?.place === 'verify' && html`<${ConfirmAddress} email=${email} onConfirmed=${() => form.current?.requestSubmit()} />`}
      <p class="problem" role="alert">
        ${refusal && refusal.place !== 'verify' ? (refusal.place === 'all' ? refusal.message : checkout.refused) : ''}
      </p>
      <${Problem} error=${error} />
      <button class="primary large" type="submit" form=${FORM} disabled=${!isReady || isBusy}>
        ${isBusy ? checkout.ordering : hasToPay ? checkout.order : checkout.orderFree}
      </button>
      ${hasToPay && html`<p class="muted fine">${checkout.held(config.limits.holdMinutes)}</p>`}
    </section>
  </div>`;
}

import { useState } from 'preact/hooks';
import { get } from '../lib/api.js';
import { getCart } from '../lib/cart.js';
import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';
import { useLoad } from '../lib/use-load.js';
import { Empty, Failure, Loaded, Loading } from '../ui/states.js';
import { Conflict } from './cart/conflict.js';
import { NEW } from './checkout/address-choice.js';
import { CheckoutForm } from './checkout/checkout-form.js';
import { SignedIn } from './sign-in/signed-in.js';

const MAX_ADDRESSES = 100;

/** Where an order goes unless somebody chooses: to the default address, or the first one. @param {any[]} addresses */
function getInitialPlace(addresses) {
  const address = addresses.find(({ isDefault }) => isDefault) ?? addresses[0];
  return address
    ? { id: String(address.id), country: address.country, region: address.region ?? '' }
    : { id: NEW, country: '', region: '' };
}

/** @param {{ known: any, countries: string[] }} props */
function Checkout({ known, countries }) {
  const { store } = useTexts();
  const { checkout: texts } = store;
  const { addresses } = known;
  const [choices, setChoices] = useState(() => ({
    shipping: getInitialPlace(addresses),
    billing: getInitialPlace(addresses),
    /** Undefined until somebody says: an address on the invoice of what is not sent is up to them. */
    hasBilling: /** @type {boolean | undefined} */ (undefined),
    optionId: '',
  }));
  const [isShipped, setShipped] = useState(true);
  const hasBilling = choices.hasBilling ?? (!isShipped && addresses.length > 0);
  const { shipping, billing, optionId } = choices;
  const place = isShipped ? shipping : hasBilling ? billing : { country: '', region: '' };
  const { country, region } = place;
  const query = { country, region, ...(isShipped && country && { shippingOptionId: optionId }) };
  const loaded = useLoad(async () => {
    const cart = await getCart(query);
    setShipped(cart.items.some(({ productType }) => productType === 'physical'));
    return cart;
  }, [country, region, optionId, isShipped]);
  // A change of the cart answers with prices for the default address.
  const setCart = (/** @type {any} */ cart) => {
    loaded.setData(cart);
    void loaded.reload();
  };
  const cart = loaded.data;
  // What was filled in stays while something cannot be loaded.
  return html`${loaded.error && html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`}
  ${!cart && !loaded.error && html`<${Loading} />`} ${cart && html`<${Conflict} onChange=${setCart} />`}
  ${
    cart?.items.length === 0 &&
    html`<${Empty} text=${texts.empty}>
      <p><a class="button" href="/shop">${store.cart.toShop}</a></p>
    <//>`
  }
  ${
    cart &&
    cart.items.length > 0 &&
    html`<${CheckoutForm}
      cart=${cart}
      known=${known}
      countries=${countries}
      choices=${{
        ...choices,
        hasBilling,
        set: (/** @type {any} */ changes) => setChoices((before) => ({ ...before, ...changes })),
      }}
      setCart=${setCart}
      reload=${loaded.reload}
    />`
  }`;
}

/** @param {{ session: any, countries: string[] }} props */
function LoadedCheckout({ session, countries }) {
  const { checkout: texts } = useTexts().store;
  const loaded = useLoad(async () => {
    const [config, addresses, balances] = await Promise.all([
      get('/api/config'),
      get('/api/addresses', { limit: MAX_ADDRESSES }),
      get('/api/credits'),
    ]);
    return { config, addresses, balances, email: session.user.email };
  }, [session.user.id]);
  return html`<h1>${texts.title}</h1>
    <${Loaded} from=${loaded}
      >${(/** @type {any} */ known) => html`<${Checkout} known=${known} countries=${countries} />`}<//
    >`;
}

/** Ordering what is in the cart: addresses, shipping, credits, payment. Signing in on the way keeps the cart. @param {{ countries: string[] }} props */
export function CheckoutPage({ countries }) {
  const { checkout: texts } = useTexts().store;
  return html`<${SignedIn} title=${texts.title}
    >${(/** @type {any} */ session) => html`<${LoadedCheckout} session=${session} countries=${countries} />`}<//
  >`;
}

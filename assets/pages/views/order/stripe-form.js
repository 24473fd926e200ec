import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Loaded, Problem } from '../../ui/states.js';

const SCRIPT = 'https://js.stripe.com/v3/';
/** @type {Promise<any> | undefined} */
let loading;

/** Loads Stripe's script, which must come from Stripe itself, once somebody pays with it. @returns {Promise<any>} */
function loadStripe() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.onload = () => resolve(/** @type {any} */ (window).Stripe);
    script.onerror = () => {
      loading = undefined;
      script.remove();
      reject(Object.assign(new Error('Stripe could not be loaded.'), { code: 'OFFLINE' }));
    };
    script.src = SCRIPT;
    document.head.append(script);
  });
  return loading;
}

const isDark = () => matchMedia('(prefers-color-scheme: dark)').matches;

/** Stripe's Payment Element. @param {{ intent: import('#types').PaymentIntent, publishableKey: string, order: import('#types').Order, onDone: () => void }} props */
export function StripeForm({ intent, publishableKey, order, onDone }) {
  const { order: texts, language } = useTexts();
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  const [elements, setElements] = useState(/** @type {any} */ (undefined));
  const stripe = useLoad(async () => (await loadStripe())(publishableKey), [publishableKey]);
  useEffect(() => {
    if (!stripe.data || !place.current) return undefined;
    const appearance = { theme: isDark() ? 'night' : 'stripe' };
    const created = stripe.data.elements({ clientSecret: intent.clientSecret, locale: language, appearance });
    const element = created.create('payment');
    element.mount(place.current);
    setElements(created);
    return () => element.destroy();
  }, [stripe.data, intent.clientSecret]);
  const pay = useAction(async () => {
    const confirmParams = { return_url: `${location.origin}/orders/${order.id}` };
    const { error } = await stripe.data.confirmPayment({ elements, confirmParams, redirect: 'if_required' });
    if (error) throw Object.assign(new Error(error.message), { status: 402, code: 'STRIPE' });
    onDone();
  });
  return html`<${Loaded} from=${stripe}>
    ${() =>
      html`<div ref=${place}></div>
        <${Problem} error=${pay.error} />
        <button type="button" class="primary large" disabled=${!elements || pay.isBusy} onClick=${pay.run}>
          ${texts.pay}
        </button>`}
  <//>`;
}

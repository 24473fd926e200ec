import { useEffect, useState } from 'preact/hooks';
import { createKey, post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices } from '../../lib/money.js';
import { useAction } from '../../lib/use-load.js';
import { Notice } from '../../ui/parts.js';
import { Loading, Problem } from '../../ui/states.js';
import { SandboxForm } from './sandbox-form.js';
import { StripeForm } from './stripe-form.js';

/** Providers whose payment is completed on this page. */
const FORMS = ['sandbox', 'stripe'];

/** @param {{ until: string, onOver: () => void }} props */
function TimeLeft({ until, onOver }) {
  const { order: texts } = useTexts();
  const [now, setNow] = useState(Date.now());
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const isOver = seconds === 0;
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    if (isOver) onOver();
  }, [isOver]);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return html`<p role="timer">${texts.timeLeft(clock)}</p>`;
}

/** The forms of the providers, for an intent that was created. @param {{ intent: import('#types').PaymentIntent, publishableKey: string, order: import('#types').Order, onDone: () => void }} props */
function ProviderForm({ intent, publishableKey, order, onDone }) {
  if (intent.provider === 'sandbox') return html`<${SandboxForm} intent=${intent} onDone=${onDone} />`;
  return html`<${StripeForm} intent=${intent} publishableKey=${publishableKey} order=${order} onDone=${onDone} />`;
}

/** @param {{ methods: string[], onChosen: (provider: string) => void, isBusy: boolean }} props */
function Methods({ methods, onChosen, isBusy }) {
  const { order: texts } = useTexts();
  const [chosen, setChosen] = useState(methods[0] ?? '');
  if (methods.length === 0) return html`<${Notice} tone="warn">${texts.noMethod}<//>`;
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onChosen(chosen);
  };
  return html`<form onSubmit=${submit}>
    <fieldset>
      <legend>${texts.method}</legend>
      ${methods.map(
        (paymentMethod) =>
          html`<p class="check" key=${paymentMethod}>
            <input
              type="radio"
              name="paymentMethod"
              id=${`method-${paymentMethod}`}
              checked=${chosen === paymentMethod}
              onChange=${() => setChosen(paymentMethod)}
            />
            <label for=${`method-${paymentMethod}`}
              >${texts.methods[/** @type {keyof typeof texts.methods} */ (paymentMethod)]}</label
            >
          </p>`,
      )}
    </fieldset>
    <button class="primary large" type="submit" disabled=${isBusy}>${texts.pay}</button>
  </form>`;
}

/** Paying an order with one of the methods. @param {{ order: import('#types').Order, config: import('#types').FrontEndConfig, methods: string[], payWith: string, isWaiting: boolean, onChange: () => void }} props `payWith`: the method that was chosen before */
export function Pay({ order, config, methods, payWith, isWaiting, onChange }) {
  const { order: texts } = useTexts();
  const { money } = useFormat();
  const [intent, setIntent] = useState(/** @type {any} */ (undefined));
  const start = useAction(async (/** @type {string} */ paymentMethod) => {
    const created = await post(`/api/orders/${order.id}/pay`, { paymentMethod }, { idempotencyKey: createKey() });
    if (created.redirectUrl) location.assign(created.redirectUrl);
    else if (FORMS.includes(created.provider)) setIntent(created);
    else onChange();
  });
  useEffect(() => {
    if (!methods.includes(payWith) || isWaiting) return;
    // After a failure, or when the page is opened again, another method can be chosen.
    history.replaceState(null, '', location.pathname);
    void start.run(payWith);
  }, []);
  const done = () => {
    setIntent(undefined);
    onChange();
  };
  const toPay = addPrices([
    [order.total, 1],
    [order.creditsApplied, -1],
  ]);
  const hasFailed = order.payments[0]?.status === 'failed';
  if (isWaiting) return html`<${Loading} label=${texts.waiting} />`;
  return html`<div class="card pay">
    <p class="total">${texts.toPay} <strong>${money(toPay, order.currency)}</strong></p>
    ${order.expiresAt && html`<${TimeLeft} until=${order.expiresAt} onOver=${onChange} />`}
    ${hasFailed && !intent && html`<${Notice} tone="bad" role="alert">${texts.failed}<//>`}
    <${Problem} error=${start.error} />
    ${
      intent
        ? html`<${ProviderForm}
            intent=${intent}
            order=${order}
            publishableKey=${config.stripePublishableKey}
            onDone=${done}
          />`
        : html`<${Methods} methods=${methods} isBusy=${start.isBusy} onChosen=${start.run} />`
    }
  </div>`;
}

import { createKey, list, post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Field, readForm, Select } from '../../ui/field.js';
import { Problem } from '../../ui/states.js';

/** Credits that organizers sell, often for less than they are worth. */
function Offers() {
  const { purchases: texts } = useTexts();
  const { money } = useFormat();
  const loaded = useLoad(() => list('/api/products', { productType: 'credit', available: true, limit: 6 }), []);
  if (!loaded.data || loaded.data.data.length === 0) return null;
  return html`<h4>${texts.offers}</h4>
    <ul class="links">
      ${loaded.data.data.map(
        (/** @type {any} */ { id, slug, name, price, currency, creditAmount }) =>
          html`<li key=${id}>
            <a class="button" href=${`/p/${slug}`}
              >${texts.offer(name, money(creditAmount, currency), money(price, currency))}</a
            >
          </li>`,
      )}
    </ul>`;
}

/** @param {{ config: import('#types').FrontEndConfig, currency?: string }} props */
export function BuyCredits({ config, currency }) {
  const { purchases: texts, order: orderTexts } = useTexts();
  const methods = config.paymentMethods.filter(
    (method) => method !== 'credits' && (method !== 'stripe' || config.stripePublishableKey),
  );
  const buy = useAction(async (/** @type {any} */ body) => {
    const order = await post('/api/credits/purchase', body, { idempotencyKey: createKey() });
    location.assign(order.payment?.redirectUrl ?? `/orders/${order.id}`);
  });
  if (methods.length === 0) return null;
  const names = /** @type {Record<string, string>} */ (orderTexts.methods);
  return html`<section class="card">
    <h3>${texts.buyCredits}</h3>
    <form onSubmit=${(/** @type {Event} */ event) => buy.run(readForm(event))}>
      <div class="in-line">
        <${Field} label=${texts.amount} name="amount" inputmode="decimal" pattern="[0-9]+([.][0-9]+)?" required />
        <${Select}
          label=${texts.currency}
          name="currency"
          value=${currency ?? (config.currencies.includes('EUR') ? 'EUR' : config.currencies[0])}
          options=${config.currencies.map((code) => [code, code])}
        />
        <${Select}
          label=${orderTexts.method}
          name="paymentMethod"
          value=${methods[0]}
          options=${methods.map((method) => [method, names[method] ?? method])}
        />
        <button class="primary" type="submit" disabled=${buy.isBusy}>${texts.buy}</button>
      </div>
      <${Problem} error=${buy.error} />
    </form>
    <${Offers} />
  </section>`;
}

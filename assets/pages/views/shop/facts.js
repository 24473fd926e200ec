import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { isZero } from '../../lib/money.js';

const SHOWN_PLACES = 6;

/** @param {{ option: import('#types').ShippingOption, currency: string }} props */
function ShippingOption({ option: { name, price, freeFrom, countries }, currency }) {
  const { store: texts, language } = useTexts();
  const { money } = useFormat();
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const shown = countries
    .slice(0, SHOWN_PLACES)
    .map((code) => names.of(code) ?? code)
    .join(', ');
  const places = countries.length > SHOWN_PLACES ? texts.morePlaces(shown, countries.length - SHOWN_PLACES) : shown;
  const cost = [
    isZero(price) ? texts.free : money(price, currency),
    freeFrom && texts.freeFrom(money(freeFrom, currency)),
  ];
  return html`<li>${texts.shippingLine(name, cost.filter(Boolean).join(', '), places)}</li>`;
}

/** What a type of product has beside its name and price, as terms and what they are. @param {{ product: import('#types').Product, shipping: import('#types').ShippingOption[], event: { id: number, title: string } | null }} props */
export function ProductFacts({ product, shipping, event }) {
  const { store: texts, language } = useTexts();
  const { money, count } = useFormat();
  const { facts } = texts;
  const { productType, licensePolicy: policy, creditAmount, weightGrams, sku, currency } = product;
  const weight = (/** @type {number} */ grams) =>
    grams < 1000
      ? new Intl.NumberFormat(language, { style: 'unit', unit: 'gram' }).format(grams)
      : new Intl.NumberFormat(language, { style: 'unit', unit: 'kilogram' }).format(grams / 1000);
  /** @type {[string, any][]} */
  const entries = [];
  if (event) entries.push([facts.belongsTo, html`<a href=${`/e/${event.id}`}>${event.title}</a>`]);
  if (productType === 'physical') {
    if (weightGrams) entries.push([facts.weight, weight(weightGrams)]);
    entries.push([
      facts.shipping,
      shipping.length === 0
        ? texts.noShipping
        : html`<ul class="plain-list">
            ${shipping.map((option) => html`<${ShippingOption} key=${option.id} option=${option} currency=${currency} />`)}
          </ul>`,
    ]);
  }
  if (productType === 'digital') entries.push([facts.download, facts.downloadText]);
  if (productType === 'license' && policy) {
    const { durationDays, maxActivations, offlineDays, entitlements } = policy;
    entries.push([facts.validity, durationDays === null ? facts.forever : facts.days(count(durationDays))]);
    entries.push([facts.devices, maxActivations === null ? facts.anyDevices : count(maxActivations)]);
    entries.push([facts.offline, facts.offlineText(count(offlineDays))]);
    if (entitlements.length > 0) entries.push([facts.allows, entitlements.join(', ')]);
    entries.push([facts.key, facts.keyText]);
  }
  if (productType === 'credit' && creditAmount)
    entries.push([facts.worth, facts.worthText(money(creditAmount, currency))]);
  if (sku) entries.push([facts.sku, sku]);
  return html`<dl class="facts">
    ${entries.map(
      ([term, description]) =>
        html`<dt>${term}</dt>
          <dd>${description}</dd>`,
    )}
  </dl>`;
}

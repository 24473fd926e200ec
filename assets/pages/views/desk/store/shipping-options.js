import { texts } from '#texts/desk-store.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Entries } from '../entries.js';

/** @typedef {import('#types').ShippingOption} ShippingOption */

const { shipping: own } = texts;
const MAX_COUNTRIES_SHOWN = 8;

/** @param {string[]} countries */
const shorten = (countries) =>
  countries.length <= MAX_COUNTRIES_SHOWN
    ? countries.join(', ')
    : `${countries.slice(0, MAX_COUNTRIES_SHOWN).join(', ')} +${countries.length - MAX_COUNTRIES_SHOWN}`;

/** How goods are shipped, and for how much. */
export function ShippingOptions() {
  const { money, count } = useFormat();
  const currencies = useLoad(async () => /** @type {string[]} */ ((await get('/api/config')).currencies), []);
  /** @type {import('../../../lib/form-values.js').FormFieldType[]} */
  const fields = [
    { name: 'name', label: texts.name, required: true, attributes: { maxlength: 200 } },
    { name: 'countries', label: own.countries, type: 'list', hint: own.countriesHint, required: true },
    { name: 'price', label: own.price, type: 'money', required: true },
    {
      name: 'currency',
      label: own.currency,
      type: 'select',
      options: [
        ['', own.anyCurrency],
        ...(currencies.data ?? []).map((code) => /** @type {[string, string]} */ ([code, code])),
      ],
    },
    { name: 'freeFrom', label: own.freeFrom, type: 'money', hint: own.freeFromHint },
    {
      name: 'maxWeightGrams',
      label: own.maxWeight,
      type: 'number',
      hint: own.maxWeightHint,
      attributes: { min: 1, step: 1 },
    },
  ];
  const toAmount = (/** @type {string | null} */ amount, /** @type {string | null} */ currency) =>
    amount === null ? null : currency === null ? amount : money(amount, currency);
  const columns = [
    { title: texts.name, cell: (/** @type {ShippingOption} */ { name }) => name },
    { title: own.countries, cell: (/** @type {ShippingOption} */ { countries }) => shorten(countries) },
    {
      title: own.price,
      isNumber: true,
      cell: (/** @type {ShippingOption} */ { price, currency }) => toAmount(price, currency),
    },
    {
      title: own.freeFrom,
      isNumber: true,
      cell: (/** @type {ShippingOption} */ { freeFrom, currency }) => toAmount(freeFrom, currency),
    },
    {
      title: own.maxWeight,
      isNumber: true,
      cell: (/** @type {ShippingOption} */ { maxWeightGrams }) => maxWeightGrams && count(maxWeightGrams),
    },
  ];
  return html`<${Entries}
    own=${own}
    path="/api/admin/shipping-options"
    columns=${columns}
    fields=${fields}
    getName=${(/** @type {ShippingOption} */ { name }) => name}
  />`;
}

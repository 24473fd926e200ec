import { texts } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { useTexts } from '../../../lib/locale.js';
import { Entries } from '../entries.js';

/** @typedef {import('#types').TaxRate} TaxRate */

const { taxRates: own } = texts;

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const FIELDS = [
  {
    name: 'country',
    label: own.country,
    hint: own.countryHint,
    required: true,
    attributes: { maxlength: 2, autocapitalize: 'characters' },
  },
  { name: 'region', label: own.region, hint: own.regionHint, attributes: { maxlength: 200 } },
  { name: 'rate', label: own.rate, type: 'number', required: true, attributes: { min: 0, max: 100 } },
];

/** Taxes by country and region. */
export function TaxRates() {
  const { language } = useTexts();
  const percent = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const columns = [
    { title: own.country, cell: (/** @type {TaxRate} */ { country }) => country },
    { title: own.region, cell: (/** @type {TaxRate} */ { region }) => region },
    { title: own.rate, isNumber: true, cell: (/** @type {TaxRate} */ { rate }) => percent.format(rate) },
  ];
  return html`<${Entries}
    own=${own}
    path="/api/admin/tax-rates"
    columns=${columns}
    fields=${FIELDS}
    getName=${(/** @type {TaxRate} */ { country, region }) => [country, region].filter(Boolean).join(', ')}
  />`;
}

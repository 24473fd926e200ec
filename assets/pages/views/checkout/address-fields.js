import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { Field, Select } from '../../ui/field.js';

/** @typedef {'shipping' | 'billing'} Purpose */

/** @param {string} language @param {string[]} countries @returns {[string, string][]} */
function toOptions(language, countries) {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const options = countries.map((code) => /** @type {[string, string]} */ ([code, names.of(code) ?? code]));
  return options.sort(([, first], [, second]) => first.localeCompare(second, language));
}

/** The fields of a new address. @param {{ purpose: Purpose, countries: string[], country: string, errors: Record<string, string>, onPlace: (place: { country?: string, region?: string }) => void }} props */
export function AddressFields({ purpose, countries, country, errors, onPlace }) {
  const { store, language } = useTexts();
  const texts = store.checkout;
  const field = (/** @type {string} */ name, /** @type {string} */ complete, maxlength = 200, more = {}) =>
    html`<${Field}
      label=${texts[/** @type {'name'} */ (name)]}
      name=${`${purpose}.${name}`}
      autocomplete=${`${purpose} ${complete}`}
      maxlength=${maxlength}
      error=${errors[name]}
      ...${more}
    />`;
  const required = { required: true };
  return html`<div class="address">
    ${field('name', 'name', 200, required)} ${field('company', 'organization')}
    ${field('line1', 'address-line1', 200, required)} ${field('line2', 'address-line2')}
    ${field('postalCode', 'postal-code', 20, required)} ${field('city', 'address-level2', 100, required)}
    ${field('region', 'address-level1', 200, {
      onChange: (/** @type {any} */ event) => onPlace({ region: event.target.value }),
    })}
    <${Select}
      label=${texts.country}
      name=${`${purpose}.country`}
      autocomplete=${`${purpose} country`}
      options=${[['', texts.chooseCountry], ...toOptions(language, countries)]}
      value=${country}
      error=${errors.country}
      required
      onChange=${(/** @type {any} */ event) => onPlace({ country: event.target.value })}
    />
    ${
      purpose === 'shipping'
        ? field('phone', 'tel', 30, { type: 'tel' })
        : field('vatId', 'off', 30, { autocomplete: 'off' })
    }
  </div>`;
}

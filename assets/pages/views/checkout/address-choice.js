import { useState } from 'preact/hooks';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { ChoiceList } from '../../ui/choice-list.js';
import { Checkbox } from '../../ui/field.js';
import { AddressFields } from './address-fields.js';

export const NEW = 'new';

/** An address in one line, as people know it. @param {any} address */
const toLine = ({ name, company, line1, postalCode, city, country }) =>
  [company || name, line1, `${postalCode} ${city}`, country].join(', ');

/** A saved address, or a new one. @param {{ purpose: 'shipping' | 'billing', saved: any[], countries: string[], chosen: { id: string, country: string }, errors: Record<string, string>, onChange: (chosen: any) => void }} props */
export function AddressChoice({ purpose, saved, countries, chosen, errors, onChange }) {
  const { checkout: texts } = useTexts().store;
  const [isSaving, setSaving] = useState(false);
  const isNew = chosen.id === NEW;
  const choose = (/** @type {string} */ id) => {
    const address = saved.find((each) => String(each.id) === id);
    onChange({ id, country: address?.country ?? '', region: address?.region ?? '' });
  };
  return html`${
    saved.length > 0 &&
    html`<${ChoiceList}
      legend=${texts.addresses}
      isLegendHidden=${true}
      name=${`${purpose}.saved`}
      value=${chosen.id}
      onChange=${choose}
      options=${[
        ...saved.map((address) => [
          String(address.id),
          html`${toLine(address)} ${address.isDefault && html`<span class="muted">(${texts.default})</span>`}`,
        ]),
        [NEW, texts.newAddress],
      ]}
    />`
  }
  ${
    isNew &&
    html`<${AddressFields}
        purpose=${purpose}
        countries=${countries}
        country=${chosen.country}
        errors=${errors}
        onPlace=${(/** @type {any} */ place) => onChange({ ...chosen, ...place })}
      />
      <${Checkbox}
        label=${texts.save}
        name=${`${purpose}.save`}
        checked=${isSaving}
        onChange=${(/** @type {any} */ event) => setSaving(event.target.checked)}
      />
      ${isSaving && html`<${Checkbox} label=${texts.saveAsDefault} name=${`${purpose}.isDefault`} />`}`
  }`;
}

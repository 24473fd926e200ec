import { createKey, post, put } from '../../lib/api.js';
import { listCountries } from '../../lib/countries.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Dialog } from '../../ui/dialog.js';
import { Checkbox, Field, readForm, Select } from '../../ui/field.js';
import { Problem } from '../../ui/states.js';

const OPTIONAL = ['company', 'line2', 'region', 'phone'];

/** @param {Record<string, string>} values */
function toBody({ isDefault, ...values }) {
  const cleared = OPTIONAL.filter((name) => !(name in values)).map((name) => [name, null]);
  return { ...values, ...Object.fromEntries(cleared), ...(isDefault && { isDefault: true }) };
}

/** A new address, or one to change. @param {{ address?: import('#types').Address, onClose: () => void, onSaved: () => void }} props */
export function AddressDialog({ address, onClose, onSaved }) {
  const { purchases: texts, language } = useTexts();
  const save = useAction(async (/** @type {Record<string, string>} */ values) => {
    const body = toBody(values);
    if (address) await put(`/api/addresses/${address.id}`, body);
    else await post('/api/addresses', body, { idempotencyKey: createKey() });
    onSaved();
  });
  /** @type {{ path: string, message: string }[]} */
  const details = save.error?.details ?? [];
  const field = (/** @type {keyof typeof texts.address} */ name, /** @type {string} */ autocomplete) =>
    html`<${Field}
      label=${texts.address[name]}
      name=${name}
      value=${address?.[/** @type {keyof import('#types').Address} */ (name)]}
      autocomplete=${autocomplete}
      error=${details.find(({ path }) => path === name)?.message}
      required=${!OPTIONAL.includes(name)}
      type=${name === 'phone' ? 'tel' : 'text'}
    />`;
  return html`<${Dialog} title=${address ? texts.editAddress : texts.newAddress} onClose=${onClose}>
    <form onSubmit=${(/** @type {Event} */ event) => save.run(readForm(event))}>
      ${field('name', 'name')} ${field('company', 'organization')} ${field('line1', 'address-line1')}
      ${field('line2', 'address-line2')} ${field('postalCode', 'postal-code')} ${field('city', 'address-level2')}
      ${field('region', 'address-level1')}
      <${Select}
        label=${texts.address.country}
        name="country"
        autocomplete="country"
        value=${address?.country ?? (language === 'de' ? 'DE' : 'GB')}
        options=${listCountries(language)}
      />
      ${field('phone', 'tel')}
      ${!address?.isDefault && html`<${Checkbox} label=${texts.useAsDefault} name="isDefault" />`}
      <${Problem} error=${save.error} />
      <div class="actions">
        <button type="button" onClick=${onClose}>${texts.cancel}</button>
        <button class="primary" type="submit" disabled=${save.isBusy}>${texts.save}</button>
      </div>
    </form>
  <//>`;
}

import { useState } from 'preact/hooks';
import { put, remove } from '../../lib/api.js';
import { nameCountry } from '../../lib/countries.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { ConfirmDialog } from '../../ui/dialog.js';
import { Tag } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';
import { AddressDialog } from './address-dialog.js';
import { Paged } from './paged.js';

/** @typedef {import('#types').Address} Address */

const MAX_ADDRESSES = 20;

/** @param {{ address: Address }} props */
function Lines({ address: { company, line1, line2, postalCode, city, region, country, phone } }) {
  const { language } = useTexts();
  const lines = [company, line1, line2, `${postalCode} ${city}`, region, nameCountry(country, language), phone];
  return html`<p>${lines.filter(Boolean).map((line) => html`${line}<br />`)}</p>`;
}

/** @param {{ address: Address, onEdit: () => void, reload: () => void }} props */
function Row({ address, onEdit, reload }) {
  const { purchases: texts } = useTexts();
  const { id, name, line1, isDefault } = address;
  const [isAsking, setAsking] = useState(false);
  const makeDefault = useAction(async () => {
    await put(`/api/addresses/${id}`, { isDefault: true });
    reload();
  });
  const erase = useAction(async () => {
    await remove(`/api/addresses/${id}`);
    setAsking(false);
    toast(texts.addressDeleted);
    reload();
  });
  const which = html`<span class="unseen"> ${name}, ${line1}</span>`;
  return html`<li class="card">
    <h3>${name}</h3>
    ${isDefault && html`<p><${Tag} tone="good">${texts.defaultAddress}<//></p>`}
    <${Lines} address=${address} />
    <p class="row">
      <button type="button" onClick=${onEdit}>${texts.editAddress}${which}</button>
      ${
        !isDefault &&
        html`<button type="button" disabled=${makeDefault.isBusy} onClick=${makeDefault.run}>
          ${texts.makeDefault}${which}
        </button>`
      }
      <button type="button" class="danger" onClick=${() => setAsking(true)}>${texts.deleteAddress}${which}</button>
    </p>
    <${Problem} error=${makeDefault.error} />
    ${
      isAsking &&
      html`<${ConfirmDialog}
        title=${texts.deleteAddress}
        text=${texts.deleteAddressText(`${name}, ${line1}`)}
        action=${texts.deleteAddress}
        isBusy=${erase.isBusy}
        problem=${html`<${Problem} error=${erase.error} />`}
        onConfirm=${erase.run}
        onClose=${() => setAsking(false)}
      />`
    }
  </li>`;
}

/** The addresses that the user has saved for orders, the default first. */
export function Addresses() {
  const { purchases: texts } = useTexts();
  const [editing, setEditing] = useState(/** @type {Address | 'new' | undefined} */ (undefined));
  const [version, setVersion] = useState(0);
  const saved = () => {
    setEditing(undefined);
    setVersion(version + 1);
    toast(texts.addressSaved);
  };
  return html`<p class="muted">${texts.addressesText}</p>
    <p><button type="button" class="primary" onClick=${() => setEditing('new')}>${texts.newAddress}</button></p>
    <${Paged} key=${version} path="/api/addresses" query=${{ limit: MAX_ADDRESSES }} empty=${texts.noAddresses}>
      ${(/** @type {any[]} */ addresses, /** @type {() => void} */ reload) =>
        html`<ul class="rows columns">
          ${addresses.map(
            (each) => html`<${Row} key=${each.id} address=${each} onEdit=${() => setEditing(each)} reload=${reload} />`,
          )}
        </ul>`}
    <//>
    ${
      editing &&
      html`<${AddressDialog}
        address=${editing === 'new' ? undefined : editing}
        onClose=${() => setEditing(undefined)}
        onSaved=${saved}
      />`
    }`;
}

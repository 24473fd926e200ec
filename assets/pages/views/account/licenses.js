import { useState } from 'preact/hooks';
import { post } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { ConfirmDialog } from '../../ui/dialog.js';
import { Tag } from '../../ui/parts.js';
import { Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';
import { LicenseDevices } from './license-devices.js';
import { Paged } from './paged.js';

/** @typedef {import('#types').License} License */

/** @type {Record<string, 'good' | 'warn' | 'bad' | 'calm'>} */
const TONES = { active: 'good', suspended: 'warn', revoked: 'bad', expired: 'calm' };

/** @param {{ license: License }} props */
function Key({ license: { key, product } }) {
  const { purchases: texts } = useTexts();
  const [isShown, setShown] = useState(false);
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(key ?? '');
    toast(texts.copied);
  });
  const name = html`<span class="unseen"> ${product.name}</span>`;
  return html`${isShown && html`<p class="key"><code>${key}</code></p>`}
    <p class="row">
      <button type="button" aria-expanded=${isShown ? 'true' : 'false'} onClick=${() => setShown(!isShown)}>
        ${isShown ? texts.hideKey : texts.showKey}${name}
      </button>
      ${isShown && html`<button type="button" onClick=${copy.run}>${texts.copyKey}${name}</button>`}
    </p>
    ${copy.error && html`<p class="problem" role="alert">${texts.copyFailed}</p>`}`;
}

/** @param {{ license: License, reload: () => void }} props */
function Rotate({ license: { id, product }, reload }) {
  const { purchases: texts } = useTexts();
  const [isAsking, setAsking] = useState(false);
  const rotate = useAction(async () => {
    await post(`/api/licenses/${id}/rotate`);
    setAsking(false);
    toast(texts.rotated);
    reload();
  });
  return html`<button type="button" onClick=${() => setAsking(true)}>
      ${texts.rotate}<span class="unseen"> ${product.name}</span>
    </button>
    ${
      isAsking &&
      html`<${ConfirmDialog}
        title=${texts.rotate}
        text=${texts.rotateText}
        action=${texts.rotateNow}
        isBusy=${rotate.isBusy}
        problem=${html`<${Problem} error=${rotate.error} />`}
        onConfirm=${rotate.run}
        onClose=${() => {
          rotate.clear();
          setAsking(false);
        }}
      />`
    }`;
}

/** @param {{ license: License, reload: () => void }} props */
function Row({ license, reload }) {
  const { purchases: texts } = useTexts();
  const { moment, count } = useFormat();
  const { id, key, product, status, expiresAt, activationsCount, maxActivations, orderId } = license;
  const isUsable = status === 'active' || status === 'suspended';
  return html`<li class="card">
    <h3>${product.name}</h3>
    <p>
      <${Tag} tone=${TONES[status]}>${texts.licenseStatus[/** @type {keyof typeof texts.licenseStatus} */ (status)]}<//>
      <span class="muted"> ${expiresAt ? texts.validUntil(moment(expiresAt)) : texts.validForever}</span>
    </p>
    <p>${texts.devicesUsed(count(activationsCount), maxActivations === null ? null : count(maxActivations))}</p>
    ${key && html`<${Key} key=${key} license=${license} />`}
    <p class="row">
      ${isUsable && html`<${Rotate} license=${license} reload=${reload} />`}
      ${orderId && html`<a class="button" href=${`/orders/${orderId}`}>${texts.order}</a>`}
      <a class="button" href=${`/account/support/new?licenseId=${id}`}>${texts.askAbout}</a>
    </p>
    ${activationsCount > 0 && html`<${LicenseDevices} license=${license} onChange=${reload} />`}
  </li>`;
}

/** The user's licenses, newest first. */
export function Licenses() {
  const { purchases: texts } = useTexts();
  return html`<${Paged} path="/api/licenses" empty=${texts.noLicenses}>
    ${(/** @type {any[]} */ licenses, /** @type {() => void} */ reload) =>
      html`<ul class="rows">
        ${licenses.map((license) => html`<${Row} key=${license.id} license=${license} reload=${reload} />`)}
      </ul>`}
  <//>`;
}

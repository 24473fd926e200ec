import { useState } from 'preact/hooks';
import { get, remove } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Loaded, Problem } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

/** @param {{ device: import('#types').Activation, onRemoved: () => void }} props */
function Device({ device: { id, name, platform, fingerprint, createdAt, lastSeenAt }, onRemoved }) {
  const { purchases: texts } = useTexts();
  const { moment } = useFormat();
  const title = name ?? platform ?? fingerprint;
  const end = useAction(async () => {
    await remove(`/api/activations/${id}`);
    toast(texts.deviceRemoved(title));
    onRemoved();
  });
  return html`<li>
    <p><strong>${title}</strong>${name && platform && html`<span class="muted"> ${platform}</span>`}</p>
    <p class="muted fine">${texts.deviceLine(moment(createdAt), moment(lastSeenAt))}</p>
    <p>
      <button type="button" class="small" disabled=${end.isBusy} onClick=${end.run}>
        ${texts.removeDevice}<span class="unseen"> ${title}</span>
      </button>
    </p>
    <${Problem} error=${end.error} />
  </li>`;
}

/** @param {{ id: number, onChange: () => void }} props */
function Devices({ id, onChange }) {
  const loaded = useLoad(() => get(`/api/licenses/${id}/activations`), [id]);
  const removed = () => {
    void loaded.reload();
    onChange();
  };
  return html`<${Loaded} from=${loaded}>
    ${(/** @type {any[]} */ devices) =>
      html`<ul class="rows">
        ${devices.map((device) => html`<${Device} key=${device.id} device=${device} onRemoved=${removed} />`)}
      </ul>`}
  <//>`;
}

/** The devices on which a license is in use, once somebody asks for them. @param {{ license: import('#types').License, onChange: () => void }} props */
export function LicenseDevices({ license: { id, product }, onChange }) {
  const { purchases: texts } = useTexts();
  const [isShown, setShown] = useState(false);
  return html`<p>
      <button type="button" aria-expanded=${isShown ? 'true' : 'false'} onClick=${() => setShown(!isShown)}>
        ${isShown ? texts.hideDevices : texts.showDevices}<span class="unseen"> ${product.name}</span>
      </button>
    </p>
    ${isShown && html`<${Devices} id=${id} onChange=${onChange} />`}`;
}

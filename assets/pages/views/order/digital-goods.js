import { downloadByLink, get } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { useAction, useLoad } from '../../lib/use-load.js';
import { Tag } from '../../ui/parts.js';
import { describeError, Loaded } from '../../ui/states.js';
import { toast } from '../../ui/toast.js';

/** @typedef {import('#types').OrderItem} OrderItem */

const MAX_LICENSES = 100;
/** @type {Record<string, 'good' | 'warn' | 'calm' | 'bad'>} */
const TONES = { active: 'good', suspended: 'warn', revoked: 'bad', expired: 'calm' };

/** @param {{ orderId: number, item: OrderItem }} props */
function Download({ orderId, item: { id, name } }) {
  const texts = useTexts();
  const { order } = texts.store;
  // The link needs no session, so the browser itself can download from it.
  const start = useAction(() => downloadByLink(`/api/orders/${orderId}/items/${id}/download`));
  const refusals = /** @type {Record<string, string>} */ ({
    DOWNLOAD_LIMIT_REACHED: order.limitReached,
    ORDER_NOT_PAID: order.notPaid,
  });
  const error = /** @type {any} */ (start.error);
  return html`<li>
    <button type="button" disabled=${start.isBusy} onClick=${start.run}>${order.download(name)}</button>
    <p class="problem" role="alert">${error ? (refusals[error.code] ?? describeError(texts, error)) : ''}</p>
  </li>`;
}

/** @param {{ license: import('#types').License }} props */
function License({ license: { key, product, status, expiresAt, activationsCount, maxActivations } }) {
  const { order: texts } = useTexts().store;
  const { moment } = useFormat();
  const copy = useAction(async () => {
    await navigator.clipboard.writeText(key ?? '');
    toast(texts.copied);
  });
  return html`<li class="license">
    <p><strong>${product.name}</strong> <${Tag} tone=${TONES[status]}>${texts.licenseStatus[status]}<//></p>
    ${key && html`<p><span class="unseen">${texts.key}: </span><code class="key">${key}</code></p>`}
    <p class="muted fine">
      ${texts.devices(activationsCount, maxActivations)}${expiresAt && ` · ${texts.validUntil(moment(expiresAt))}`}
    </p>
    ${
      key &&
      html`<button type="button" class="small" onClick=${copy.run}>
        ${texts.copy}<span class="unseen"> ${product.name}</span>
      </button>`
    }
  </li>`;
}

/** @param {{ orderId: number, items: OrderItem[] }} props */
function Licenses({ orderId, items }) {
  const { order: texts } = useTexts().store;
  const loaded = useLoad(async () => {
    const products = [...new Set(items.map(({ productId }) => productId))];
    const lists = await Promise.all(
      products.map((productId) => get('/api/licenses', { productId, limit: MAX_LICENSES })),
    );
    return lists.flat().filter((/** @type {any} */ license) => license.orderId === orderId);
  }, [orderId]);
  return html`<${Loaded} from=${loaded} empty=${texts.keyComing}>
    ${(/** @type {any[]} */ licenses) =>
      html`<ul class="rows">
        ${licenses.map((license) => html`<${License} key=${license.id} license=${license} />`)}
      </ul>`}
  <//>`;
}

/** What can be used at once: downloads and license keys, for the customer only. @param {{ order: import('#types').Order }} props */
export function DigitalGoods({ order: { id, items } }) {
  const { order: texts } = useTexts().store;
  const downloads = items.filter(({ productType }) => productType === 'digital');
  const licensed = items.filter(({ productType }) => productType === 'license');
  if (downloads.length + licensed.length === 0) return null;
  return html`<section class="card">
    <h2>${texts.downloads}</h2>
    ${
      downloads.length > 0 &&
      html`<ul class="rows">
          ${downloads.map((item) => html`<${Download} key=${item.id} orderId=${id} item=${item} />`)}
        </ul>
        <p class="muted fine">${texts.downloadHint}</p>`
    }
    ${licensed.length > 0 && html`<${Licenses} orderId=${id} items=${licensed} />`}
  </section>`;
}

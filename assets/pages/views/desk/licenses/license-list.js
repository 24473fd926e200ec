import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { list, put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAction, useLoad } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { DeskHead } from '../desk-head.js';
import { useLicenseColumns } from './license-columns.js';
import { ChangeDialog, GrantDialog } from './license-dialogs.js';

/** @typedef {import('#types').AdminLicense} License */

const { licenses: own } = texts;
const PATH = '/api/admin/licenses';

/** @param {{ license: License, onDone: () => Promise<void> }} props */
function Actions({ license, onDone }) {
  const [open, setOpen] = useState(/** @type {'change' | 'suspend' | undefined} */ (undefined));
  const close = () => setOpen(undefined);
  const change = (/** @type {object} */ body) => put(`${PATH}/${license.id}`, body);
  const finish = async () => {
    toast(texts.saved);
    await onDone();
  };
  const restore = useAction(async () => {
    await change({ status: 'active' });
    await finish();
  });
  const name = html`<span class="unseen">${texts.of(`${license.product.name}, ${license.id}`)}</span>`;
  return html`<button type="button" class="small" onClick=${() => setOpen('change')}>${own.change}${name}</button>
    ${
      license.status === 'active'
        ? html`<button type="button" class="small danger" onClick=${() => setOpen('suspend')}>
            ${own.suspend}${name}
          </button>`
        : license.status !== 'expired' &&
          html`<button type="button" class="small" disabled=${restore.isBusy} onClick=${restore.run}>
            ${own.restore}${name}
          </button>`
    }
    <${Problem} error=${restore.error} />
    ${open === 'change' && html`<${ChangeDialog} license=${license} onDone=${finish} onClose=${close} />`}
    ${
      open === 'suspend' &&
      html`<${ActionDialog}
        title=${own.suspendTitle}
        text=${own.suspendText}
        action=${own.suspend}
        run=${() => change({ status: 'suspended' })}
        onDone=${finish}
        onClose=${close}
      />`
    }`;
}

/** The licenses of all users. */
export function LicenseList() {
  const [isGranting, setGranting] = useState(false);
  const [version, setVersion] = useState(0);
  const products = useLoad(
    async () => (await list('/api/admin/products', { productType: 'license', limit: 100 })).data,
    [],
  );
  /** @type {import('../../../ui/filters.js').Filter[]} */
  const filters = [
    { name: 'key', label: own.key, type: 'search' },
    { name: 'orderId', label: own.orderId, type: 'search' },
    { name: 'status', label: own.status, options: Object.entries(own.statuses) },
    {
      name: 'productId',
      label: own.product,
      options: (products.data ?? []).map((/** @type {{ id: number, name: string }} */ { id, name }) => [
        String(id),
        name,
      ]),
    },
  ];
  return html`<${DeskHead} title=${own.title}>
      <button type="button" class="primary" onClick=${() => setGranting(true)}>${own.grant}</button>
    <//>
    <${DataTable}
      caption=${own.title}
      path=${PATH}
      columns=${useLicenseColumns()}
      filters=${filters}
      empty=${own.empty}
      version=${version}
      actions=${(/** @type {License} */ license, /** @type {() => Promise<void>} */ reload) =>
        html`<${Actions} license=${license} onDone=${reload} />`}
    />
    ${
      isGranting &&
      html`<${GrantDialog}
        products=${products.data ?? []}
        onDone=${() => setVersion(version + 1)}
        onClose=${() => setGranting(false)}
      />`
    }`;
}

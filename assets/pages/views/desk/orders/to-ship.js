import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useLoad } from '../../../lib/use-load.js';
import { DataTable } from '../../../ui/data-table.js';
import { Dialog } from '../../../ui/dialog.js';
import { Loaded } from '../../../ui/states.js';
import { DeskHead } from '../desk-head.js';
import { useOrderColumns } from './order-columns.js';
import { getOrdersPath } from './order-status.js';
import { ShipmentForm } from './shipment-form.js';

/** @typedef {import('../../../lib/use-session.js').Session} Session */
/** @typedef {{ id: number, orderNumber: string }} Listed */

const { shipment: own } = texts;

/** @param {{ listed: Listed, session: Session, onDone: () => Promise<void> }} props */
function SendButton({ listed, session, onDone }) {
  const [isOpen, setOpen] = useState(false);
  return html`<button type="button" class="small" onClick=${() => setOpen(true)}>
      ${texts.orders.send}<span class="unseen">${texts.of(listed.orderNumber)}</span>
    </button>
    ${
      isOpen &&
      html`<${SendDialog} listed=${listed} session=${session} onDone=${onDone} onClose=${() => setOpen(false)} />`
    }`;
}

/** @param {{ listed: Listed, session: Session, onDone: () => Promise<void>, onClose: () => void }} props */
function SendDialog({ listed, session, onDone, onClose }) {
  const loaded = useLoad(() => get(`/api/orders/${listed.id}`), [listed.id]);
  return html`<${Dialog} title=${own.title(listed.orderNumber)} onClose=${onClose}>
    <${Loaded} from=${loaded}>
      ${(/** @type {import('#types').Order} */ order) =>
        html`<${ShipmentForm} order=${order} session=${session} onDone=${onDone} onClose=${onClose} />`}
    <//>
  <//>`;
}

/** The orders of which something is still to be sent. @param {{ session: Session }} props */
export function ToShip({ session }) {
  return html`<${DeskHead} title=${own.toShip} />
    <${DataTable}
      caption=${own.toShip}
      path=${getOrdersPath(session)}
      query=${{ toShip: true }}
      columns=${useOrderColumns()}
      href=${(/** @type {Listed} */ { id }) => `/admin/orders/${id}`}
      empty=${own.empty}
      actions=${(/** @type {Listed} */ listed, /** @type {() => Promise<void>} */ reload) =>
        html`<${SendButton} listed=${listed} session=${session} onDone=${reload} />`}
    />`;
}

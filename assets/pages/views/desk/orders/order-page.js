import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { download, get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useAction, useLoad } from '../../../lib/use-load.js';
import { Dialog } from '../../../ui/dialog.js';
import { Tag } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';
import { DeskHead } from '../desk-head.js';
import { LoadedPage } from '../loaded-page.js';
import { isRefundable, listRefundable, listUnsent } from './order-lines.js';
import { FULFILLMENT_TONES, STATUS_TONES } from './order-status.js';
import { Customer, Lines, Sums } from './order-parts.js';
import { Parcels, Payments, Refunds, Withdrawals } from './order-history.js';
import { RefundDialog } from './refund-dialog.js';
import { ShipmentForm } from './shipment-form.js';

/** @typedef {import('#types').Order} Order */
/** @typedef {import('../../../lib/use-session.js').Session} Session */

const { orders: own, shipment } = texts;

/** @param {{ order: Order, session: Session, reload: () => Promise<void> }} props */
function Actions({ order, session, reload }) {
  const [open, setOpen] = useState(/** @type {'refund' | 'send' | undefined} */ (undefined));
  const close = () => setOpen(undefined);
  const invoice = useAction(() => download(`/api/orders/${order.id}/invoice.pdf`, `invoice-${order.orderNumber}.pdf`));
  return html`<button type="button" disabled=${invoice.isBusy} onClick=${invoice.run}>${own.invoice}</button>
    ${
      listUnsent(order, session).length > 0 &&
      html`<button type="button" class="primary" onClick=${() => setOpen('send')}>${own.send}</button>`
    }
    ${
      isRefundable(order) &&
      listRefundable(order, session).length > 0 &&
      html`<button type="button" class="danger" onClick=${() => setOpen('refund')}>${own.refund}</button>`
    }
    <${Problem} error=${invoice.error} />
    ${
      open === 'send' &&
      html`<${Dialog} title=${shipment.title(order.orderNumber)} onClose=${close}>
        <${ShipmentForm} order=${order} session=${session} onDone=${reload} onClose=${close} />
      <//>`
    }
    ${
      open === 'refund' && html`<${RefundDialog} order=${order} session=${session} onDone=${reload} onClose=${close} />`
    }`;
}

/** An order: what was bought, paid, sent and refunded. @param {{ params: Record<string, string>, session: Session }} props */
export function OrderPage({ params: { id }, session }) {
  const loaded = useLoad(() => get(`/api/orders/${id}`), [id]);
  return html`<${LoadedPage} from=${loaded} title=${own.title} back=${['/admin/orders', own.title]}>
    ${(/** @type {Order} */ order) =>
      html`<${DeskHead}
          title=${own.order(order.orderNumber)}
          back=${['/admin/orders', own.title]}
          hint=${html`<${Tag} tone=${STATUS_TONES[order.status]}>${own.statuses[order.status]}<//>${' '}
            ${
              order.fulfillmentStatus !== 'none' &&
              html`<${Tag} tone=${FULFILLMENT_TONES[order.fulfillmentStatus]}>
                ${own.fulfillment[order.fulfillmentStatus]}
              <//>`
            }`}
        >
          <${Actions} order=${order} session=${session} reload=${loaded.reload} />
        <//>
        <${Lines} order=${order} session=${session} />
        <div class="columns"><${Customer} order=${order} session=${session} /><${Sums} order=${order} /></div>
        <${Parcels} order=${order} />
        <${Payments} order=${order} />
        <${Refunds} order=${order} />
        <${Withdrawals} order=${order} />`}
  <//>`;
}

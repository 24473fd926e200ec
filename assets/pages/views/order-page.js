import { useEffect } from 'preact/hooks';
import { download, get } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { Notice, Table } from '../ui/parts.js';
import { Loaded, Problem } from '../ui/states.js';
import { Pay } from './order/pay.js';
import { SignedIn } from './sign-in/signed-in.js';
import { EventHead } from './tickets/event-head.js';

const POLL_MS = 2000;
const OPEN = ['pending', 'processing'];

/** @param {{ order: import('#types').Order }} props */
function Lines({ order }) {
  const { order: texts } = useTexts();
  const { money, count } = useFormat();
  const { currency } = order;
  const sum = (/** @type {string} */ label, /** @type {string} */ amount, isStrong = false) =>
    html`<tr>
      <th scope="row" colspan="2">${label}</th>
      <td class="number">${isStrong ? html`<strong>${money(amount, currency)}</strong>` : money(amount, currency)}</td>
    </tr>`;
  return html`<${Table} caption=${texts.lines} head=${[texts.item, texts.quantity, texts.price]}>
    ${order.items.map(
      (item, /** @type {number} */ index) =>
        html`<tr key=${index}>
          <td>${item.name}</td>
          <td class="number">${count(item.quantity)}</td>
          <td class="number">${money(item.unitPrice, currency)}</td>
        </tr>`,
    )}
    ${Number(order.discount) > 0 && sum(texts.discount, `-${order.discount}`)}
    ${Number(order.tax) > 0 && sum(order.taxInclusive ? texts.taxIncluded : texts.tax, order.tax)}
    ${sum(texts.total, order.total, true)}
  <//>`;
}

/** @param {{ order: import('#types').Order, booking: import('#types').Booking }} props */
function Outcome({ order, booking }) {
  const { order: texts } = useTexts();
  const fetchInvoice = useAction(() => download(`/api/orders/${order.id}/invoice.pdf`, `${order.orderNumber}.pdf`));
  const isPaid = ['paid', 'partially_refunded'].includes(order.status);
  const hasGoods = order.items.some(({ kind }) => kind === 'product');
  return html`<${Notice} tone=${isPaid ? 'good' : 'warn'} role="status">
      <p>${texts.status[/** @type {keyof typeof texts.status} */ (order.status)]}</p>
    <//>
    <p class="row">
      ${
        booking &&
        booking.status === 'confirmed' &&
        html`<a class="button primary" href=${`/bookings/${booking.id}`}>${texts.showTickets}</a>`
      }
      ${order.invoiceNumber && html`<button type="button" onClick=${fetchInvoice.run}>${texts.invoice}</button>`}
      ${booking && booking.status !== 'confirmed' && html`<a class="button" href=${`/e/${booking.eventId}`}>${texts.again}</a>`}
      ${isPaid && hasGoods && html`<a class="button" href=${`/orders/${order.id}/withdrawal`}>${texts.withdraw}</a>`}
    </p>
    <${Problem} error=${fetchInvoice.error} />`;
}

/** @param {{ data: any, reload: () => void }} props */
function Order({ data: { order, booking, config }, reload }) {
  const { order: texts } = useTexts();
  const isOver = booking && ['expired', 'cancelled'].includes(booking.status);
  const isOpen = OPEN.includes(order.status) && !isOver;
  // The provider reports a payment by itself, after the customer is back.
  const isWaiting =
    isOpen && order.payments.some((/** @type {any} */ { status }) => status === 'processing' || status === 'succeeded');
  useEffect(() => {
    const timer = isOpen ? setInterval(reload, isWaiting ? POLL_MS : POLL_MS * 5) : undefined;
    return () => clearInterval(timer);
  }, [isOpen, isWaiting]);
  return html`<p class="muted">${order.orderNumber}</p>
    ${booking && html`<${EventHead} event=${booking.event} />`}
    ${
      isOpen
        ? html`<${Pay} order=${order} booking=${booking} config=${config} isWaiting=${isWaiting} onChange=${reload} />`
        : html`<${Outcome}
            order=${isOver && OPEN.includes(order.status) ? { ...order, status: booking.status } : order}
            booking=${booking}
          />`
    }
    <h2>${texts.lines}</h2>
    <${Lines} order=${order} />`;
}

/** @param {{ orderId: number }} props */
function LoadedOrder({ orderId }) {
  const { order: texts } = useTexts();
  const loaded = useLoad(async () => {
    const [order, config] = await Promise.all([get(`/api/orders/${orderId}`), get('/api/config')]);
    const booking = order.bookingId ? await get(`/api/bookings/${order.bookingId}`) : undefined;
    return { order, booking, config };
  }, [orderId]);
  return html`<h1>${texts.title}</h1>
    <${Loaded} from=${loaded}
      >${(/** @type {any} */ data) => html`<${Order} data=${data} reload=${loaded.reload} />`}<//
    >`;
}

/** An order: paying it, and what became of it. @param {{ orderId: number }} props */
export function OrderPage({ orderId }) {
  const { order: texts } = useTexts();
  return html`<${SignedIn} title=${texts.title}>${() => html`<${LoadedOrder} orderId=${orderId} />`}<//>`;
}

import { useEffect } from 'preact/hooks';
import { download, get } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { isLess, isZero } from '../lib/money.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { Notice } from '../ui/parts.js';
import { Loaded, Problem } from '../ui/states.js';
import { OrderBookings } from './order/bookings.js';
import { Delivery, InvoiceAddress, Refunds } from './order/delivery.js';
import { DigitalGoods } from './order/digital-goods.js';
import { OrderLines } from './order/lines.js';
import { Pay } from './order/pay.js';
import { SignedIn } from './sign-in/signed-in.js';

const POLL_MS = 2000;
const OPEN = ['pending', 'processing'];
const PAID = ['paid', 'partially_refunded'];
const ENDED = ['expired', 'cancelled'];

/** @param {{ order: import('#types').Order, status: string, eventIds: number[] }} props */
function Outcome({ order, status, eventIds }) {
  const { order: texts } = useTexts();
  const fetchInvoice = useAction(() => download(`/api/orders/${order.id}/invoice.pdf`, `${order.orderNumber}.pdf`));
  return html`<${Notice} tone=${PAID.includes(status) ? 'good' : 'warn'} role="status">
      <p>${texts.status[/** @type {keyof typeof texts.status} */ (status)]}</p>
    <//>
    <p class="row">
      ${order.invoiceNumber && html`<button type="button" onClick=${fetchInvoice.run}>${texts.invoice}</button>`}
      ${
        PAID.includes(status) &&
        order.items.some(({ kind }) => kind === 'product') &&
        html`<a class="button" href=${`/orders/${order.id}/withdrawal`}>${texts.withdraw}</a>`
      }
      ${ENDED.includes(status) && eventIds[0] && html`<a class="button" href=${`/e/${eventIds[0]}`}>${texts.again}</a>`}
    </p>
    <${Problem} error=${fetchInvoice.error} />`;
}

/** The status as the customer sees it: without its tickets, an unpaid order is over. @param {import('#types').Order} order @param {import('#types').Booking[]} bookings */
function getStatus({ status, bookingId }, bookings) {
  const [booking] = bookings;
  const isOver = bookingId !== null && booking && ENDED.includes(booking.status);
  return isOver && OPEN.includes(status) ? booking.status : status;
}

/**
 * The methods with which this customer can pay the order: without its key, the form of Stripe cannot be shown, and credits must
 * suffice.
 * @param {import('#types').Order} order
 * @param {import('#types').FrontEndConfig} config
 * @param {import('#types').CreditBalance[]} balances
 */
function listMethods(order, config, balances) {
  const balance = balances.find(({ currency }) => currency === order.currency)?.balance ?? '0';
  const buysCredits = order.items.some(({ productType }) => productType === 'credit');
  const isUsable = {
    stripe: Boolean(config.stripePublishableKey),
    credits: isZero(order.creditsApplied) && !buysCredits && !isLess(balance, order.total),
  };
  return config.paymentMethods.filter((method) => isUsable[/** @type {keyof typeof isUsable} */ (method)] ?? true);
}

/** @param {{ data: any, user: any, payWith: string, reload: () => void }} props */
function Order({ data: { order, bookings, config, methods }, user, payWith, reload }) {
  const { order: texts, store } = useTexts();
  const { moment } = useFormat();
  const status = getStatus(order, bookings);
  const isOpen = OPEN.includes(status);
  const isOwner = user.role === 'customer' || user.email === order.customer.email;
  // The provider reports a payment by itself, after the customer is back.
  const isWaiting =
    isOpen && order.payments.some((/** @type {any} */ payment) => ['processing', 'succeeded'].includes(payment.status));
  useEffect(() => {
    const timer = isOpen ? setInterval(reload, isWaiting ? POLL_MS : POLL_MS * 5) : undefined;
    return () => clearInterval(timer);
  }, [isOpen, isWaiting]);
  return html`<div class="part">
    <p class="muted">${order.orderNumber} · ${store.order.date(moment(order.createdAt))}</p>
    ${
      isOpen
        ? html`<${Pay}
            order=${order}
            config=${config}
            methods=${methods}
            payWith=${payWith}
            isWaiting=${isWaiting}
            onChange=${reload}
          />`
        : html`<${Outcome}
            order=${order}
            status=${status}
            eventIds=${bookings.map((/** @type {any} */ booking) => booking.eventId)}
          />`
    }
    <${OrderBookings} bookings=${bookings} />
    ${isOwner && PAID.includes(status) && html`<${DigitalGoods} order=${order} />`}
    <section class="card order-lines">
      <h2>${texts.lines}</h2>
      <${OrderLines} order=${order} />
    </section>
    <div class="columns">
      <${Delivery} order=${order} /><${InvoiceAddress} order=${order} /><${Refunds} order=${order} />
    </div>
  </div>`;
}

/** @param {{ orderId: number, user: any, payWith: string }} props */
function LoadedOrder({ orderId, user, payWith }) {
  const { order: texts } = useTexts();
  const loaded = useLoad(async () => {
    const [order, config, balances] = await Promise.all([
      get(`/api/orders/${orderId}`),
      get('/api/config'),
      get('/api/credits'),
    ]);
    const bookings = await Promise.all(order.bookings.map((/** @type {any} */ { id }) => get(`/api/bookings/${id}`)));
    return { order, bookings, config, methods: listMethods(order, config, balances) };
  }, [orderId]);
  return html`<h1>${texts.title}</h1>
    <${Loaded} from=${loaded}
      >${(/** @type {any} */ data) =>
        html`<${Order} data=${data} user=${user} payWith=${payWith} reload=${loaded.reload} />`}<//
    >`;
}

/** An order: paying it, and what became of it. @param {{ orderId: number, payWith: string }} props `payWith`: the method that was chosen at the checkout */
export function OrderPage({ orderId, payWith }) {
  const { order: texts } = useTexts();
  return html`<${SignedIn} title=${texts.title}
    >${(/** @type {any} */ session) =>
      html`<${LoadedOrder} orderId=${orderId} user=${session.user} payWith=${payWith} />`}<//
  >`;
}

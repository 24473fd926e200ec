import { useState } from 'preact/hooks';
import { download, get } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { Notice } from '../ui/parts.js';
import { Loaded, Problem } from '../ui/states.js';
import { SignedIn } from './sign-in/signed-in.js';
import { CancelBooking } from './tickets/cancel-booking.js';
import { EventHead } from './tickets/event-head.js';
import { TicketCard } from './tickets/ticket-card.js';
import { TransferDialog } from './tickets/transfer-dialog.js';

/** @param {{ booking: import('#types').Booking, canPay: boolean }} props */
function Status({ booking: { status, order, expiresAt }, canPay }) {
  const { booking: texts } = useTexts();
  const { moment } = useFormat();
  if (status === 'confirmed') return html`<${Notice} tone="good" role="status">${texts.confirmed}<//>`;
  if (status !== 'pending')
    return html`<${Notice} tone="bad">${status === 'expired' ? texts.expired : texts.cancelled}<//>`;
  return html`<${Notice} tone="warn">
    <p>${expiresAt ? texts.unpaidUntil(moment(expiresAt)) : texts.processing}</p>
    ${canPay && order && html`<p><a class="button primary" href=${`/orders/${order.id}`}>${texts.pay}</a></p>`}
  <//>`;
}

/** @param {{ booking: import('#types').Booking, token?: string }} props */
function Documents({ booking, token }) {
  const { booking: texts } = useTexts();
  const { id, reference, order, status, tickets } = booking;
  const fetchFile = useAction((/** @type {string} */ path, /** @type {string} */ name) => download(path, name));
  const files = /** @type {[label: string, file: string, path: string][]} */ (
    [
      status === 'confirmed' &&
        tickets.some(({ code }) => code) && [texts.pdf, 'tickets.pdf', `/api/bookings/${id}/tickets.pdf`],
      status === 'confirmed' && [texts.calendar, 'calendar.ics', `/api/bookings/${id}/calendar.ics`],
      order && order.status !== 'pending' && [texts.invoice, 'invoice.pdf', `/api/orders/${order.id}/invoice.pdf`],
    ].filter(Boolean)
  );
  return html`<p class="row">
      ${files.map(([label, file, path]) =>
        token
          ? html`<a class="button" key=${file} href=${`/api/booking-links/${token}/${file}`}>${label}</a>`
          : html`<button type="button" key=${file} onClick=${() => fetchFile.run(path, `${reference}-${file}`)}>
              ${label}
            </button>`,
      )}
    </p>
    <${Problem} error=${fetchFile.error} />`;
}

/** @param {{ booking: import('#types').Booking, token?: string, reload: () => void }} props */
function Booking({ booking, token, reload }) {
  const { booking: texts, tickets: ticketTexts } = useTexts();
  const { money } = useFormat();
  const [transferring, setTransferring] = useState(/** @type {any} */ (undefined));
  const names = new Map(booking.items.map((item) => [item.ticketTypeId, item.name]));
  const isOwn = token === undefined;
  return html`<${Status} booking=${booking} canPay=${isOwn} />
    <${EventHead} event=${booking.event} />
    <dl class="facts">
      <dt>${texts.reference}</dt>
      <dd><code>${booking.reference}</code></dd>
      <dt>${texts.total}</dt>
      <dd>${money(booking.totalAmount, booking.currency)}</dd>
    </dl>
    <${Documents} booking=${booking} token=${token} />
    ${booking.tickets.length > 0 && html`<h2>${ticketTexts.title}</h2>`}
    <ul class="tickets">
      ${booking.tickets.map(
        (ticket) =>
          html`<${TicketCard} key=${ticket.id} ticket=${ticket} name=${names.get(ticket.ticketTypeId)}>
            ${
              isOwn &&
              ticket.code &&
              !ticket.checkedInAt &&
              html`<button type="button" onClick=${() => setTransferring(ticket)}>${ticketTexts.transfer}</button>`
            }
          <//>`,
      )}
    </ul>
    ${isOwn && html`<${CancelBooking} booking=${booking} onDone=${reload} />`}
    ${
      transferring &&
      html`<${TransferDialog}
        path=${`/api/bookings/${booking.id}/tickets/${transferring.id}/transfer`}
        onClose=${() => setTransferring(undefined)}
        onDone=${() => {
          setTransferring(undefined);
          reload();
        }}
      />`
    }`;
}

/** @param {{ path: string, token?: string }} props */
function LoadedBooking({ path, token }) {
  const { booking: texts } = useTexts();
  const booking = useLoad(() => get(path, {}, { isPublic: token !== undefined }), [path]);
  return html`<h1>${texts.title}</h1>
    <p class="needs-script">${texts.needsScript}</p>
    <${Loaded} from=${booking}>
      ${(/** @type {any} */ data) => html`<${Booking} booking=${data} token=${token} reload=${booking.reload} />`}
    <//>`;
}

/** A booking with its tickets: of the signed-in user, or by the signed link of a mail. @param {{ bookingId?: number, token?: string }} props */
export function BookingPage({ bookingId, token }) {
  const { booking: texts } = useTexts();
  if (token) return html`<${LoadedBooking} path=${`/api/booking-links/${encodeURIComponent(token)}`} token=${token} />`;
  return html`<${SignedIn} title=${texts.title}
    >${() => html`<${LoadedBooking} path=${`/api/bookings/${bookingId}`} />`}<//
  >`;
}

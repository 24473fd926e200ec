import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Tag } from '../../ui/parts.js';
import { QrCode } from '../../ui/qr-code.js';

/** @param {{ ticket: import('#types').Ticket | import('#types').HeldTicket }} props */
function Status({ ticket }) {
  const { tickets: texts } = useTexts();
  const { moment } = useFormat();
  if (ticket.checkedInAt) return html`<${Tag} tone="good">${texts.checkedIn(moment(ticket.checkedInAt))}<//>`;
  if (ticket.status === 'transferred') return html`<${Tag}>${texts.transferred}<//>`;
  return ticket.status === 'void' ? html`<${Tag} tone="bad">${texts.void}<//>` : null;
}

/** A ticket with the QR code that is scanned at the door. @param {{ ticket: import('#types').Ticket | import('#types').HeldTicket, name: string, level?: 2 | 3, children?: any }} props */
export function TicketCard({ ticket, name, level = 3, children }) {
  const { tickets: texts, seats } = useTexts();
  const { seat, code, attendeeName } = ticket;
  return html`<li class="card ticket">
    ${code && html`<${QrCode} value=${code} label=${texts.qr(ticket.id)} />`}
    <div class="ticket-text">
      <${`h${level}`}>${name}<//>
      ${seat && html`<p>${seats.label(seat.section, seat.row, seat.number)}</p>`}
      ${attendeeName && html`<p>${attendeeName}</p>`}
      <p><span class="muted">${texts.number(ticket.id)}</span> <${Status} ticket=${ticket} /></p>
      ${children}
    </div>
  </li>`;
}

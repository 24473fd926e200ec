import { useState } from 'preact/hooks';
import { download } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { useAction } from '../../lib/use-load.js';
import { Problem } from '../../ui/states.js';
import { EventHead } from '../tickets/event-head.js';
import { TicketCard } from '../tickets/ticket-card.js';
import { TransferDialog } from '../tickets/transfer-dialog.js';
import { Paged } from './paged.js';

/** @param {{ ticket: import('#types').HeldTicket, onTransfer: () => void }} props */
function Held({ ticket, onTransfer }) {
  const { tickets: texts } = useTexts();
  const fetchPdf = useAction(() => download(`/api/tickets/${ticket.id}.pdf`, `ticket-${ticket.id}.pdf`));
  return html`<${TicketCard} ticket=${ticket} name=${ticket.ticketTypeName}>
    <${EventHead} event=${ticket.event} />
    <p class="row">
      <button type="button" disabled=${fetchPdf.isBusy} onClick=${fetchPdf.run}>${texts.pdf}</button>
      ${!ticket.checkedInAt && html`<button type="button" onClick=${onTransfer}>${texts.transfer}</button>`}
    </p>
    <${Problem} error=${fetchPdf.error} />
  <//>`;
}

/** The tickets that the user holds, for the door. */
export function Tickets() {
  const { account: texts } = useTexts();
  const [transferring, setTransferring] = useState(/** @type {any} */ (undefined));
  return html`<${Paged} path="/api/tickets" query=${{ upcoming: true }} empty=${texts.noTickets}>
    ${(/** @type {any[]} */ tickets, /** @type {() => void} */ reload) =>
      html`<ul class="tickets">
          ${tickets.map((ticket) => html`<${Held} key=${ticket.id} ticket=${ticket} onTransfer=${() => setTransferring(ticket)} />`)}
        </ul>
        ${
          transferring &&
          html`<${TransferDialog}
            path=${`/api/tickets/${transferring.id}/transfer`}
            onClose=${() => setTransferring(undefined)}
            onDone=${() => {
              setTransferring(undefined);
              reload();
            }}
          />`
        }`}
  <//>`;
}

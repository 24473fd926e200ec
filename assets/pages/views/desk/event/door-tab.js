import { texts as areas } from '#texts/desk-attendees.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useNumbers } from '../../../lib/use-numbers.js';
import { usePolled } from '../../../lib/use-polled.js';
import { Figure, Figures } from '../../../ui/figures.js';
import { Card, Table } from '../../../ui/parts.js';
import { Polled } from '../../../ui/polled.js';

/** @typedef {import('#types').CheckInList} CheckInList */

const texts = areas.door;

/** At a busy door, figures older than this are of no use. */
const AGAIN_MS = 5000;

/** @param {{ data: CheckInList }} props */
function DoorFigures({ data: { tickets, checkedIn, byTicketType } }) {
  const { count, share } = useNumbers();
  const hint = tickets > 0 ? texts.share(share(checkedIn / tickets)) : undefined;
  return html`<${Figures}>
      <${Figure} title=${texts.checkedIn} value=${count(checkedIn)} hint=${hint} tone="good" />
      <${Figure} title=${texts.missing} value=${count(tickets - checkedIn)} />
      <${Figure} title=${texts.tickets} value=${count(tickets)} />
    <//>
    <${Card} title=${texts.byType}>
      <${Table} caption=${texts.byType} head=${[texts.type, texts.checkedIn, texts.missing, texts.tickets]}>
        ${byTicketType.map(
          (type) =>
            html`<tr key=${type.ticketTypeId}>
              <th scope="row">${type.name}</th>
              <td>${count(type.checkedIn)}</td>
              <td>${count(type.tickets - type.checkedIn)}</td>
              <td>${count(type.tickets)}</td>
            </tr>`,
        )}
      <//>
    <//>`;
}

/** How many have come, live, and the way to the scanner. @param {import('./event-page.js').TabProps} props */
export function DoorTab({ event }) {
  const polled = usePolled(() => get(`/api/events/${event.id}/check-in`, { limit: 1 }), [event.id], AGAIN_MS);
  return html`<div class="head">
      <h2>${texts.title}</h2>
      <a class="button primary" href="/scan">${texts.scan}</a>
    </div>
    <p class="muted fine">${texts.scanHint} ${texts.live}</p>
    <${Polled} from=${polled}>${(/** @type {CheckInList} */ data) => html`<${DoorFigures} data=${data} />`}<//>`;
}

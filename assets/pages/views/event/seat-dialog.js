import { useState } from 'preact/hooks';
import { get } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { addPrices } from '../../lib/money.js';
import { useLoad } from '../../lib/use-load.js';
import { Dialog } from '../../ui/dialog.js';
import { Select } from '../../ui/field.js';
import { Loaded } from '../../ui/states.js';

/** @param {{ seat: any, row: any, section: any, type: any, isChosen: boolean, onToggle: () => void }} props */
function Seat({ seat, row, section, type, isChosen, onToggle }) {
  const { seats: texts } = useTexts();
  const isFree = seat.status === 'free';
  const kind = [seat.accessible && texts.accessible, seat.companionOf && texts.companion].filter(Boolean);
  const name = [texts.label(section.name, row.name, seat.number), type?.price, ...kind, !isFree && texts.taken];
  return html`<button
    type="button"
    class=${`seat ${seat.accessible ? 'accessible' : ''}`}
    style=${{ gridColumn: seat.position }}
    aria-label=${name.filter(Boolean).join(', ')}
    aria-pressed=${isChosen ? 'true' : 'false'}
    disabled=${!isFree}
    onClick=${onToggle}
  >
    ${seat.number}
  </button>`;
}

/** @param {{ section: any, types: Map<number, any>, chosen: any[], onToggle: (seat: any) => void }} props */
function Plan({ section, types, chosen, onToggle }) {
  const { seats: texts } = useTexts();
  const ids = new Set(chosen.map(({ id }) => id));
  return html`<div class="plan" tabindex="0" role="region" aria-label=${section.name}>
    <p class="stage">${texts.stage}</p>
    ${section.rows.map(
      (/** @type {any} */ row) =>
        html`<div class="seat-row" key=${row.name} role="group" aria-label=${texts.row(row.name)}>
          <span class="row-name" aria-hidden="true">${row.name}</span>
          <div class="seat-places">
            ${row.seats.map(
              (/** @type {any} */ seat) =>
                html`<${Seat}
                  key=${seat.id}
                  seat=${seat}
                  row=${row}
                  section=${section}
                  type=${types.get(seat.ticketTypeId)}
                  isChosen=${ids.has(seat.id)}
                  onToggle=${() =>
                    onToggle({
                      id: seat.id,
                      ticketTypeId: seat.ticketTypeId,
                      label: texts.label(section.name, row.name, seat.number),
                    })}
                />`,
            )}
          </div>
        </div>`,
    )}
  </div>`;
}

/** @param {{ map: import('#types').SeatMap, seats: any[], onDone: (seats: any[]) => void }} props */
function SeatMap({ map, seats, onDone }) {
  const { seats: texts } = useTexts();
  const { money, count } = useFormat();
  // What was taken in the meantime is no longer chosen.
  const all = map.sections.flatMap(({ rows }) => rows.flatMap((row) => row.seats));
  const free = new Set(all.filter(({ status }) => status === 'free').map(({ id }) => id));
  const [chosen, setChosen] = useState(seats.filter(({ id }) => free.has(id)));
  const [sectionName, setSection] = useState(map.sections[0]?.name ?? '');
  const section = map.sections.find(({ name }) => name === sectionName);
  const types = new Map(map.ticketTypes.map((type) => [type.id, { ...type, price: money(type.price, map.currency) }]));
  const prices = new Map(map.ticketTypes.map(({ id, price }) => [id, price]));
  const toggle = (/** @type {any} */ seat) =>
    setChosen(chosen.some(({ id }) => id === seat.id) ? chosen.filter(({ id }) => id !== seat.id) : [...chosen, seat]);
  const total = addPrices(chosen.map(({ ticketTypeId }) => [prices.get(ticketTypeId) ?? '0', 1]));
  return html`${
      map.sections.length > 1 &&
      html`<${Select}
        label=${texts.section}
        name="section"
        value=${sectionName}
        options=${map.sections.map(({ name }) => [name, name])}
        onChange=${(/** @type {any} */ event) => setSection(event.target.value)}
      />`
    }
    <ul class="prices fine">
      ${[...types.values()].map(({ id, name, price }) => html`<li key=${id}>${name}: ${price}</li>`)}
    </ul>
    <${Plan} section=${section} types=${types} chosen=${chosen} onToggle=${toggle} />
    <p role="status">
      ${chosen.length === 0 ? texts.none : `${chosen.map(({ label }) => label).join(' · ')} — ${money(total, map.currency)}`}
    </p>
    <div class="actions">
      <button type="button" class="primary" disabled=${chosen.length === 0} onClick=${() => onDone(chosen)}>
        ${texts.take(count(chosen.length))}
      </button>
    </div>`;
}

/** The seating plan of an event, to choose seats from. @param {{ event: import('#types').EventDetail, seats: any[], onClose: () => void, onDone: (seats: any[]) => void }} props */
export function SeatDialog({ event, seats, onClose, onDone }) {
  const { seats: texts } = useTexts();
  const map = useLoad(() => get(`/api/events/${event.id}/seats`), [event.id]);
  return html`<${Dialog} title=${texts.title} onClose=${onClose}>
    <${Loaded} from=${map}
      >${(/** @type {any} */ data) => html`<${SeatMap} map=${data} seats=${seats} onDone=${onDone} />`}<//
    >
  <//>`;
}

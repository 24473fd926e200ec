import { texts as areas } from '#texts/desk-sale.js';
import { html } from '../../../lib/html.js';

/** @typedef {import('#types').SeatMap['sections'][number]} Section */

const texts = areas.seats;

/** @param {{ seat: Section['rows'][number]['seats'][number], rowName: string, typeName?: string, isChosen: boolean, onToggle?: (ids: number[]) => void }} props */
function Seat({ seat, rowName, typeName, isChosen, onToggle }) {
  const { id, number, status, accessible, companionOf, position } = seat;
  const kind = [accessible && texts.isAccessible, companionOf && texts.isCompanion, texts.statuses[status]];
  const name = [texts.seat(rowName, number), typeName, ...kind].filter(Boolean).join(', ');
  return html`<button
    type="button"
    class=${`seat is-${status} ${accessible ? 'accessible' : ''}`}
    style=${{ gridColumn: position }}
    title=${name}
    aria-label=${name}
    aria-pressed=${String(isChosen)}
    disabled=${!onToggle}
    onClick=${() => onToggle?.([id])}
  >
    ${number}
  </button>`;
}

/** The picture of a section, whose seats can be chosen. @param {{ section: Section, types: { id: number, name: string }[], chosen: Set<number>, onToggle?: (ids: number[]) => void }} props */
export function SeatGrid({ section, types, chosen, onToggle }) {
  const typeNames = new Map(types.map(({ id, name }) => [id, name]));
  return html`<div class="plan" tabindex="0" role="region" aria-label=${section.name}>
    <p class="stage">${texts.stage}</p>
    ${section.rows.map(
      (row) =>
        html`<div class="seat-row" key=${row.name} role="group" aria-label=${texts.row(row.name)}>
          ${
            onToggle
              ? html`<button
                  type="button"
                  class="link row-name"
                  aria-label=${texts.wholeRow(row.name)}
                  onClick=${() => onToggle(row.seats.map(({ id }) => id))}
                >
                  ${row.name}
                </button>`
              : html`<span class="row-name" aria-hidden="true">${row.name}</span>`
          }
          <div class="seat-places">
            ${row.seats.map(
              (seat) =>
                html`<${Seat}
                  key=${seat.id}
                  seat=${seat}
                  rowName=${row.name}
                  typeName=${typeNames.get(seat.ticketTypeId)}
                  isChosen=${chosen.has(seat.id)}
                  onToggle=${onToggle}
                />`,
            )}
          </div>
        </div>`,
    )}
  </div>`;
}

import { useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-sale.js';
import { call, get, put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction, useLoad } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { Select } from '../../../ui/field.js';
import { Card } from '../../../ui/parts.js';
import { Empty, Loaded, Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { SeatGrid } from './seat-grid.js';
import { SeatRowsForm } from './seat-rows-form.js';

/** @typedef {import('#types').SeatMap} SeatMap */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.seats;

/** @type {(keyof SeatMap['counts'])[]} */
const STATUSES = ['free', 'held', 'sold', 'blocked'];

/** What can be done with the chosen seats. @param {{ event: TabProps['event'], chosen: Set<number>, onClear: () => void, onChanged: () => Promise<void> }} props */
function SeatActions({ event, chosen, onClear, onChanged }) {
  const { count } = useFormat();
  const [isRemoving, setRemoving] = useState(false);
  const path = `/api/events/${event.id}/seats`;
  const seatIds = [...chosen];
  const change = useAction(async (/** @type {object} */ changes) => {
    await put(path, { seatIds, ...changes });
    toast(texts.changed);
    await onChanged();
  });
  const button = (/** @type {string} */ label, /** @type {object} */ changes) =>
    html`<button
      type="button"
      class="small"
      disabled=${change.isBusy || chosen.size === 0}
      onClick=${() => change.run(changes)}
    >
      ${label}
    </button>`;
  return html`<div class="row seat-actions">
      <span role="status">${chosen.size === 0 ? texts.hint : texts.chosen(count(chosen.size))}</span>
      ${button(texts.block, { blocked: true })} ${button(texts.unblock, { blocked: false })}
      ${button(texts.makeAccessible, { accessible: true })} ${button(texts.makeUsual, { accessible: false })}
      ${
        event.ticketTypes.length > 1 &&
        html`<label class="row fine">
          ${texts.type}
          <select
            disabled=${change.isBusy || chosen.size === 0}
            onChange=${(/** @type {any} */ { target }) => change.run({ ticketTypeId: Number(target.value) })}
          >
            <option value="" selected disabled>–</option>
            ${event.ticketTypes.map(({ id, name }) => html`<option key=${id} value=${id}>${name}</option>`)}
          </select>
        </label>`
      }
      <button type="button" class="small danger" disabled=${chosen.size === 0} onClick=${() => setRemoving(true)}>
        ${texts.remove}
      </button>
      <button type="button" class="small" disabled=${chosen.size === 0} onClick=${onClear}>${texts.clear}</button>
    </div>
    <${Problem} error=${change.error} />
    ${
      isRemoving &&
      html`<${ActionDialog}
        title=${texts.removeTitle(count(chosen.size))}
        text=${texts.removeText}
        action=${texts.remove}
        run=${() => call('DELETE', path, { body: { seatIds } })}
        onDone=${() => {
          toast(texts.changed);
          void onChanged();
        }}
        onClose=${() => setRemoving(false)}
      />`
    }`;
}

/** @param {{ event: TabProps['event'], map: SeatMap, isOpen: boolean, onChanged: () => Promise<void> }} props */
function Plan({ event, map, isOpen, onChanged }) {
  const { count } = useFormat();
  const [sectionName, setSection] = useState(map.sections[0]?.name ?? '');
  const [chosen, setChosen] = useState(/** @type {Set<number>} */ (new Set()));
  const section = map.sections.find(({ name }) => name === sectionName) ?? map.sections[0];
  if (!section) return html`<${Empty} text=${texts.empty} />`;
  const toggle = (/** @type {number[]} */ ids) => {
    const areAllChosen = ids.every((id) => chosen.has(id));
    setChosen(new Set(areAllChosen ? [...chosen].filter((id) => !ids.includes(id)) : [...chosen, ...ids]));
  };
  const clear = () => setChosen(new Set());
  return html`<p class="row">
      ${STATUSES.map(
        (status) =>
          html`<span key=${status} class=${`seat-key is-${status}`}
            >${texts.statuses[status]}: ${count(map.counts[status])}</span
          >`,
      )}
    </p>
    ${
      map.sections.length > 1 &&
      html`<${Select}
        name="section"
        label=${texts.section}
        value=${section.name}
        options=${map.sections.map(({ name }) => [name, name])}
        onChange=${(/** @type {any} */ { target }) => setSection(target.value)}
      />`
    }
    <${SeatGrid}
      section=${section}
      types=${event.ticketTypes}
      chosen=${chosen}
      onToggle=${isOpen ? toggle : undefined}
    />
    ${
      isOpen &&
      html`<${SeatActions}
        event=${event}
        chosen=${chosen}
        onClear=${clear}
        onChanged=${async () => {
          clear();
          await onChanged();
        }}
      />`
    }`;
}

/** The seating plan of an event: its picture, its rows, and what can be done with seats. @param {TabProps} props */
export function SeatsTab({ event, isOpen, reload }) {
  const loaded = useLoad(() => get(`/api/events/${event.id}/seats`), [event.id]);
  const changed = async () => {
    await Promise.all([loaded.reload(), reload()]);
  };
  return html`<${Card} title=${texts.title}>
      <${Loaded} from=${loaded}>
        ${(/** @type {SeatMap} */ map) =>
          html`<${Plan} event=${event} map=${map} isOpen=${isOpen} onChanged=${changed} />`}
      <//>
    <//>
    ${isOpen && html`<${Card} title=${texts.add}><${SeatRowsForm} event=${event} onAdded=${changed} /><//>`}`;
}

import { texts as areas } from '#texts/desk-sale.js';
import { put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction } from '../../../lib/use-load.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { EntryList } from '../entries.js';

/** @typedef {import('#types').TicketType} TicketType */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.types;

/** @param {string} timeZone @returns {import('../../../lib/form-values.js').FormFieldType[]} */
const listFields = (timeZone) => [
  { name: 'name', label: texts.name, required: true, attributes: { maxlength: 100 } },
  { name: 'price', label: texts.price, type: 'money', required: true },
  { name: 'description', label: texts.description, type: 'textarea', attributes: { maxlength: 2000 } },
  { name: 'quantity', label: texts.quantity, type: 'number', hint: texts.quantityHint, attributes: { min: 0 } },
  { name: 'salesStart', label: texts.salesStart, type: 'datetime', timeZone },
  { name: 'salesEnd', label: texts.salesEnd, type: 'datetime', timeZone, hint: texts.endHint },
  { name: 'minPerBooking', label: texts.minPerBooking, type: 'number', required: true, attributes: { min: 1 } },
  { name: 'maxPerBooking', label: texts.maxPerBooking, type: 'number', attributes: { min: 1 } },
];

/** Moves a ticket type among the others. @param {{ event: TabProps['event'], type: TicketType, onMoved: () => Promise<unknown> }} props */
function MoveButtons({ event, type, onMoved }) {
  const order = event.ticketTypes.map(({ id }) => id);
  const place = order.indexOf(type.id);
  const move = useAction(async (/** @type {number} */ by) => {
    const ids = order.filter((id) => id !== type.id);
    ids.splice(place + by, 0, type.id);
    await put(`/api/events/${event.id}/ticket-types`, { ticketTypeIds: ids });
    toast(texts.moved(type.name, place + by + 1));
    await onMoved();
  });
  const arrow = (/** @type {string} */ label, /** @type {string} */ sign, /** @type {number} */ by) =>
    html`<button
      type="button"
      class="small"
      aria-label=${`${label}: ${type.name}`}
      disabled=${move.isBusy || place + by < 0 || place + by >= order.length}
      onClick=${() => move.run(by)}
    >
      ${sign}
    </button>`;
  return html`${arrow(texts.up, '↑', -1)} ${arrow(texts.down, '↓', 1)} <${Problem} error=${move.error} />`;
}

/** @param {string} timeZone */
function useDescriptions(timeZone) {
  const { count, dayAndTime } = useFormat();
  return {
    window: (/** @type {TicketType} */ { salesStart, salesEnd }) =>
      [
        salesStart && texts.from(dayAndTime(salesStart, timeZone)),
        salesEnd ? texts.until(dayAndTime(salesEnd, timeZone)) : texts.untilStart,
      ]
        .filter(Boolean)
        .join(' '),
    perBooking: (/** @type {TicketType} */ { minPerBooking, maxPerBooking }) =>
      maxPerBooking === null
        ? texts.atLeast(count(minPerBooking))
        : texts.between(count(minPerBooking), count(maxPerBooking)),
  };
}

/** The ticket types of an event, in their order. @param {TabProps} props */
export function TicketTypesTab({ event, isOpen, reload }) {
  const { count, money } = useFormat();
  const describe = useDescriptions(event.timezone);
  const limit = (/** @type {number | null} */ value) => (value === null ? texts.unlimited : count(value));
  const columns = [
    { title: texts.name, cell: (/** @type {TicketType} */ { name }) => name },
    {
      title: texts.price,
      isNumber: true,
      cell: (/** @type {TicketType} */ { price }) => money(price, event.currency),
    },
    { title: texts.quantity, isNumber: true, cell: (/** @type {TicketType} */ { quantity }) => limit(quantity) },
    {
      title: texts.left,
      isNumber: true,
      cell: (/** @type {TicketType} */ { quantityAvailable }) => limit(quantityAvailable),
    },
    { title: texts.window, cell: describe.window },
    { title: texts.perBooking, cell: describe.perBooking },
  ];
  return html`<${EntryList}
    own=${texts}
    path=${`/api/events/${event.id}/ticket-types`}
    query=${{ limit: 100 }}
    columns=${columns}
    fields=${listFields(event.timezone)}
    initial=${{ price: event.basePrice, minPerBooking: 1 }}
    getName=${(/** @type {TicketType} */ { name }) => name}
    isOpen=${isOpen}
    isKept=${event.ticketTypes.length === 1}
    actions=${(/** @type {TicketType} */ type, /** @type {() => Promise<void>} */ reloadRows) =>
      html`<${MoveButtons} event=${event} type=${type} onMoved=${() => Promise.all([reloadRows(), reload()])} />`}
    onChange=${reload}
  />`;
}

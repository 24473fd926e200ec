import { useRef, useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-sale.js';
import { createKey, list, post, put, remove } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAction } from '../../../lib/use-load.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Dialog } from '../../../ui/dialog.js';
import { Form } from '../../../ui/form.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

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

/** @param {{ event: TabProps['event'], type?: TicketType, onDone: () => void, onClose: () => void }} props */
function TypeDialog({ event, type, onDone, onClose }) {
  const [idempotencyKey] = useState(createKey);
  const path = `/api/events/${event.id}/ticket-types`;
  const save = async (/** @type {Record<string, any>} */ body, /** @type {Record<string, any>} */ changed) => {
    if (!type) await post(path, withoutEmpty(body), { idempotencyKey });
    else if (Object.keys(changed).length > 0) await put(`${path}/${type.id}`, changed);
    toast(texts.saved(body.name));
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${type?.name ?? texts.add} onClose=${onClose}>
    <${Form}
      fields=${listFields(event.timezone)}
      values=${type ?? { price: event.basePrice, minPerBooking: 1 }}
      submit=${texts.save}
      onSubmit=${save}
      onCancel=${onClose}
    />
  <//>`;
}

/** @param {{ event: TabProps['event'], type: TicketType, order: number[], onEdit: () => void, onRemove: () => void, onMoved: () => Promise<unknown> }} props */
function TypeActions({ event, type, order, onEdit, onRemove, onMoved }) {
  const place = order.indexOf(type.id);
  const move = useAction(async (/** @type {number} */ by) => {
    const ids = order.filter((id) => id !== type.id);
    ids.splice(place + by, 0, type.id);
    await put(`/api/events/${event.id}/ticket-types`, { ticketTypeIds: ids });
    toast(texts.moved(type.name, place + by + 1));
    await onMoved();
  });
  const name = html`<span class="unseen"> ${type.name}</span>`;
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
  return html`${arrow(texts.up, '↑', -1)} ${arrow(texts.down, '↓', 1)}
    <button type="button" class="small" onClick=${onEdit}>${texts.edit}${name}</button>
    ${
      order.length > 1 &&
      html`<button type="button" class="small danger" onClick=${onRemove}>${texts.remove}${name}</button>`
    }
    <${Problem} error=${move.error} />`;
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
  const [version, setVersion] = useState(0);
  const [edited, setEdited] = useState(/** @type {TicketType | 'new' | undefined} */ (undefined));
  const [removed, setRemoved] = useState(/** @type {TicketType | undefined} */ (undefined));
  const order = useRef(/** @type {number[]} */ ([]));
  const renew = () => {
    setVersion(version + 1);
    void reload();
  };
  const load = async (/** @type {string} */ path, /** @type {Record<string, unknown>} */ query) => {
    const page = await list(path, query);
    order.current = page.data.map(({ id }) => id);
    return page;
  };
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
  return html`${
      isOpen &&
      html`<p>
        <button type="button" class="primary" onClick=${() => setEdited('new')}>${texts.add}</button>
      </p>`
    }
    <${DataTable}
      caption=${texts.title}
      path=${`/api/events/${event.id}/ticket-types`}
      query=${{ limit: 100 }}
      load=${load}
      columns=${columns}
      empty=${texts.empty}
      version=${version}
      actions=${
        isOpen &&
        ((/** @type {TicketType} */ type, /** @type {() => Promise<void>} */ reloadRows) =>
          html`<${TypeActions}
            event=${event}
            type=${type}
            order=${order.current}
            onEdit=${() => setEdited(type)}
            onRemove=${() => setRemoved(type)}
            onMoved=${() => Promise.all([reloadRows(), reload()])}
          />`)
      }
    />
    ${
      edited &&
      html`<${TypeDialog}
        event=${event}
        type=${edited === 'new' ? undefined : edited}
        onDone=${renew}
        onClose=${() => setEdited(undefined)}
      />`
    }
    ${
      removed &&
      html`<${ActionDialog}
        title=${texts.removeTitle(removed.name)}
        text=${texts.removeText}
        action=${texts.remove}
        run=${() => remove(`/api/events/${event.id}/ticket-types/${removed.id}`)}
        onDone=${() => {
          toast(texts.removed(removed.name));
          renew();
        }}
        onClose=${() => setRemoved(undefined)}
      />`
    }`;
}

import { texts as areas } from '#texts/desk-sale.js';
import { ApiError, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { listRowNames } from '../../../lib/seat-rows.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { Form } from '../../../ui/form.js';
import { toast } from '../../../ui/toast.js';

const texts = areas.seats;

/** @param {import('#types').EventDetail} event @returns {import('../../../lib/form-values.js').FormFieldType[]} */
const listFields = ({ ticketTypes }) => [
  { name: 'section', label: texts.section, hint: texts.sectionHint, required: true, attributes: { maxlength: 60 } },
  {
    name: 'ticketTypeId',
    label: texts.type,
    type: 'select',
    isId: true,
    options: ticketTypes.map(({ id, name }) => [String(id), name]),
  },
  { name: 'first', label: texts.first, hint: texts.rowsHint, required: true, attributes: { maxlength: 20 } },
  { name: 'last', label: texts.last, attributes: { maxlength: 20 } },
  { name: 'count', label: texts.count, type: 'number', required: true, attributes: { min: 1, max: 500 } },
  { name: 'accessible', label: texts.accessible, type: 'list', hint: texts.accessibleHint },
  { name: 'companion', label: texts.companion, type: 'list', hint: texts.accessibleHint },
];

/** Adds rows of numbered seats to the plan. @param {{ event: import('#types').EventDetail, onAdded: () => Promise<void> }} props */
export function SeatRowsForm({ event, onAdded }) {
  const { count: format } = useFormat();
  const attempt = useAttempt();
  const add = async (
    /** @type {Record<string, any>} */ { section, ticketTypeId, first, last, count, accessible, companion },
  ) => {
    const names = listRowNames(first, last);
    if (!names)
      throw new ApiError(400, {
        code: 'VALIDATION_ERROR',
        message: texts.badRows,
        details: [{ path: 'last', message: texts.badRows }],
      });
    const rows = [{ names, count, accessible, companion }];
    const body = { sections: [{ name: section, ticketTypeId, rows }] };
    const { counts } = await attempt(body, (options) => post(`/api/events/${event.id}/seats`, body, options));
    toast(texts.added(format(counts.free + counts.held + counts.sold + counts.blocked)));
    await onAdded();
  };
  return html`<${Form} fields=${listFields(event)} submit=${texts.addThem} onSubmit=${add} />`;
}

import { useState } from 'preact/hooks';
import { texts as areas } from '#texts/desk-sale.js';
import { createKey, post, put, remove } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { ActionDialog } from '../../../ui/action-dialog.js';
import { DataTable } from '../../../ui/data-table.js';
import { Dialog } from '../../../ui/dialog.js';
import { Form } from '../../../ui/form.js';
import { Tag } from '../../../ui/parts.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').Discount} Discount */
/** @typedef {import('./event-page.js').TabProps} TabProps */

const texts = areas.discounts;

/** @param {string} timeZone @returns {import('../../../lib/form-values.js').FormFieldType[]} */
const listFields = (timeZone) => [
  { name: 'code', label: texts.code, hint: texts.codeHint, required: true, attributes: { maxlength: 50 } },
  { name: 'type', label: texts.type, type: 'select', options: Object.entries(texts.types) },
  { name: 'value', label: texts.value, type: 'money', required: true },
  { name: 'maxUses', label: texts.maxUses, type: 'number', hint: texts.noLimitHint, attributes: { min: 1 } },
  {
    name: 'maxUsesPerUser',
    label: texts.maxUsesPerUser,
    type: 'number',
    hint: texts.noLimitHint,
    attributes: { min: 1 },
  },
  { name: 'startsAt', label: texts.startsAt, type: 'datetime', timeZone },
  { name: 'endsAt', label: texts.endsAt, type: 'datetime', timeZone },
  { name: 'isActive', label: texts.isActive, type: 'checkbox' },
];

/** A percentage is a number, and an amount a decimal string. @param {Record<string, any>} sent @param {Record<string, any>} all */
const toBody = (sent, all) =>
  'value' in sent || 'type' in sent
    ? { ...sent, value: all.type === 'percentage' ? Number(all.value) : all.value }
    : sent;

/** @param {{ event: TabProps['event'], discount?: Discount, onDone: () => void, onClose: () => void }} props */
function DiscountDialog({ event, discount, onDone, onClose }) {
  const [idempotencyKey] = useState(createKey);
  const save = async (/** @type {Record<string, any>} */ all, /** @type {Record<string, any>} */ changed) => {
    if (!discount)
      await post('/api/discounts', { ...withoutEmpty(toBody(all, all)), eventId: event.id }, { idempotencyKey });
    else if (Object.keys(changed).length > 0) await put(`/api/discounts/${discount.id}`, toBody(changed, all));
    toast(texts.saved(all.code));
    onClose();
    onDone();
  };
  return html`<${Dialog} title=${discount?.code ?? texts.add} onClose=${onClose}>
    <${Form}
      fields=${listFields(event.timezone)}
      values=${discount ?? { type: 'percentage', isActive: true }}
      submit=${texts.save}
      onSubmit=${save}
      onCancel=${onClose}
    />
  <//>`;
}

/** @param {string} timeZone */
function useColumns(timeZone) {
  const { count, money, dayAndTime } = useFormat();
  const time = (/** @type {string | null} */ value) => value && dayAndTime(value, timeZone);
  return [
    { title: texts.code, cell: (/** @type {Discount} */ { code }) => code },
    {
      title: texts.value,
      isNumber: true,
      cell: (/** @type {Discount} */ { type, value, currency }) =>
        type === 'percentage' ? texts.percent(count(Number(value))) : money(value, currency ?? 'USD'),
    },
    {
      title: texts.uses,
      isNumber: true,
      cell: (/** @type {Discount} */ { usedCount, maxUses }) =>
        maxUses === null ? count(usedCount) : texts.usesOf(count(usedCount), count(maxUses)),
    },
    {
      title: texts.window,
      cell: (/** @type {Discount} */ { startsAt, endsAt }) =>
        [time(startsAt), time(endsAt)].some(Boolean)
          ? `${time(startsAt) ?? '…'} – ${time(endsAt) ?? '…'}`
          : texts.always,
    },
    {
      title: texts.isActive,
      cell: (/** @type {Discount} */ { isActive }) =>
        html`<${Tag} tone=${isActive ? 'good' : 'calm'}>${isActive ? texts.on : texts.off}<//>`,
    },
  ];
}

/** The discount codes of an event. @param {TabProps} props */
export function DiscountsTab({ event }) {
  const columns = useColumns(event.timezone);
  const [version, setVersion] = useState(0);
  const [edited, setEdited] = useState(/** @type {Discount | 'new' | undefined} */ (undefined));
  const [removed, setRemoved] = useState(/** @type {Discount | undefined} */ (undefined));
  const renew = () => setVersion(version + 1);
  return html`<p>
      <button type="button" class="primary" onClick=${() => setEdited('new')}>${texts.add}</button>
    </p>
    <${DataTable}
      caption=${texts.title}
      path="/api/discounts"
      query=${{ eventId: event.id }}
      columns=${columns}
      filters=${[
        { name: 'search', label: texts.search, type: 'search' },
        { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
      ]}
      empty=${texts.empty}
      version=${version}
      actions=${(/** @type {Discount} */ discount) => {
        const name = html`<span class="unseen"> ${discount.code}</span>`;
        return html`<button type="button" class="small" onClick=${() => setEdited(discount)}>
            ${texts.edit}${name}
          </button>
          <button type="button" class="small danger" onClick=${() => setRemoved(discount)}>
            ${texts.remove}${name}
          </button>`;
      }}
    />
    ${
      edited &&
      html`<${DiscountDialog}
        event=${event}
        discount=${edited === 'new' ? undefined : edited}
        onDone=${renew}
        onClose=${() => setEdited(undefined)}
      />`
    }
    ${
      removed &&
      html`<${ActionDialog}
        title=${texts.removeTitle(removed.code)}
        text=${texts.removeText}
        action=${texts.remove}
        run=${() => remove(`/api/discounts/${removed.id}`)}
        onDone=${() => {
          toast(texts.removed(removed.code));
          renew();
        }}
        onClose=${() => setRemoved(undefined)}
      />`
    }`;
}

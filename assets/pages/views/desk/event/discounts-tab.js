import { texts as areas } from '#texts/desk-sale.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Tag } from '../../../ui/parts.js';
import { EntryList } from '../entries.js';

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

/** @param {TabProps['event']} event */
function useColumns(event) {
  const { count, money, dayAndTime } = useFormat();
  const time = (/** @type {string | null} */ value) => value && dayAndTime(value, event.timezone);
  return [
    { title: texts.code, cell: (/** @type {Discount} */ { code }) => code },
    {
      title: texts.value,
      isNumber: true,
      cell: (/** @type {Discount} */ { type, value, currency }) =>
        type === 'percentage' ? texts.percent(count(Number(value))) : money(value, currency ?? event.currency),
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
  const toBody = (/** @type {Record<string, any>} */ sent, /** @type {Record<string, any>} */ { type, value }) => ({
    ...sent,
    // A percentage is a number, and an amount a decimal string.
    ...(('value' in sent || 'type' in sent) && { value: type === 'percentage' ? Number(value) : value }),
  });
  return html`<${EntryList}
    own=${texts}
    path="/api/discounts"
    query=${{ eventId: event.id }}
    columns=${useColumns(event)}
    filters=${[
      { name: 'search', label: texts.search, type: 'search' },
      { name: 'status', label: texts.status, options: Object.entries(texts.statuses) },
    ]}
    fields=${listFields(event.timezone)}
    initial=${{ type: 'percentage', isActive: true }}
    getName=${(/** @type {Discount} */ { code }) => code}
    fixed=${{ eventId: event.id }}
    toBody=${toBody}
  />`;
}

// The fields of an event in a form, and how the API has them.
import { texts } from '#texts/desk-event.js';

/** @typedef {import('#types').EventDetail} EventDetail */
/** @typedef {import('../../../lib/form-values.js').FormFieldType} FormFieldType */

const { fields: names } = texts;

/** @param {Record<string, any>} values */
const getZone = ({ timezone }) => timezone;

/** @param {Record<string, any>} values */
const isPartly = ({ policy }) => policy === 'partly';

/** @param {string} zone the one of the event, which browsers may call otherwise */
const listZones = (zone) => [...new Set([zone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();

/** @param {{ isNew: boolean, timezone: string }} event @returns {FormFieldType[]} */
export const listFields = ({ isNew, timezone }) => [
  { name: 'title', label: names.title, required: true, attributes: { maxlength: 200 } },
  { name: 'category', label: names.category, attributes: { maxlength: 50 } },
  { name: 'description', label: names.description, type: 'textarea', attributes: { maxlength: 20_000, rows: 6 } },
  { name: 'tags', label: names.tags, type: 'list', hint: names.tagsHint },
  { name: 'venueName', label: names.venueName, attributes: { maxlength: 200 } },
  { name: 'venueAddress', label: names.venueAddress, type: 'textarea', attributes: { maxlength: 500, rows: 3 } },
  {
    name: 'timezone',
    label: names.timezone,
    type: 'select',
    options: listZones(timezone).map((zone) => [zone, zone.replaceAll('_', ' ')]),
  },
  { name: 'startDate', label: names.startDate, type: 'datetime', required: true, timeZone: getZone },
  {
    name: 'endDate',
    label: names.endDate,
    type: 'datetime',
    timeZone: getZone,
    hint: isNew ? names.endHint : undefined,
    required: !isNew,
  },
  { name: 'totalTickets', label: names.totalTickets, type: 'number', hint: names.totalHint, attributes: { min: 0 } },
  { name: 'basePrice', label: names.basePrice, type: 'money', hint: names.priceHint, required: true },
  {
    name: 'currency',
    label: names.currency,
    hint: names.currencyHint,
    required: true,
    attributes: { maxlength: 3, autocapitalize: 'characters' },
  },
  { name: 'taxRate', label: names.taxRate, type: 'number', required: true, attributes: { min: 0, max: 100 } },
  { name: 'taxInclusive', label: names.taxInclusive, type: 'checkbox' },
  { name: 'policy', label: names.policy, type: 'select', options: Object.entries(names.policies) },
  {
    name: 'fullUntilHours',
    label: names.fullUntilHours,
    type: 'number',
    required: true,
    isShown: isPartly,
    attributes: { min: 0 },
  },
  {
    name: 'thenPercent',
    label: names.thenPercent,
    type: 'number',
    required: true,
    isShown: isPartly,
    attributes: { min: 0, max: 100 },
  },
  {
    name: 'cancellationWindowHours',
    label: names.cancellationWindowHours,
    type: 'number',
    hint: names.windowHint,
    attributes: { min: 0 },
  },
  {
    name: 'maxPerUser',
    label: names.maxPerUser,
    type: 'number',
    hint: names.noLimitHint,
    attributes: { min: 1 },
  },
  { name: 'allowMultipleBookings', label: names.allowMultipleBookings, type: 'checkbox' },
  { name: 'sendTicketsToAttendees', label: names.sendTicketsToAttendees, type: 'checkbox' },
];

/** @param {EventDetail} event */
export const toValues = ({ refundPolicy, ...event }) => ({
  ...event,
  ...refundPolicy,
  policy: refundPolicy ? 'partly' : 'full',
});

const POLICY_FIELDS = ['policy', 'fullUntilHours', 'thenPercent'];

/**
 * Returns what the API gets.
 * @param {Record<string, any>} sent values to send
 * @param {Record<string, any>} all values of the form
 */
export function toBody(sent, all) {
  const body = Object.fromEntries(Object.entries(sent).filter(([name]) => !POLICY_FIELDS.includes(name)));
  if (POLICY_FIELDS.some((name) => name in sent)) {
    const { policy, fullUntilHours, thenPercent } = all;
    body.refundPolicy = policy === 'partly' ? { fullUntilHours, thenPercent } : null;
  }
  // The same time of day in another zone is another moment.
  if ('timezone' in body) Object.assign(body, { startDate: all.startDate, endDate: all.endDate });
  if (body.endDate === null) delete body.endDate;
  return body;
}

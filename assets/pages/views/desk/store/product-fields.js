// What the form of a product asks, and what the API gets of it.
import { texts } from '#texts/desk-store.js';
import { get, list, upload } from '../../../lib/api.js';
import { withoutEmpty } from '../../../lib/form-values.js';

/** @typedef {import('#types').Product} Product */
/** @typedef {import('../../../lib/form-values.js').FormFieldType} Field */

const { products: own } = texts;
const POLICY = 'licensePolicy.';

/**
 * What products can be connected with.
 * @typedef {object} Choices
 * @property {{ id: number, name: string }[]} categories
 * @property {{ id: number, title: string }[]} events
 * @property {string[]} currencies
 * @property {string | undefined} filename of the present download
 */

/** @param {Product | undefined} product @param {import('../../../lib/use-session.js').Session} session @returns {Promise<Choices>} */
export async function loadChoices(product, { user }) {
  const isOwn = !product || product.organizerId === user.id;
  const limit = 100;
  const [categories, events, { currencies }, file] = await Promise.all([
    get('/api/categories'),
    isOwn
      ? list('/api/events', { mine: true, limit })
      : list('/api/admin/events', { organizerId: product.organizerId, limit }),
    get('/api/config'),
    product?.fileId ? get(`/api/files/${product.fileId}`).catch(() => undefined) : undefined,
  ]);
  return { categories, events: events.data, currencies, filename: file?.originalName };
}

/** A number of at least one. @param {string} name @param {string} label @param {string} hint @returns {Field} */
const whole = (name, label, hint) => ({ name, label, type: 'number', hint, attributes: { min: 1, step: 1 } });

/** @type {Field[]} */
const LICENSE_FIELDS = [
  whole(`${POLICY}durationDays`, own.duration, own.durationHint),
  whole(`${POLICY}maxActivations`, own.maxActivations, own.maxActivationsHint),
  whole(`${POLICY}offlineDays`, own.offlineDays, own.offlineDaysHint),
  { name: `${POLICY}entitlements`, label: own.entitlements, type: 'list', hint: own.entitlementsHint },
];

/** @param {Choices} choices @param {Product | undefined} product @returns {Field[]} */
export function getProductFields({ categories, events, currencies, filename }, product) {
  /** @type {(type: string) => (values: Record<string, any>) => boolean} */
  const isOf = (wanted) => (values) => (product ?? values).productType === wanted;
  /** @type {Field[]} */
  const type = [{ name: 'productType', label: own.type, type: 'select', options: Object.entries(own.types) }];
  /** @type {Field[]} */
  const stock = [
    { name: 'stock', label: own.stock, type: 'number', hint: own.stockHint, attributes: { min: 0, step: 1 } },
  ];
  const statuses = Object.entries(own.statuses).filter(([status]) => product || status !== 'archived');
  return [
    { name: 'name', label: texts.name, required: true, attributes: { maxlength: 200 } },
    ...(product ? [] : type),
    {
      name: 'status',
      label: own.status,
      type: 'select',
      options: product ? statuses : statuses.reverse(),
    },
    { name: 'price', label: own.price, type: 'money', required: true },
    { name: 'currency', label: own.currency, type: 'select', options: currencies.map((code) => [code, code]) },
    ...(product ? [] : stock),
    whole('maxPerOrder', own.maxPerOrder, own.maxPerOrderHint),
    {
      name: 'weightGrams',
      label: own.weight,
      type: 'number',
      isShown: isOf('physical'),
      attributes: { min: 0, step: 1 },
    },
    {
      name: 'fileId',
      label: own.file,
      type: 'file',
      hint: filename ? own.currentFile(filename) : own.fileHint,
      isShown: isOf('digital'),
      attributes: { accept: 'image/jpeg,image/png,image/webp,application/pdf,text/plain' },
    },
    ...LICENSE_FIELDS.map((field) => ({ ...field, isShown: isOf('license') })),
    {
      name: 'creditAmount',
      label: own.creditAmount,
      type: 'money',
      hint: own.creditAmountHint,
      isShown: isOf('credit'),
    },
    { name: 'taxRate', label: own.taxRate, type: 'number', hint: own.taxRateHint, attributes: { min: 0, max: 100 } },
    { name: 'taxInclusive', label: own.taxInclusive, type: 'checkbox' },
    {
      name: 'categoryId',
      label: own.category,
      type: 'select',
      isId: true,
      options: [['', own.noCategory], ...toOptions(categories, 'name')],
    },
    {
      name: 'eventId',
      label: own.event,
      type: 'select',
      isId: true,
      options: [['', own.noEvent], ...toOptions(events, 'title')],
    },
    { name: 'sku', label: own.sku, hint: own.skuHint, attributes: { maxlength: 64 } },
    { name: 'slug', label: own.slug, hint: own.slugHint, attributes: { maxlength: 200 } },
    { name: 'description', label: own.description, type: 'textarea', attributes: { maxlength: 20000, rows: 6 } },
  ];
}

/** @param {any[]} things @param {string} name @returns {[string, string][]} */
const toOptions = (things, name) => things.map((thing) => [String(thing.id), thing[name]]);

/** What the form shows of a product. @param {Product} product */
export function toValues({ licensePolicy, ...product }) {
  return {
    ...product,
    ...Object.fromEntries(Object.entries(licensePolicy ?? {}).map(([name, value]) => [POLICY + name, value])),
  };
}

export const NEW_PRODUCT = { productType: 'physical', status: 'active', currency: 'EUR', taxInclusive: true };

/** @param {Record<string, any>} body all values of the form @param {boolean} isChanged */
function toPolicy(body, isChanged) {
  const entries = Object.entries(body).filter(([name]) => name.startsWith(POLICY));
  if (entries.length === 0 || !isChanged) return {};
  const { offlineDays, ...policy } = Object.fromEntries(
    entries.map(([name, value]) => [name.slice(POLICY.length), value]),
  );
  return { licensePolicy: { ...policy, ...withoutEmpty({ offlineDays }) } };
}

/**
 * Returns the request of what was filled in; uploads the chosen file first.
 * @param {Record<string, any>} body all values of the form
 * @param {Record<string, any>} changed those that are sent
 */
export async function toRequest(body, changed) {
  const sent = Object.entries(changed).filter(([name]) => !name.startsWith(POLICY) && name !== 'fileId');
  const isPolicyChanged = Object.keys(changed).some((name) => name.startsWith(POLICY));
  const file = changed.fileId ? { fileId: (await upload(changed.fileId)).id } : {};
  return { ...Object.fromEntries(sent), ...toPolicy(body, isPolicyChanged), ...file };
}

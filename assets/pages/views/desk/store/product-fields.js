// What the form of a product asks, and what the API gets of it.
import { texts } from '#texts/desk-store.js';
import { createKey, get, list, post } from '../../../lib/api.js';
import { toFormData, withoutEmpty } from '../../../lib/form-values.js';

/** @typedef {import('#types').Product} Product */
/** @typedef {import('../../../lib/form-values.js').FormFieldType} Field */

const { products: own } = texts;
const POLICY = 'licensePolicy.';
const IDS = ['categoryId', 'eventId'];

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
    {
      name: 'maxPerOrder',
      label: own.maxPerOrder,
      type: 'number',
      hint: own.maxPerOrderHint,
      attributes: { min: 1, step: 1 },
    },
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
    {
      name: `${POLICY}durationDays`,
      label: own.duration,
      type: 'number',
      hint: own.durationHint,
      isShown: isOf('license'),
      attributes: { min: 1, step: 1 },
    },
    {
      name: `${POLICY}maxActivations`,
      label: own.maxActivations,
      type: 'number',
      hint: own.maxActivationsHint,
      isShown: isOf('license'),
      attributes: { min: 1, step: 1 },
    },
    {
      name: `${POLICY}offlineDays`,
      label: own.offlineDays,
      type: 'number',
      hint: own.offlineDaysHint,
      isShown: isOf('license'),
      attributes: { min: 1, step: 1 },
    },
    {
      name: `${POLICY}entitlements`,
      label: own.entitlements,
      hint: own.entitlementsHint,
      isShown: isOf('license'),
    },
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
      options: [['', own.noCategory], ...toOptions(categories, 'name')],
    },
    {
      name: 'eventId',
      label: own.event,
      type: 'select',
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
  const policy = Object.entries({ ...licensePolicy, entitlements: licensePolicy?.entitlements.join(', ') });
  return { ...product, ...Object.fromEntries(policy.map(([name, value]) => [POLICY + name, value])) };
}

export const NEW_PRODUCT = { productType: 'physical', status: 'active', currency: 'EUR', taxInclusive: true };

/** @param {File} file */
const upload = (file) => post('/api/files', toFormData({ file }), { idempotencyKey: createKey() });

/** @param {Record<string, any>} body all values of the form @param {boolean} isChanged */
function toPolicy(body, isChanged) {
  const entries = Object.entries(body).filter(([name]) => name.startsWith(POLICY));
  if (entries.length === 0 || !isChanged) return {};
  const { offlineDays, entitlements, ...counts } = Object.fromEntries(
    entries.map(([name, value]) => [name.slice(POLICY.length), value]),
  );
  const words = (entitlements ?? '').split(',').map((/** @type {string} */ word) => word.trim());
  return {
    licensePolicy: { ...counts, ...withoutEmpty({ offlineDays }), entitlements: words.filter(Boolean) },
  };
}

/**
 * Returns the request of what was filled in; uploads the chosen file first.
 * @param {Record<string, any>} body all values of the form
 * @param {Record<string, any>} changed those that are sent
 */
export async function toRequest(body, changed) {
  const sent = Object.entries(changed).filter(([name]) => !name.startsWith(POLICY) && name !== 'fileId');
  const values = sent.map(([name, value]) => [name, IDS.includes(name) && value !== null ? Number(value) : value]);
  const isPolicyChanged = Object.keys(changed).some((name) => name.startsWith(POLICY));
  const file = changed.fileId ? { fileId: (await upload(changed.fileId)).id } : {};
  return { ...Object.fromEntries(values), ...toPolicy(body, isPolicyChanged), ...file };
}

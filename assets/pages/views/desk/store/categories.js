import { texts } from '#texts/desk-store.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { Entries, loadAll } from '../entries.js';

/** @typedef {import('#types').Category} Category */

const { categories: own, products } = texts;

/** Returns how far below the top a category is. @param {Category[]} all @param {Category} category @returns {number} */
function getDepth(all, { parentId }) {
  const parent = all.find(({ id }) => id === parentId);
  return parent ? getDepth(all, parent) + 1 : 0;
}

/** The categories of the shop, as a tree. */
export function Categories() {
  const { count } = useFormat();
  const loaded = useLoad(() => get('/api/categories').catch(() => []), []);
  /** @type {Category[]} */
  const all = loaded.data ?? [];
  const indent = (/** @type {Category} */ category) => '– '.repeat(getDepth(all, category));
  const columns = [
    { title: texts.name, cell: (/** @type {Category} */ category) => `${indent(category)}${category.name}` },
    { title: products.slug, cell: (/** @type {Category} */ { slug }) => html`<code>${slug}</code>` },
    {
      title: own.products,
      isNumber: true,
      cell: (/** @type {Category} */ { productsCount }) => count(productsCount),
    },
  ];
  /** @param {Category | undefined} entry @returns {import('../../../lib/form-values.js').FormFieldType[]} */
  const getFields = (entry) => [
    { name: 'name', label: texts.name, required: true, attributes: { maxlength: 100 } },
    {
      name: 'parentId',
      label: own.parent,
      type: 'select',
      isId: true,
      options: [
        ['', own.top],
        ...all
          .filter(({ id }) => id !== entry?.id)
          .map(
            (category) =>
              /** @type {[string, string]} */ ([String(category.id), `${indent(category)}${category.name}`]),
          ),
      ],
    },
    { name: 'position', label: own.position, type: 'number', hint: own.positionHint, attributes: { min: 0, step: 1 } },
    { name: 'slug', label: products.slug, hint: products.slugHint, attributes: { maxlength: 100 } },
    { name: 'description', label: products.description, type: 'textarea', attributes: { maxlength: 5000 } },
  ];
  return html`<${Entries}
    own=${own}
    path="/api/categories"
    columns=${columns}
    fields=${getFields}
    getName=${(/** @type {Category} */ { name }) => name}
    load=${loadAll}
    onChange=${loaded.reload}
  />`;
}

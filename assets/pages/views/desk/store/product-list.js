import { texts } from '#texts/desk-store.js';
import { get } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useLoad } from '../../../lib/use-load.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';
import { STATUS_TONES } from './product-status.js';

/** @typedef {import('#types').Product} Product */

const { products: own } = texts;

/** @param {{ category: { id: number, name: string, slug: string, parentId: number | null }[] | undefined }} props */
const getFilters = ({ category = [] }) => [
  { name: 'search', label: own.search, type: 'search' },
  { name: 'productType', label: own.type, options: Object.entries(own.types) },
  { name: 'status', label: own.status, options: Object.entries(own.statuses) },
  { name: 'category', label: own.category, options: category.map(({ slug, name }) => [slug, name]) },
  { name: 'available', label: own.available, options: Object.entries(own.availableOptions) },
];

/** The products of an organizer, or of everybody for admins. @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function ProductList({ session }) {
  const { money, count, moment } = useFormat();
  const isAdmin = session.user.role === 'admin';
  // The table works without the names of the categories.
  const categories = useLoad(() => get('/api/categories').catch(() => []), []);
  const columns = [
    { title: texts.name, sort: 'name', cell: (/** @type {Product} */ { name }) => name },
    { title: own.type, cell: (/** @type {Product} */ { productType }) => own.types[productType] },
    {
      title: own.status,
      cell: (/** @type {Product} */ { status }) =>
        html`<${Tag} tone=${STATUS_TONES[status]}>${own.statuses[status]}<//>`,
    },
    {
      title: own.price,
      sort: 'price',
      isNumber: true,
      cell: (/** @type {Product} */ { price, currency }) => money(price, currency),
    },
    {
      title: own.left,
      isNumber: true,
      cell: (/** @type {Product} */ { availableStock }) =>
        availableStock === null ? texts.unlimited : count(availableStock),
    },
    {
      title: own.views,
      sort: 'popularity',
      isNumber: true,
      cell: (/** @type {Product} */ { viewsCount }) => count(viewsCount),
    },
    { title: texts.created, sort: 'createdAt', cell: (/** @type {Product} */ { createdAt }) => moment(createdAt) },
  ];
  return html`<${DeskHead} title=${own.title}>
      <a class="button primary" href="/admin/products/new">${own.new}</a>
    <//>
    <${DataTable}
      caption=${own.title}
      path=${isAdmin ? '/api/admin/products' : '/api/products'}
      query=${isAdmin ? {} : { mine: true }}
      columns=${columns}
      filters=${getFilters({ category: categories.data })}
      href=${(/** @type {Product} */ { id }) => `/admin/products/${id}`}
      empty=${own.empty}
    />`;
}

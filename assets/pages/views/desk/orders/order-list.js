import { texts } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { DataTable } from '../../../ui/data-table.js';
import { DeskHead } from '../desk-head.js';
import { useOrderColumns } from './order-columns.js';
import { getOrdersPath } from './order-status.js';

const { orders: own } = texts;

/** @param {boolean} isAdmin @returns {import('../../../ui/filters.js').Filter[]} */
const getFilters = (isAdmin) => [
  { name: 'search', label: isAdmin ? own.exactSearch : own.search, type: 'search' },
  { name: 'status', label: own.status, options: Object.entries(own.statuses) },
  { name: 'fulfillmentStatus', label: own.sent, options: Object.entries(own.fulfillment) },
];

/** The orders of what an organizer sells, or of everybody for admins. @param {{ session: import('../../../lib/use-session.js').Session }} props */
export function OrderList({ session }) {
  return html`<${DeskHead} title=${own.title} />
    <${DataTable}
      caption=${own.title}
      path=${getOrdersPath(session)}
      columns=${useOrderColumns()}
      filters=${getFilters(session.user.role === 'admin')}
      href=${(/** @type {{ id: number }} */ { id }) => `/admin/orders/${id}`}
      empty=${own.empty}
    />`;
}

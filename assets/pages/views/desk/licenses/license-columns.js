import { texts } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Tag } from '../../../ui/parts.js';

/** @typedef {import('#types').AdminLicense} License */

const { licenses: own } = texts;

/** @type {Record<License['status'], 'good' | 'warn' | 'bad' | 'calm'>} */
const TONES = { active: 'good', suspended: 'warn', revoked: 'bad', expired: 'calm' };

/** The columns of lists of licenses. @param {{ isOfOne?: boolean }} [options] whether all are of the same owner */
export function useLicenseColumns({ isOfOne = false } = {}) {
  const { count, moment } = useFormat();
  return [
    { title: own.product, cell: (/** @type {License} */ { product }) => product.name },
    {
      title: own.status,
      cell: (/** @type {License} */ { status }) => html`<${Tag} tone=${TONES[status]}>${own.statuses[status]}<//>`,
    },
    ...(isOfOne ? [] : [{ title: own.owner, cell: (/** @type {License} */ { userId }) => own.account(userId) }]),
    {
      title: own.order,
      cell: (/** @type {License} */ { orderId }) =>
        orderId === null
          ? own.given
          : html`<a href=${`/admin/orders/${orderId}`}>${texts.orders.order(String(orderId))}</a>`,
    },
    {
      title: own.devices,
      isNumber: true,
      cell: (/** @type {License} */ { activationsCount, maxActivations }) =>
        own.deviceCount(count(activationsCount), maxActivations === null ? texts.unlimited : count(maxActivations)),
    },
    {
      title: own.expires,
      cell: (/** @type {License} */ { expiresAt }) => (expiresAt === null ? own.never : moment(expiresAt)),
    },
  ];
}

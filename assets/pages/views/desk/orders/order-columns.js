import { texts } from '#texts/desk-store.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { Tag } from '../../../ui/parts.js';
import { FULFILLMENT_TONES, STATUS_TONES } from './order-status.js';

/** @typedef {import('#types').AdminOrder} AdminOrder */

const { orders: own } = texts;

/** The columns of lists of orders. @param {{ isOfOne?: boolean }} [options] whether all are of the same customer */
export function useOrderColumns({ isOfOne = false } = {}) {
  const { money, moment } = useFormat();
  return [
    { title: own.number, cell: (/** @type {AdminOrder} */ { orderNumber }) => orderNumber },
    ...(isOfOne
      ? []
      : [{ title: own.customer, cell: (/** @type {AdminOrder} */ { customer }) => customer.name || customer.email }]),
    {
      title: own.status,
      cell: (/** @type {AdminOrder} */ { status }) =>
        html`<${Tag} tone=${STATUS_TONES[status]}>${own.statuses[status]}<//>`,
    },
    {
      title: own.sent,
      cell: (/** @type {AdminOrder} */ { fulfillmentStatus: sent }) =>
        sent === 'none' ? null : html`<${Tag} tone=${FULFILLMENT_TONES[sent]}>${own.fulfillment[sent]}<//>`,
    },
    {
      title: own.total,
      isNumber: true,
      cell: (/** @type {AdminOrder} */ { total, currency }) => money(total, currency),
    },
    { title: own.when, cell: (/** @type {AdminOrder} */ { createdAt }) => moment(createdAt) },
  ];
}

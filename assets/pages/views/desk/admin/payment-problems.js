import { texts } from '#texts/desk-admin.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { isZero } from '../../../lib/money.js';
import { DataTable } from '../../../ui/data-table.js';
import { Tag } from '../../../ui/parts.js';
import { DeskHead } from '../desk-head.js';

/** @typedef {import('#types').PaymentProblem} Problem */

/** What is wrong with a payment, in words. @param {{ problem: Problem }} props */
function Problems({ problem: { isDisputed, discrepancy, failedRefunds, currency } }) {
  const { money } = useFormat();
  return html`${isDisputed && html`<${Tag} tone="bad">${texts.problemKinds.disputed}<//> `}
  ${!isZero(failedRefunds) && html`<${Tag} tone="bad">${texts.refundFailed(money(failedRefunds, currency))}<//> `}
  ${discrepancy}`;
}

/** Payments that somebody must look at: disputes, discrepancies of the ledger, and refunds that failed. */
export function PaymentProblems() {
  const { money, moment } = useFormat();
  const columns = [
    { title: texts.order, cell: (/** @type {Problem} */ { orderNumber }) => orderNumber },
    { title: texts.customer, cell: (/** @type {Problem} */ { customer }) => customer.email },
    { title: texts.problem, cell: (/** @type {Problem} */ problem) => html`<${Problems} problem=${problem} />` },
    { title: texts.provider, cell: (/** @type {Problem} */ { provider }) => provider },
    {
      title: texts.captured,
      isNumber: true,
      cell: (/** @type {Problem} */ { captured, currency }) => money(captured, currency),
    },
    {
      title: texts.refunded,
      isNumber: true,
      cell: (/** @type {Problem} */ { refunded, currency }) => money(refunded, currency),
    },
    { title: texts.createdAt, cell: (/** @type {Problem} */ { createdAt }) => moment(createdAt) },
  ];
  return html`<${DeskHead} title=${texts.paymentProblems} hint=${texts.paymentProblemsHint} />
    <${DataTable}
      caption=${texts.paymentProblems}
      path="/api/admin/payments/problems"
      columns=${columns}
      filters=${[{ name: 'kind', label: texts.problem, options: Object.entries(texts.problemKinds) }]}
      href=${(/** @type {Problem} */ { orderId }) => `/admin/orders/${orderId}`}
      empty=${texts.noProblems}
    />`;
}

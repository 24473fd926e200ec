import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { Notice } from '../../ui/parts.js';

/** What was withdrawn so far: when it was received, and what is refunded. @param {{ withdrawable: import('#types').WithdrawableOrder, nameOf: (itemId: number) => string }} props */
export function Receipts({ withdrawable: { withdrawals }, nameOf }) {
  const { withdrawal: texts } = useTexts();
  const { money, moment } = useFormat();
  return withdrawals.map(
    ({ id, receivedAt, refundAmount, currency, items }) =>
      html`<${Notice} tone="good" role="status" key=${id}>
        <p><strong>${texts.received(moment(receivedAt))}</strong></p>
        <ul class="files">
          ${items.map(
            ({ itemId, quantity, amount }) =>
              html`<li key=${itemId}>
                ${quantity} × ${nameOf(itemId) || texts.shipping}: ${money(amount, currency)}
              </li>`,
          )}
        </ul>
        <p>${texts.refund(money(refundAmount, currency))}</p>
      <//>`,
  );
}

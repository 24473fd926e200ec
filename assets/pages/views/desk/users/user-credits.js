import { texts } from '#texts/desk-users.js';
import { get, post } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useLoad } from '../../../lib/use-load.js';
import { Figure, Figures } from '../../../ui/figures.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { Loaded } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';

/** @typedef {import('#types').CreditBalance} Balance */

const FIELDS = [
  { name: 'amount', label: texts.amount, type: 'money', required: true, hint: texts.amountHint },
  { name: 'currency', label: texts.currency, required: true, attributes: { maxlength: 3, minlength: 3 } },
  { name: 'reason', label: texts.reason, required: true, attributes: { maxlength: 500 } },
  { name: 'expiresAt', label: texts.expiresAt, type: 'datetime', hint: texts.neverHint },
];

/** What a user can spend, and giving them more or taking it back. @param {{ userId: string }} props */
export function UserCredits({ userId }) {
  const { money } = useFormat();
  const path = `/api/admin/users/${userId}/credits`;
  const loaded = useLoad(() => get(path), [path]);
  const attempt = useAttempt();
  const grant = async (/** @type {any} */ body) => {
    await attempt(body, (options) => post(path, body, options));
    toast(texts.granted);
    await loaded.reload();
  };
  return html`<${Loaded} from=${loaded} empty=${texts.noCredits}>
      ${(/** @type {Balance[]} */ balances) =>
        html`<${Figures}>
          ${balances.map(
            ({ currency, balance, held }) =>
              html`<${Figure}
                key=${currency}
                title=${currency}
                value=${money(balance, currency)}
                hint=${texts.heldCredits(money(held, currency))}
              />`,
          )}
        <//>`}
    <//>
    <${Card} title=${texts.grant}>
      <${Form} fields=${FIELDS} submit=${texts.grant} onSubmit=${grant} />
    <//>`;
}

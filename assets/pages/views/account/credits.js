import { useState } from 'preact/hooks';
import { get } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { isZero } from '../../lib/money.js';
import { useLoad } from '../../lib/use-load.js';
import { Select } from '../../ui/field.js';
import { Table } from '../../ui/parts.js';
import { Loaded } from '../../ui/states.js';
import { BuyCredits } from './buy-credits.js';
import { Paged } from './paged.js';

/** @param {{ balance: import('#types').CreditBalance }} props */
function Balance({ balance: { currency, balance, held, expiring } }) {
  const { purchases: texts } = useTexts();
  const { money, moment } = useFormat();
  return html`<li class="card">
    <p class="muted">${texts.balance(currency)}</p>
    <p class="balance">${money(balance, currency)}</p>
    ${!isZero(held) && html`<p>${texts.held(money(held, currency))}</p>`}
    ${expiring.map(
      ({ amount, expiresAt }) =>
        html`<p class="muted" key=${expiresAt}>${texts.expiring(money(amount, currency), moment(expiresAt))}</p>`,
    )}
  </li>`;
}

/** @param {{ entry: import('#types').CreditEntry }} props */
function Entry({ entry: { id, kind, amount, currency, orderId, reason, expiresAt, createdAt } }) {
  const { purchases: texts } = useTexts();
  const { money, moment } = useFormat();
  return html`<tr key=${id}>
    <td>${moment(createdAt)}</td>
    <td>${texts.entryKinds[/** @type {keyof typeof texts.entryKinds} */ (kind)]}</td>
    <td class="number">${money(amount, currency)}</td>
    <td>
      ${orderId && html`<a href=${`/orders/${orderId}`}>${texts.order}</a>`} ${reason}
      ${expiresAt && html`<span class="muted"> ${texts.expires(moment(expiresAt))}</span>`}
    </td>
  </tr>`;
}

/** @param {{ currencies: string[] }} props */
function Entries({ currencies }) {
  const { purchases: texts } = useTexts();
  const [kind, setKind] = useState('');
  const [currency, setCurrency] = useState('');
  const kinds = /** @type {[string, string][]} */ (Object.entries(texts.entryKinds));
  const names = currencies.map((code) => /** @type {[string, string]} */ ([code, code]));
  return html`<div class="part">
    <h3>${texts.entries}</h3>
    <div class="in-line">
      <${Select}
        label=${texts.entryKind}
        name="kind"
        value=${kind}
        options=${[['', texts.allKinds], ...kinds]}
        onChange=${(/** @type {any} */ event) => setKind(event.target.value)}
      />
      ${
        names.length > 1 &&
        html`<${Select}
          label=${texts.currency}
          name="currency"
          value=${currency}
          options=${[['', texts.allCurrencies], ...names]}
          onChange=${(/** @type {any} */ event) => setCurrency(event.target.value)}
        />`
      }
    </div>
    <${Paged}
      key=${`${kind} ${currency}`}
      path="/api/credits/entries"
      query=${{ kind, currency }}
      empty=${texts.noEntries}
    >
      ${(/** @type {any[]} */ entries) =>
        html`<${Table} caption=${texts.entries} head=${[texts.date, texts.entryKind, texts.amount, texts.about]}>
          ${entries.map((entry) => html`<${Entry} key=${entry.id} entry=${entry} />`)}
        <//>`}
    <//>
  </div>`;
}

/** The user's credits: what there is, what has changed it, and buying more. */
export function Credits() {
  const { purchases: texts } = useTexts();
  const loaded = useLoad(async () => {
    const [balances, config] = await Promise.all([get('/api/credits'), get('/api/config')]);
    return { balances, config };
  }, []);
  return html`<${Loaded} from=${loaded}>
    ${(/** @type {any} */ { balances, config }) =>
      html`<p class="muted">${texts.creditsText}</p>
        ${
          balances.length === 0
            ? html`<p>${texts.noCredits}</p>`
            : html`<ul class="rows columns">
                ${balances.map((/** @type {any} */ each) => html`<${Balance} key=${each.currency} balance=${each} />`)}
              </ul>`
        }
        <${BuyCredits} config=${config} currency=${balances[0]?.currency} />
        <${Entries} currencies=${balances.map((/** @type {any} */ { currency }) => currency)} />`}
  <//>`;
}

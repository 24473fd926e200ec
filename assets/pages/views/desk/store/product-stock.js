import { useState } from 'preact/hooks';
import { texts } from '#texts/desk-store.js';
import { post, put } from '../../../lib/api.js';
import { html } from '../../../lib/html.js';
import { useFormat } from '../../../lib/locale.js';
import { useAttempt } from '../../../lib/use-attempt.js';
import { useAction } from '../../../lib/use-load.js';
import { DataTable } from '../../../ui/data-table.js';
import { Figure, Figures } from '../../../ui/figures.js';
import { Form } from '../../../ui/form.js';
import { Card } from '../../../ui/parts.js';
import { Problem } from '../../../ui/states.js';
import { toast } from '../../../ui/toast.js';
import { getName } from '../get-name.js';

/** @typedef {import('#types').StockMovement} Movement */

const { stock: own } = texts;

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const MOVE_FIELDS = [
  { name: 'delta', label: own.delta, type: 'number', hint: own.deltaHint, required: true, attributes: { step: 1 } },
  { name: 'reason', label: own.reason, required: true, attributes: { maxlength: 200 } },
];

/** @type {import('../../../lib/form-values.js').FormFieldType[]} */
const LIMIT_FIELDS = [
  {
    name: 'stock',
    label: own.total,
    type: 'number',
    hint: own.limitHint,
    required: true,
    attributes: { min: 0, step: 1 },
  },
];

/** @param {{ user: Movement['user'] }} movement */
const getMover = ({ user }) => (user ? getName(user, `#${user.id}`) : own.program);

/** How much there is of a product, and who changed it and why. @param {import('./product-page.js').PartProps} props */
export function ProductStock({ product, etag, reload }) {
  const { count, moment } = useFormat();
  const [version, setVersion] = useState(0);
  const attempt = useAttempt();
  const { id, stock, availableStock } = product;
  const finish = async () => {
    await reload();
    setVersion((before) => before + 1);
    toast(own.moved);
  };
  const setStock = async (/** @type {number | null} */ next) => {
    await put(`/api/products/${id}`, { stock: next }, { ifMatch: etag });
    await finish();
  };
  const lift = useAction(() => setStock(null));
  const move = async (/** @type {Record<string, any>} */ body) => {
    await attempt(body, (options) => post(`/api/products/${id}/stock`, body, options));
    await finish();
  };
  const columns = [
    { title: own.when, cell: (/** @type {Movement} */ { createdAt }) => moment(createdAt) },
    {
      title: own.delta,
      isNumber: true,
      cell: (/** @type {Movement} */ { delta }) => (delta > 0 ? `+${delta}` : delta),
    },
    {
      title: own.after,
      isNumber: true,
      cell: (/** @type {Movement} */ movement) => (movement.stock === null ? texts.unlimited : count(movement.stock)),
    },
    { title: own.reason, cell: (/** @type {Movement} */ { reason }) => reason },
    { title: own.by, cell: getMover },
  ];
  return html`${
      stock === null || availableStock === null
        ? html`<${Card} title=${own.limit}>
            <p>${own.unlimited}</p>
            <${Form}
              fields=${LIMIT_FIELDS}
              submit=${own.limit}
              onSubmit=${(/** @type {Record<string, any>} */ body) => setStock(body.stock)}
              onReload=${reload}
            />
          <//>`
        : html`<${Figures}>
              <${Figure} title=${own.total} value=${count(stock)} hint=${own.totalHint} />
              <${Figure}
                title=${own.left}
                value=${count(availableStock)}
                tone=${availableStock === 0 ? 'bad' : undefined}
              />
              <${Figure} title=${own.taken} value=${count(stock - availableStock)} />
            <//>
            <${Card} title=${own.move}>
              <${Form} key=${version} fields=${MOVE_FIELDS} submit=${own.move} onSubmit=${move} />
              <button type="button" class="link" disabled=${lift.isBusy} onClick=${lift.run}>${own.lift}</button>
              <${Problem} error=${lift.error} />
            <//>`
    }
    <h2>${own.movements}</h2>
    <${DataTable}
      caption=${own.movements}
      path=${`/api/products/${id}/stock-movements`}
      columns=${columns}
      empty=${own.noMovements}
      version=${version}
    />`;
}

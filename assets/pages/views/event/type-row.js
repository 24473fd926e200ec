import { html } from '../../lib/html.js';
import { useFormat, useTexts } from '../../lib/locale.js';
import { isZero } from '../../lib/money.js';
import { Stepper } from '../../ui/field.js';
import { Tag } from '../../ui/parts.js';

const FEW_LEFT = 20;

/** When the sale of a type begins or ended; undefined while it is on. @param {any} type */
function getSaleState({ salesStart, salesEnd }) {
  if (salesStart && Date.parse(salesStart) > Date.now()) return 'later';
  return salesEnd && Date.parse(salesEnd) < Date.now() ? 'ended' : undefined;
}

/** @param {{ type: import('#types').TicketType }} props */
function Stock({ type }) {
  const { event: texts } = useTexts();
  const { count, moment } = useFormat();
  const state = getSaleState(type);
  if (state === 'later') return html`<${Tag}>${texts.saleFrom(moment(type.salesStart))}<//>`;
  if (state === 'ended') return html`<${Tag}>${texts.saleEnded}<//>`;
  if (type.quantityAvailable === 0) return html`<${Tag} tone="bad">${texts.soldOut}<//>`;
  if (type.quantityAvailable === null) return null;
  const tone = type.quantityAvailable <= FEW_LEFT ? 'warn' : 'calm';
  return html`<${Tag} tone=${tone}>${texts.left(count(type.quantityAvailable))}<//>`;
}

/** A ticket type with its price and how many of it are chosen. @param {{ type: import('#types').TicketType, currency: string, limits: { min: number, max: number }, count: number, onChange: (count: number) => void }} props */
export function TypeRow({ type, currency, limits: { min, max }, count, onChange }) {
  const { event: texts } = useTexts();
  const { money } = useFormat();
  // Below the minimum there is nothing but none.
  const change = (/** @type {number} */ next) => onChange(next > 0 && next < min ? (next > count ? min : 0) : next);
  return html`<li class="type">
    <div>
      <h3>${type.name}</h3>
      ${type.description && html`<p class="muted fine">${type.description}</p>`}
      <p class="row">
        <span class="price">${isZero(type.price) ? texts.free : money(type.price, currency)}</span>
        <${Stock} type=${type} />
      </p>
      ${min > 1 && html`<p class="muted fine">${texts.atLeast(min)}</p>`}
    </div>
    <${Stepper} label=${type.name} value=${count} max=${max} onChange=${change} texts=${texts} />
  </li>`;
}

import { html } from '../../lib/html.js';
import { useTexts } from '../../lib/locale.js';
import { describeError } from '../../ui/states.js';

/** Says how many of something the cart can have. @param {import('../../lib/locale.js').Texts} texts @param {any} error */
function describeLimit({ store: { cart } }, { details: [detail] = [] }) {
  if (detail?.limit === undefined) return undefined;
  return detail.message.startsWith('at least') ? cart.minimum(detail.limit) : cart.limit(detail.limit);
}

/** Returns what a refusal of the cart says to a person. @param {import('../../lib/locale.js').Texts} texts @param {any} error */
export function describeCartError(texts, error) {
  const { refusals } = texts.store.cart;
  if (error.code === 'QUANTITY_LIMIT') return describeLimit(texts, error) ?? refusals.QUANTITY_LIMIT;
  if (error.details?.[0]?.path === 'seatIds') return refusals.SEATS;
  return /** @type {Record<string, string>} */ (refusals)[error.code] ?? describeError(texts, error);
}

/** A refusal of the cart beside what caused it. @param {{ error: any, id?: string }} props */
export function CartProblem({ error, id }) {
  const texts = useTexts();
  return html`<p class="problem" role="alert" id=${id}>${error ? describeCartError(texts, error) : ''}</p>`;
}

// The cart: of the account, or signed out of a token that the browser keeps.
import { call, post } from './api.js';
import { getKept, keep } from './kept-cart.js';
import { getToken, renewSession } from './session.js';

/** @typedef {import('#types').Cart} Cart */

/** One request at a time, in all tabs: the first item makes the cart, and the others must know its token. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
const inTurn = (work) =>
  /** @type {Promise<T>} */ (navigator.locks ? navigator.locks.request('bilten-cart', work) : work());

const countUnits = (/** @type {Cart} */ { items }) => items.reduce((sum, { quantity }) => sum + quantity, 0);

/** Adds the cart from before signing in to that of the account. It is kept if the two cannot be one. */
async function mergeKept() {
  const { token, conflict } = getKept();
  if (!token || conflict || !getToken()) return;
  try {
    await post('/api/cart/merge', { cartToken: token });
    keep({ token: undefined });
  } catch (/** @type {any} */ error) {
    if (error.code === 'NOT_FOUND') keep({ token: undefined });
    else if (['CURRENCY_MISMATCH', 'QUANTITY_LIMIT'].includes(error.code)) keep({ conflict: error.code });
    else throw error;
  }
}

/** @param {string} method @param {string} path @param {import('./api.js').Request} [request] @returns {Promise<Cart>} */
async function send(method, path, request) {
  await renewSession();
  await mergeKept();
  const isOfAccount = getToken() !== undefined;
  const cartToken = isOfAccount ? undefined : getKept().token;
  const { data } = await call(method, `/api/cart${path}`, { ...request, cartToken });
  keep({ count: countUnits(data), isOfAccount, ...(data.cartToken && { token: data.cartToken }) });
  if (data.items.length > 0 || !getKept().conflict) return data;
  // Nothing is in the way of the other cart any more.
  keep({ conflict: undefined });
  return send('GET', '', {});
}

/** @param {Record<string, unknown>} [query] where to ship to, and how */
export const getCart = (query) => inTurn(() => send('GET', '', { query }));

/** @param {{ productId?: number, ticketTypeId?: number, quantity: number, seatIds?: number[] }} item */
export const addItem = (item) => inTurn(() => send('POST', '/items', { body: item }));

/** @param {number} id @param {number} quantity */
export const changeItem = (id, quantity) => inTurn(() => send('PUT', `/items/${id}`, { body: { quantity } }));

/** @param {number} id */
export const removeItem = (id) => inTurn(() => send('DELETE', `/items/${id}`));

export const emptyCart = () => inTurn(() => send('DELETE', ''));

/** @param {string | null} discountCode */
export const setDiscountCode = (discountCode) => inTurn(() => send('PUT', '', { body: { discountCode } }));

// What the browser keeps of the cart: the token of one that was filled signed out, and how much is in it. The header shows this, so
// that the server can send the same page to everybody.
import { seemsSignedIn, watchSession } from './session.js';

const KEY = 'bilten-cart';

/**
 * @typedef {object} KeptCart
 * @property {number} count of units
 * @property {string} [token] of a cart that is not in the account yet
 * @property {boolean} [isOfAccount] `count` is that of the account's cart
 * @property {string} [conflict] the code of the refusal to merge the cart with the token into the account's
 */

/** @type {Set<() => void>} */
const watchers = new Set();

/** @returns {KeptCart} */
export function getKept() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '') ?? { count: 0 };
  } catch {
    return { count: 0 };
  }
}

/** @param {Partial<KeptCart>} changes */
export function keep(changes) {
  localStorage.setItem(KEY, JSON.stringify({ ...getKept(), ...changes }));
  watchers.forEach((watcher) => watcher());
}

/** Brings the cart into the account after signing in, and forgets it after signing out. */
function followSession() {
  const { isOfAccount, conflict } = getKept();
  if (!seemsSignedIn() && (isOfAccount || conflict)) keep({ count: 0, isOfAccount: false, conflict: undefined });
  else if (seemsSignedIn() && !isOfAccount)
    // The header shows what it knows until the server can be reached.
    void import('./cart.js').then(({ getCart }) => getCart()).catch(() => undefined);
}

/** Calls back when the kept cart changes, in this tab or another. @param {() => void} watcher */
export function watchKept(watcher) {
  watchers.add(watcher);
  addEventListener('storage', watcher);
  const unwatch = watchSession(followSession);
  followSession();
  return () => {
    watchers.delete(watcher);
    removeEventListener('storage', watcher);
    unwatch();
  };
}

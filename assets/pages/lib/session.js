// The session of the browser. The access token is only in memory; the refresh token is in a cookie that scripts cannot read,
// and POST /session exchanges it.

/** @type {string | undefined} */
let token;
/** @type {any} */
let user;
/** @type {Promise<void> | undefined} */
let renewing;
/** @type {Set<() => void>} */
const watchers = new Set();

const isBrowser = typeof document !== 'undefined';
const channel = isBrowser ? new BroadcastChannel('bilten-session') : undefined;

/** Where the door's phone keeps the list of an event: only as long as somebody is signed in. */
export const LIST_DATABASE = 'bilten-door';

export const getToken = () => token;
export const getUser = () => user;

/** True if the cookies say that there is a session. */
export const seemsSignedIn = () => isBrowser && /(?:^|;\s*)bilten_signed_in=1/.test(document.cookie);

/** Calls back whenever somebody signs in or out, in this tab or another. @param {() => void} watcher */
export function watchSession(watcher) {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

const tell = () => watchers.forEach((watcher) => watcher());

/** @param {string | undefined} next */
function setToken(next) {
  const wasSignedIn = token !== undefined;
  token = next;
  if (next === undefined) user = undefined;
  if (wasSignedIn !== (next !== undefined)) tell();
}

if (channel)
  channel.onmessage = ({ data }) => {
    if (data === 'out') setToken(undefined);
    else if (!token) tell();
  };

/** Deletes the list of the door. */
export const forgetDoor = () => void indexedDB.deleteDatabase(LIST_DATABASE);

/** @param {object} [body] */
async function exchange(body) {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  if (!response.ok) throw new Error(`The session could not be renewed: ${response.status}`);
  const { data } = await response.json();
  setToken(data.token ?? undefined);
}

/** One tab at a time: the others then find the new token in the cookie. */
const inTurn = (/** @type {() => Promise<void>} */ work) =>
  navigator.locks ? navigator.locks.request('bilten-session', work) : work();

/** Gets an access token if the browser has a session; concurrent callers share one request. @param {{ isExpired?: boolean }} [options] */
export function renewSession({ isExpired = false } = {}) {
  if (!isExpired && (token || !seemsSignedIn())) return Promise.resolve();
  // Without the server the session is neither known nor over; the request that follows reports it.
  renewing ??= Promise.resolve(inTurn(() => exchange()))
    .catch(() => undefined)
    .finally(() => (renewing = undefined));
  return renewing;
}

/** @param {{ token: string, refreshToken: string, user: any }} signedIn as the API returned it */
export async function startSession(signedIn) {
  user = signedIn.user;
  await exchange({ refreshToken: signedIn.refreshToken });
  channel?.postMessage('in');
  tell();
}

/** Forgets the session here and in other tabs. @param {{ isOver?: boolean }} [options] `isOver` if the API has ended it already */
export async function endSession({ isOver = false } = {}) {
  const used = isOver ? undefined : token;
  const headers = used ? { Authorization: `Bearer ${used}` } : undefined;
  await Promise.allSettled([
    used && fetch('/api/auth/logout', { method: 'POST', headers }),
    fetch('/session', { method: 'DELETE' }),
  ]);
  channel?.postMessage('out');
  setToken(undefined);
  forgetDoor();
  tell();
}

/** @param {any} profile */
export function setUser(profile) {
  user = profile;
  tell();
}

// Who is signed in. The access token is only ever in memory. The refresh token is in this tab's sessionStorage, so that a reload
// doesn't sign out and closing the tab does; other open tabs are given the session, and every new pair, by a channel of this origin.
const KEY = 'bilten-refresh';
const channel = new BroadcastChannel('bilten-session');

let token;
let refreshToken = sessionStorage.getItem(KEY);
let refreshing;
const watchers = new Set();

/** Calls back when the session has ended, in this tab or another. */
export const onEnd = (callback) => watchers.add(callback);

function keep(pair) {
  ({ token, refreshToken } = pair);
  sessionStorage.setItem(KEY, refreshToken);
}

function forget(reason) {
  token = undefined;
  refreshToken = null;
  sessionStorage.removeItem(KEY);
  for (const callback of watchers) callback(reason);
}

channel.onmessage = ({ data }) => {
  if (data.ask && refreshToken) channel.postMessage({ pair: { token, refreshToken } });
  else if (data.ended && refreshToken) forget();
  else if (data.pair && (data.spent === undefined || data.spent === refreshToken)) {
    if (data.spent !== undefined || !refreshToken) keep(data.pair);
  }
};

const failure = (status, { code, message } = {}) =>
  Object.assign(new Error(message ?? 'The server did not answer as expected. Try again in a moment.'), {
    status,
    code,
  });

const WORDS = {
  INVALID_CREDENTIALS: () => 'That email and password don’t belong together.',
  ACCOUNT_SUSPENDED: () => 'This account is suspended.',
  FORBIDDEN: () => 'Your account may not do this.',
  RATE_LIMITED: (seconds) => `Too many tries. Try again in ${Math.max(1, Math.ceil(seconds / 60))} min.`,
};

async function send(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) }).catch(() => {
    throw failure(0, { message: 'The server can’t be reached. Is there a connection?' });
  });
  const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = failure(response.status, answer.error);
  const words = WORDS[error.code];
  if (words) error.message = words(Number(response.headers.get('Retry-After') ?? 60));
  throw error;
}

async function refreshOnce() {
  const spent = refreshToken;
  try {
    const { data } = await send('POST', '/api/auth/refresh', { refreshToken: spent });
    keep(data);
    channel.postMessage({ pair: { token, refreshToken }, spent });
  } catch (error) {
    if (error.status === 0 || error.status >= 500 || error.status === 429) throw error;
    forget('Your session has ended. Sign in again.');
    throw error;
  }
}

/** A new pair; all who need one share it. */
export function refresh() {
  refreshing ??= refreshOnce().finally(() => (refreshing = undefined));
  return refreshing;
}

/** Calls the API, renewing the access token when it has run out. Gives the whole answer. @throws Error with words for a person */
export async function call(method, path, body) {
  const used = token;
  try {
    if (!token && refreshToken) await refresh();
    return await send(method, path, body);
  } catch (error) {
    if (error.code === 'ACCOUNT_SUSPENDED') forget(error.message);
    if (error.status !== 401 || !refreshToken) throw error;
    if (token === used) await refresh();
    return send(method, path, body);
  }
}

export const get = async (path, query = {}) => {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return call('GET', set.length > 0 ? `${path}?${new URLSearchParams(set)}` : path);
};

export const currentToken = () => token;

/** @throws Error with words for a person */
export async function signIn(email, password) {
  const { data } = await send('POST', '/api/auth/login', { email, password });
  if (data.user.role === 'customer') {
    token = data.token;
    await send('POST', '/api/auth/logout').catch(() => undefined);
    token = undefined;
    throw new Error('This page is for organizers and admins.');
  }
  keep(data);
  return data.user;
}

/** Goes on where this tab, or another that is open, has signed in. Undefined where nobody has. */
export async function resume() {
  if (!refreshToken) {
    channel.postMessage({ ask: true });
    // Another tab answers within moments or not at all.
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  if (!refreshToken) return undefined;
  const { data } = await get('/api/auth/profile');
  return data;
}

export async function signOut() {
  // The queue board's cookie goes with the session it belongs to.
  await Promise.allSettled([call('DELETE', '/admin/queues/session'), call('POST', '/api/auth/logout')]);
  channel.postMessage({ ended: true });
  forget();
}

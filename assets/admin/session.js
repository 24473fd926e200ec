// The session. The access token is kept only in memory. The refresh token is in the sessionStorage of this tab, so that a reload
// keeps the session and closing the tab ends it. Other open tabs receive the session, and every new pair of tokens, over a
// BroadcastChannel.
const KEY = 'bilten-refresh';
const channel = new BroadcastChannel('bilten-session');

let token;
let refreshToken = sessionStorage.getItem(KEY);
let refreshing;
const watchers = new Set();

/** Calls back when the session ends, in this tab or another. */
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

/** Requests a new pair of tokens; concurrent callers share one request. */
export function refresh() {
  refreshing ??= refreshOnce().finally(() => (refreshing = undefined));
  return refreshing;
}

/** Calls the API, renewing an expired access token. Returns the whole response. @throws Error with a message for people */
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

/** Signs in. @throws Error with a message for people */
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

/** Resumes the session of this tab or of another open tab. Returns undefined if there is none. */
export async function resume() {
  if (!refreshToken) {
    channel.postMessage({ ask: true });
    // If another tab has the session, it responds almost immediately.
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  if (!refreshToken) return undefined;
  const { data } = await get('/api/auth/profile');
  return data;
}

export async function signOut() {
  // The cookie of the queue board ends with its session.
  await Promise.allSettled([call('DELETE', '/admin/queues/session'), call('POST', '/api/auth/logout')]);
  channel.postMessage({ ended: true });
  forget();
}

import { getToken, renewSession } from './session.js';

/**
 * @typedef {object} Request
 * @property {Record<string, unknown>} [query]
 * @property {object} [body] JSON, or a FormData with files
 * @property {string} [idempotencyKey]
 * @property {string} [ifMatch] the ETag of what is changed
 * @property {AbortSignal} [signal]
 * @property {boolean} [isPublic] Sent without a token even if signed in
 * @property {string} [cartToken] of a cart that was filled signed out
 */

/** A refusal or failure of the API; status 0 if the server could not be reached. */
export class ApiError extends Error {
  /** @param {number} status @param {{ code?: string, message?: string, details?: any }} [error] @param {number} [retryAfter] */
  constructor(status, { code = status === 0 ? 'OFFLINE' : 'UNEXPECTED', message = code, details } = {}, retryAfter) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
    this.retryAfter = retryAfter;
  }
}

/** @param {string} path @param {Record<string, unknown>} [query] */
function toUrl(path, query = {}) {
  const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (set.length === 0) return path;
  return `${path}?${new URLSearchParams(set.map(([name, value]) => [name, String(value)]))}`;
}

/** @param {string} method @param {string} path @param {Request} request @returns {Promise<Response>} */
async function send(method, path, { query, body, idempotencyKey, ifMatch, signal, isPublic, cartToken }) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  const token = isPublic ? undefined : getToken();
  if (token) headers.Authorization = `Bearer ${token}`;
  const isForm = body instanceof FormData;
  if (body && !isForm) headers['Content-Type'] = 'application/json';
  if (cartToken) headers['X-Cart-Token'] = cartToken;
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;
  if (ifMatch) headers['If-Match'] = ifMatch;
  const content = isForm ? body : body && JSON.stringify(body);
  const sent = fetch(toUrl(path, query), { method, headers, signal, body: content });
  const response = await sent.catch((error) => {
    throw error.name === 'AbortError' ? error : new ApiError(0);
  });
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({}));
  throw new ApiError(response.status, error, Number(response.headers.get('Retry-After')) || undefined);
}

/**
 * Calls the API with the access token of the session, which is renewed if it has expired.
 * @param {string} method @param {string} path @param {Request} [request] @returns {Promise<Response>}
 */
async function request(method, path, request = {}) {
  if (!request.isPublic && !getToken()) await renewSession();
  const used = getToken();
  try {
    return await send(method, path, request);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || !used || request.isPublic) throw error;
    if (getToken() === used) await renewSession({ isExpired: true });
    return send(method, path, request);
  }
}

/** Calls the API and returns the whole response. @param {string} method @param {string} path @param {Request} [options] @returns {Promise<any>} */
export async function call(method, path, options) {
  const response = await request(method, path, options);
  return response.status === 204 ? undefined : response.json();
}

/** @param {string} path @param {Record<string, unknown>} [query] @param {Request} [options] @returns {Promise<any>} the data */
export const get = async (path, query, options) => (await call('GET', path, { query, ...options })).data;

/** Gets something together with its ETag, which goes into `ifMatch` when it is changed. @param {string} path @returns {Promise<{ data: any, etag: string | undefined }>} */
export async function getTagged(path) {
  const response = await request('GET', path);
  return { data: (await response.json()).data, etag: response.headers.get('ETag') ?? undefined };
}

/** @param {string} path @param {object} [body] @param {Request} [options] @returns {Promise<any>} the data */
export const post = async (path, body, options) => (await call('POST', path, { body, ...options }))?.data;

/** @param {string} path @param {object} body @param {Request} [options] @returns {Promise<any>} the data */
export const put = async (path, body, options) => (await call('PUT', path, { body, ...options })).data;

/** @param {string} path @param {object} [body] */
export const remove = (path, body) => call('DELETE', path, { body });

/** Lists a page of results. @param {string} path @param {Record<string, unknown>} [query] @returns {Promise<{ data: any[], pagination: any }>} */
export const list = (path, query) => call('GET', path, { query });

/** Downloads a document that only the signed-in user can read. @param {string} path @param {string} filename @param {Record<string, unknown>} [query] */
export async function download(path, filename, query) {
  const response = await request('GET', path, { query });
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** Starts a download whose path redirects to a link that works by itself, so that the browser stores it without holding it in memory. @param {string} path */
export async function downloadByLink(path) {
  const reading = new AbortController();
  const { url } = await request('GET', path, { signal: reading.signal });
  reading.abort();
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}

/** @type {WeakMap<File, import('#types').File>} */
const uploaded = new WeakMap();

/** Uploads a chosen file of the signed-in user, once however often the form is sent. @param {File} file @returns {Promise<import('#types').File>} */
export async function upload(file) {
  const known = uploaded.get(file);
  if (known) return known;
  const body = new FormData();
  body.append('file', file, file.name);
  const stored = await post('/api/files', body, { idempotencyKey: createKey() });
  uploaded.set(file, stored);
  return stored;
}

/** Uploads files one after the other. @param {File[]} files @returns {Promise<number[]>} their ids */
export async function uploadAll(files) {
  const ids = [];
  for (const file of files) ids.push((await upload(file)).id);
  return ids;
}

/** A key that identifies one attempt of the user, however often it is sent. */
export const createKey = () => crypto.randomUUID();

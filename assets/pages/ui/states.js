import { html } from '../lib/html.js';
import { useTexts } from '../lib/locale.js';

/** Returns what an error says to a person. @param {import('../lib/locale.js').Texts} texts @param {any} error */
export function describeError({ errors, tooMany }, error) {
  if (error.code === 'RATE_LIMITED') return tooMany(Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60)));
  const known = /** @type {Record<string, string>} */ (errors)[error.code];
  if (known) return known;
  // The API explains invalid input in English; better than nothing in another language.
  return error.status >= 400 && error.status < 500 ? error.message : errors.UNEXPECTED;
}

/** A refusal beside what caused it. @param {{ error: any, id?: string }} props */
export function Problem({ error, id }) {
  const texts = useTexts();
  return html`<p class="problem" role="alert" id=${id}>${error ? describeError(texts, error) : ''}</p>`;
}

/** @param {{ label?: string }} props */
export function Loading({ label }) {
  const { states } = useTexts();
  return html`<p class="loading" role="status">
    <span class="spinner" aria-hidden="true"></span>${label ?? states.loading}
  </p>`;
}

/** What could not be loaded, with a way to try again. @param {{ error: any, retry: () => void }} props */
export function Failure({ error, retry }) {
  const texts = useTexts();
  return html`<div class="card failure" role="alert">
    <p>${describeError(texts, error)}</p>
    <button type="button" onClick=${retry}>${texts.states.retry}</button>
  </div>`;
}

/** @param {{ text: string, children?: any }} props */
export function Empty({ text, children }) {
  return html`<div class="empty">
    <p>${text}</p>
    ${children}
  </div>`;
}

/**
 * Shows what `useLoad` returned: loading, the failure with a retry, nothing there, or the data.
 * @param {{ from: any, empty?: string, isEmpty?: (data: any) => boolean, children: (data: any) => any }} props
 */
export function Loaded({ from, empty, isEmpty = (data) => Array.isArray(data) && data.length === 0, children }) {
  const { data, error, isLoading, reload } = from;
  if (error) return html`<${Failure} error=${error} retry=${reload} />`;
  if (data === undefined) return html`<${Loading} />`;
  if (empty && isEmpty(data)) return html`<${Empty} text=${empty} />`;
  return html`<div aria-busy=${isLoading ? 'true' : undefined}>${children(data)}</div>`;
}

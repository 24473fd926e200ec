import { useId } from 'preact/hooks';
import { html } from '../lib/html.js';

/** @param {string} id @param {string | undefined} hint @param {string | undefined} error */
const describe = (id, hint, error) => ({
  'aria-invalid': error ? 'true' : undefined,
  'aria-describedby': [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined,
});

/** @param {{ id: string, label: string, hint?: string, error?: string, class?: string, children?: any }} props */
const Labelled = ({ id, label, hint, error, class: className = '', children }) =>
  html`<div class=${`field ${className}`}>
    <label for=${id}>${label}</label>
    ${children} ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="problem" id=${`${id}-error`}>${error}</p>`}
  </div>`;

/**
 * A labelled input with its hint and its error.
 * @param {{ label: string, hint?: string, error?: string, name: string, type?: string, [attribute: string]: any }} props
 */
export function Field({ label, hint, error, type = 'text', class: className, ...input }) {
  const id = useId();
  return html`<${Labelled} ...${{ id, label, hint, error, class: className }}>
    <input id=${id} type=${type} ...${describe(id, hint, error)} ...${input} />
  <//>`;
}

/** @param {{ label: string, hint?: string, error?: string, name: string, [attribute: string]: any }} props */
export function TextArea({ label, hint, error, class: className, ...area }) {
  const id = useId();
  return html`<${Labelled} ...${{ id, label, hint, error, class: className }}>
    <textarea id=${id} rows="4" ...${describe(id, hint, error)} ...${area}></textarea>
  <//>`;
}

/** @param {{ label: string, hint?: string, error?: string, name: string, options: [value: string, label: string][], value?: string, [attribute: string]: any }} props */
export function Select({ label, hint, error, options, value, class: className, ...select }) {
  const id = useId();
  return html`<${Labelled} ...${{ id, label, hint, error, class: className }}>
    <select id=${id} ...${describe(id, hint, error)} ...${select}>
      ${options.map(([code, text]) => html`<option value=${code} selected=${code === value}>${text}</option>`)}
    </select>
  <//>`;
}

/** @param {{ label: any, hint?: string, error?: string, [attribute: string]: any }} props */
export function Checkbox({ label, hint, error, ...input }) {
  const id = useId();
  return html`<div class="check">
    <input id=${id} type="checkbox" ...${describe(id, hint, error)} ...${input} /> <label for=${id}>${label}</label>
    ${hint && html`<p class="hint" id=${`${id}-hint`}>${hint}</p>`}
    ${error && html`<p class="problem" id=${`${id}-error`}>${error}</p>`}
  </div>`;
}

/** A number that buttons change by one. @param {{ label: string, value: number, min?: number, max: number, onChange: (value: number) => void, texts: { fewer: string, more: string } }} props */
export function Stepper({ label, value, min = 0, max, onChange, texts }) {
  const id = useId();
  const set = (/** @type {number} */ next) => onChange(Math.min(max, Math.max(min, Math.trunc(next) || min)));
  return html`<div class="stepper" role="group" aria-label=${label}>
    <button
      type="button"
      aria-label=${`${texts.fewer}: ${label}`}
      disabled=${value <= min}
      onClick=${() => set(value - 1)}
    >
      −
    </button>
    <input
      id=${id}
      aria-label=${label}
      inputmode="numeric"
      autocomplete="off"
      value=${value}
      onChange=${(/** @type {any} */ event) => set(Number(event.target.value))}
    />
    <button
      type="button"
      aria-label=${`${texts.more}: ${label}`}
      disabled=${value >= max}
      onClick=${() => set(value + 1)}
    >
      +
    </button>
  </div>`;
}

/** Returns the values of a form by name, without empty ones. @param {Event} event a submit, which it stops @returns {Record<string, string>} */
export function readForm(event) {
  event.preventDefault();
  const entries = [...new FormData(/** @type {HTMLFormElement} */ (event.currentTarget))];
  return Object.fromEntries(entries.filter(([, value]) => value !== '').map(([name, value]) => [name, String(value)]));
}

import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';

/** @param {{ tone?: 'calm' | 'good' | 'warn' | 'bad', children?: any }} props */
export const Tag = ({ tone = 'calm', children }) => html`<span class=${`tag ${tone}`}>${children}</span>`;

/** @param {{ tone?: 'calm' | 'good' | 'warn' | 'bad', role?: string, children?: any }} props */
export const Notice = ({ tone = 'calm', role, children }) =>
  html`<div class=${`note ${tone}`} role=${role}>${children}</div>`;

/** A card with a title. @param {{ title: string, level?: 2 | 3, children?: any, class?: string }} props */
export function Card({ title, level = 2, children, class: className = '' }) {
  return html`<section class=${`card ${className}`}><${`h${level}`}>${title}<//>${children}</section>`;
}

/** @param {{ caption: string, head: (string | [name: string, className: string])[], children?: any }} props a column of numbers has the class `number` */
export function Table({ caption, head, children }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}>
    <table>
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((column) => {
            const [name, className] = typeof column === 'string' ? [column] : column;
            return html`<th scope="col" class=${className}>${name}</th>`;
          })}
        </tr>
      </thead>
      <tbody>
        ${children}
      </tbody>
    </table>
  </div>`;
}

/** Links or buttons to the previous and next page. @param {{ pagination: { page: number, pages: number }, href?: (page: number) => string, onPage?: (page: number) => void }} props */
export function Pager({ pagination: { page, pages }, href, onPage }) {
  const { pager } = useTexts();
  const { count } = useFormat();
  if (pages <= 1) return null;
  const step = (/** @type {string} */ text, /** @type {number} */ target, /** @type {string} */ rel) => {
    if (target < 1 || target > pages) return null;
    return href
      ? html`<a class="button" rel=${rel} href=${href(target)}>${text}</a>`
      : html`<button type="button" onClick=${() => onPage?.(target)}>${text}</button>`;
  };
  return html`<nav class="pager" aria-label=${pager.label}>
    ${step(pager.previous, page - 1, 'prev')}
    <span class="muted">${pager.place(count(page), count(pages))}</span>
    ${step(pager.next, page + 1, 'next')}
  </nav>`;
}

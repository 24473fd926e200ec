import { html } from '../lib/html.js';

/** Something that waits, as a number beside a link. @param {{ count: number, label: string }} props */
export const Badge = ({ count, label }) =>
  count > 0
    ? html`<span class="badge"
        ><span aria-hidden="true">${count > 99 ? '99+' : count}</span><span class="unseen">${label}</span></span
      >`
    : null;

/** One number with its name, and what explains it. @param {{ title: string, value: any, hint?: any, tone?: 'good' | 'warn' | 'bad', href?: string }} props */
export function Figure({ title, value, hint, tone, href }) {
  return html`<div class="figure">
    <dt>${href ? html`<a href=${href}>${title}</a>` : title}</dt>
    <dd class=${`value ${tone ?? ''}`}>${value}</dd>
    ${hint && html`<dd class="muted fine">${hint}</dd>`}
  </div>`;
}

/** @param {{ children?: any }} props figures */
export const Figures = ({ children }) => html`<dl class="figures">${children}</dl>`;

/** Names and values of a thing, such as an account. @param {{ facts: [name: string, value: any][] }} props those without a value are left out */
export const Facts = ({ facts }) =>
  html`<dl class="facts">
    ${facts
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
  </dl>`;

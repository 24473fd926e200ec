import { useEffect } from 'preact/hooks';
import { html } from '../../lib/html.js';

/** The title of a section, for the page and the browser, and what can be done with all of it. @param {{ title: string, hint?: any, back?: [href: string, title: string], children?: any }} props */
export function DeskHead({ title, hint, back, children }) {
  useEffect(() => {
    document.title = `${title} · Bilten`;
  }, [title]);
  return html`<div class="head">
    <div>
      ${back && html`<p class="fine"><a href=${back[0]}>← ${back[1]}</a></p>`}
      <h1>${title}</h1>
      ${hint && html`<p class="muted">${hint}</p>`}
    </div>
    ${children && html`<div class="row">${children}</div>`}
  </div>`;
}

import { html } from '../../lib/html.js';
import { Failure, Loading } from '../../ui/states.js';
import { DeskHead } from './desk-head.js';

/**
 * A page about one thing: its loading, its failure, or the thing. What was loaded stays, with what was typed into it, if it cannot
 * be loaded again.
 * @param {{ from: any, title: string, back: [href: string, title: string], children: (data: any) => any }} props `title` is shown until it is loaded
 */
export function LoadedPage({ from: { data, error, reload }, title, back, children }) {
  if (data === undefined)
    return html`<${DeskHead} title=${title} back=${back} />
      ${error ? html`<${Failure} error=${error} retry=${reload} />` : html`<${Loading} />`}`;
  return html`<div class="part">
    ${children(data)} ${error && html`<${Failure} error=${error} retry=${reload} />`}
  </div>`;
}

import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { Notice } from './parts.js';
import { describeError, Failure, Loading } from './states.js';

/** Shows what `usePolled` returned. If it fails later, what was loaded stays, and the page says how old it is. @param {{ from: any, children: (data: any) => any }} props */
export function Polled({ from: { data, error, loadedAt, reload }, children }) {
  const texts = useTexts();
  const { moment } = useFormat();
  if (data === undefined) return error ? html`<${Failure} error=${error} retry=${reload} />` : html`<${Loading} />`;
  const age = error && moment(new Date(loadedAt).toISOString());
  return html`${
    error &&
    html`<${Notice} tone="bad" role="alert">
      <p>${describeError(texts, error)} ${texts.desk.asOf(age)}</p>
      <button type="button" class="small" onClick=${reload}>${texts.states.retry}</button>
    <//>`
  }
  ${children(data)}`;
}

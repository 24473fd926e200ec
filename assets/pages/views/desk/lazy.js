import { ApiError } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useLoad } from '../../lib/use-load.js';
import { Failure, Loading } from '../../ui/states.js';
import { DeskHead } from './desk-head.js';

/** A component whose module is imported when it is first shown. @param {{ load: () => Promise<any>, title?: string, [prop: string]: any }} props `title` is shown until it is there */
export function Lazy({ load, title, ...props }) {
  const { data, error, reload } = useLoad(
    () =>
      load().catch(() => {
        throw new ApiError(0);
      }),
    [load],
  );
  if (data) return html`<${data} ...${props} />`;
  return html`${title && html`<${DeskHead} title=${title} />`}
  ${error ? html`<${Failure} error=${error} retry=${reload} />` : html`<${Loading} />`}`;
}

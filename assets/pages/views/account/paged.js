import { useState } from 'preact/hooks';
import { list } from '../../lib/api.js';
import { html } from '../../lib/html.js';
import { useLoad } from '../../lib/use-load.js';
import { Pager } from '../../ui/parts.js';
import { Loaded } from '../../ui/states.js';

/** A list of the API, page by page. @param {{ path: string, query?: Record<string, unknown>, empty: string, children: (rows: any[], reload: () => void) => any }} props */
export function Paged({ path, query, empty, children }) {
  const [page, setPage] = useState(1);
  const loaded = useLoad(() => list(path, { ...query, page }), [path, page, JSON.stringify(query)]);
  return html`<${Loaded} from=${loaded} empty=${empty} isEmpty=${(/** @type {any} */ { data }) => data.length === 0}>
    ${(/** @type {any} */ { data, pagination }) =>
      html`${children(data, loaded.reload)} <${Pager} pagination=${pagination} onPage=${setPage} />`}
  <//>`;
}

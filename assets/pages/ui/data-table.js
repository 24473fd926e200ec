import { useEffect, useRef } from 'preact/hooks';
import { download, list } from '../lib/api.js';
import { html } from '../lib/html.js';
import { useFormat, useTexts } from '../lib/locale.js';
import { changeQuery, useLocation } from '../lib/location.js';
import { useAction, useLoad } from '../lib/use-load.js';
import { Filters, toApiQuery } from './filters.js';
import { Pager } from './parts.js';
import { Empty, Loaded, Problem } from './states.js';

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(row: any) => any} cell
 * @property {string} [sort] what the API calls it in `sort`
 * @property {boolean} [isNumber] aligned at the end
 */

/**
 * @typedef {object} TableProps
 * @property {string} caption
 * @property {string} path of a list in the API
 * @property {Record<string, unknown>} [query] parameters that the reader cannot change
 * @property {Column[]} columns the first one names the row
 * @property {import('./filters.js').Filter[]} [filters]
 * @property {(row: any) => string} [href] the page of a row
 * @property {(row: any, reload: () => Promise<void>) => any} [actions] buttons of a row
 * @property {{ path: string, filename: string }} [csv]
 * @property {string} empty what is shown if there is nothing at all
 * @property {string} [prefix] of the names in the address, if a page has several tables
 * @property {unknown} [version] loads the rows again when it changes
 * @property {(path: string, query: Record<string, unknown>) => Promise<{ data: any[], pagination: any }>} [load]
 */

/** Keeps page, sorting and filters in the address, so that it can be shared and the way back works. @param {string} prefix */
function useTableQuery(prefix) {
  const { query } = useLocation();
  const own = Object.entries(query).filter(([name]) => name.startsWith(prefix));
  const change = (/** @type {Record<string, unknown>} */ changes, isReplacing = false) =>
    changeQuery(Object.fromEntries(Object.entries(changes).map(([name, value]) => [prefix + name, value])), {
      isReplacing,
    });
  return {
    /** @type {Record<string, string>} */
    query: Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value])),
    change,
  };
}

/** @param {{ column: Column, query: Record<string, string>, onSort: (changes: object) => void }} props */
function Head({ column: { title, sort, isNumber }, query, onSort }) {
  const isSorted = sort !== undefined && query.sort === sort;
  const isDescending = query.order === 'desc';
  if (!sort) return html`<th scope="col" class=${isNumber ? 'number' : undefined}>${title}</th>`;
  return html`<th scope="col" aria-sort=${isSorted ? (isDescending ? 'descending' : 'ascending') : undefined}>
    <button
      type="button"
      class="sort"
      onClick=${() => onSort({ sort, order: isSorted && !isDescending ? 'desc' : 'asc' })}
    >
      ${title} <span aria-hidden="true">${isSorted ? (isDescending ? '↓' : '↑') : '↕'}</span>
    </button>
  </th>`;
}

/** @param {Pick<TableProps, 'columns' | 'href' | 'actions'> & { row: any, reload: () => Promise<void> }} props */
function Row({ columns: [first, ...others], href, actions, row, reload }) {
  const name = first?.cell(row);
  return html`<tr class=${href ? 'leads' : undefined} data-id=${row.id}>
    <th scope="row">${href ? html`<a href=${href(row)}>${name}</a>` : html`<span>${name}</span>`}</th>
    ${others.map(
      ({ title, cell, isNumber }) =>
        html`<td data-label=${title} class=${isNumber ? 'number' : undefined}><span>${cell(row) ?? '–'}</span></td>`,
    )}
    ${actions && html`<td class="row-actions">${actions(row, reload)}</td>`}
  </tr>`;
}

/** @param {TableProps & { query: Record<string, string>, onSort: (changes: object) => void, rows: any[], reload: () => Promise<void> }} props */
function Rows({ caption, columns, href, actions, query, onSort, rows, reload }) {
  const { table: texts } = useTexts().desk;
  return html`<table class="data">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => html`<${Head} key=${column.title} column=${column} query=${query} onSort=${onSort} />`)}
        ${actions && html`<th scope="col"><span class="unseen">${texts.actions}</span></th>`}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<${Row} key=${row.id} columns=${columns} href=${href} actions=${actions} row=${row} reload=${reload} />`,
      )}
    </tbody>
  </table>`;
}

/** Browsers report a connection a moment before it works. */
const ONLINE_DELAY_MS = 1000;

/** Loads again what failed once there is a connection. @param {{ error?: any, reload: () => Promise<void> }} loaded */
function useRetryOnline({ error, reload }) {
  useEffect(() => {
    if (!error) return undefined;
    /** @type {any} */
    let timer;
    const retry = () => (timer = setTimeout(reload, ONLINE_DELAY_MS));
    addEventListener('online', retry);
    return () => {
      clearTimeout(timer);
      removeEventListener('online', retry);
    };
  }, [error, reload]);
}

/** A list of the API as a table: pages, sorting and filters in the address, rows that lead to their page, and cards on a phone. @param {TableProps} props */
export function DataTable(props) {
  const { caption, path, query: fixed, filters = [], columns, csv, empty, prefix = '', version, load = list } = props;
  const { table: texts } = useTexts().desk;
  const { count } = useFormat();
  const { query, change } = useTableQuery(prefix);
  const sent = { ...toApiQuery(filters, query), ...fixed };
  const { page, sort, order } = query;
  const loaded = useLoad(
    () => load(path, { ...sent, page, sort, order }),
    [path, version, JSON.stringify([sent, page, sort, order])],
  );
  useRetryOnline(loaded);
  const exportRows = useAction(async () => csv && download(csv.path, csv.filename, sent));
  const describeTotal = (/** @type {any} */ { total, totalCapped }) =>
    totalCapped ? texts.foundMany(count(total)) : texts.found(total, count(total));
  const isFiltered = filters.some(({ name }) => query[name]);
  const reset = () => change({ ...Object.fromEntries(filters.map(({ name }) => [name, ''])), page: '' });
  const onSort = (/** @type {object} */ changes) => change({ ...changes, page: '' });
  const place = useRef(/** @type {HTMLElement | null} */ (null));
  return html`<section class="card data-card" aria-label=${caption} ref=${place} tabindex="-1">
    <${Filters} caption=${caption} filters=${filters} columns=${columns} query=${query} onChange=${change} />
    <div class="data-foot">
      <p class="muted fine" role="status">
        ${loaded.data && !loaded.error ? describeTotal(loaded.data.pagination) : ''}
      </p>
      ${
        csv &&
        html`<button type="button" class="small" disabled=${exportRows.isBusy} onClick=${exportRows.run}>
          ${texts.csv}
        </button>`
      }
    </div>
    <${Problem} error=${exportRows.error} />
    <${Loaded} from=${loaded}>
      ${(/** @type {{ data: any[], pagination: any }} */ { data, pagination }) =>
        data.length === 0
          ? html`<${Empty} text=${isFiltered ? texts.nothingFound : empty}>
              ${isFiltered && html`<p><button type="button" onClick=${reset}>${texts.reset}</button></p>`}
            <//>`
          : html`<${Rows} ...${props} query=${query} onSort=${onSort} rows=${data} reload=${loaded.reload} />
              <${Pager}
                pagination=${pagination}
                onPage=${(/** @type {number} */ next) => {
                  change({ page: next > 1 ? next : '' });
                  place.current?.focus();
                }}
              />`}
    <//>
  </section>`;
}
